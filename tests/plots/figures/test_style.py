"""Style: titles, names and files of all figures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from nnscratch.errors import UsageError
from nnscratch.plots.figures.style import (
    LOOKS,
    check_format,
    new_figure,
    panels,
    save_figure,
    save_png,
)
from tests.plots.figure_checks import title_of


def test_a_title_is_wrapped_to_the_width_of_its_figure() -> None:
    title = title_of(new_figure(2.0, 1.0, f"{'a word ' * 10}\n$x_{{1"))
    assert len(title.splitlines()) > 3
    assert max(map(len, title.splitlines())) <= 22
    assert title.splitlines()[-1] == "$x_{1"


def test_the_first_line_is_the_title_and_others_are_small_print() -> None:
    title, small = new_figure(6.0, 3.0, "Result\nrun-20260101\na note").texts
    assert (title.get_text(), small.get_text()) == ("Result", "run-20260101\na note")
    assert float(small.get_fontsize()) < float(title.get_fontsize())


def test_parts_of_the_data_differ_in_colour_and_in_dashes() -> None:
    assert set(LOOKS) == {"training", "validation", "validation, calibrated", "test"}
    assert len({look.color for look in LOOKS.values()}) == 4
    assert len({look.dashes for look in LOOKS.values()}) == 4


def test_a_file_has_the_pixels_in_fifty_shades(tmp_path: Path) -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[np.newaxis], 9, axis=0)
    save_png(Image.fromarray(np.stack([ramp, ramp, ramp], axis=2)), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        found = np.asarray(image)[0, :, 0].astype(int)
    assert (np.abs(found - np.arange(256)) <= 2).all()
    assert len({*found.tolist()}) == 52
    assert {0, 255} <= {*found.tolist()}  # white stays white, and black black


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


def test_a_png_is_drawn_and_laid_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    figure = new_figure(4.0, 3.0, "a title")
    figure.subplots().set_xlabel("x")
    layout = figure.get_layout_engine()
    assert layout
    for owner, name in ((Figure, "draw"), (type(layout), "execute"), (Axes, "get_tightbbox")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name), calls))
    save_figure(figure, tmp_path / "a.png")
    assert (calls.count("draw"), calls.count("execute")) == (1, 1)
    assert "get_tightbbox" not in calls  # which makes all ticks, only to measure them
    with Image.open(tmp_path / "a.png") as image:
        assert (image.mode, image.size) == ("RGB", (480, 360))
        assert image.info["dpi"] == pytest.approx((120, 120), abs=0.1)


def counted(function: Callable[..., object], calls: list[str]) -> Callable[..., object]:
    def call(*arguments: object, **options: object) -> object:
        calls.append(function.__name__)
        return function(*arguments, **options)

    return call
