"""Style: titles, names and files of all figures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from nnscratch.errors import UsageError
from nnscratch.plots.figures.style import (
    check_format,
    new_figure,
    panels,
    save_figure,
    wrap_lines,
)
from tests.plots.figure_checks import title_of


def test_lines_are_wrapped_and_empty_ones_kept() -> None:
    assert wrap_lines("one two\n\nthree", 4) == ["one", "two", "", "thre", "e"]


def test_wide_characters_count_twice() -> None:
    assert wrap_lines("日本語日本語 ab", 8) == ["日本語日", "本語 ab"]


def test_a_title_is_wrapped_to_the_width_of_its_figure() -> None:
    title = title_of(new_figure(2.0, 1.0, "a word " * 10, "$x_{1"))
    assert max(map(len, title.splitlines())) <= 22
    assert title.splitlines()[-1] == "$x_{1"


def test_panels_that_are_not_needed_are_hidden() -> None:
    figure = new_figure(4.0, 4.0)
    assert len(panels(figure, 5, columns=3)) == 5
    assert [axes.get_visible() for axes in figure.axes] == [True] * 5 + [False]


def test_a_figure_is_written_in_the_format_of_its_suffix_and_never_over_a_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.SVG"
    save_figure(new_figure(1.0, 1.0), path, exclusive=True)
    assert b"<svg" in path.read_bytes()
    with pytest.raises(FileExistsError):
        save_figure(new_figure(1.0, 1.0), path, exclusive=True)


@pytest.mark.parametrize("name", ["a", "a.jpg", "png", "a.png.txt"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"must end in \.png or \.svg"):
        check_format(Path(name), ["png", "svg"])


@pytest.mark.parametrize("nested", [False, True])
def test_a_png_is_drawn_and_laid_out_once(
    nested: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    figure = new_figure(4.0, 3.0, "a title", nested=nested)
    figure.subplots().set_xlabel("x")
    layout = figure.get_layout_engine()
    assert layout
    for owner, name in ((Figure, "draw"), (type(layout), "execute"), (Axes, "get_tightbbox")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name), calls))
    save_figure(figure, tmp_path / "a.png")
    assert (calls.count("draw"), calls.count("execute")) == (1, 1)
    # matplotlib's constrained layout measures all twice.
    assert calls.count("get_tightbbox") == (2 if nested else 1)
    with Image.open(tmp_path / "a.png") as image:
        assert (image.mode, image.size) == ("RGB", (480, 360))
        assert image.info["dpi"] == pytest.approx((120, 120), abs=0.1)


def counted(function: Callable[..., object], calls: list[str]) -> Callable[..., object]:
    def call(*arguments: object, **options: object) -> object:
        calls.append(function.__name__)
        return function(*arguments, **options)

    return call
