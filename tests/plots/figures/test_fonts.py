"""Names in any script: with a font that has them, or with one warning that says what is missing."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nnscratch.plots.figures import fonts
from nnscratch.plots.figures.fonts import MissingGlyphsWarning, draw_with_fonts, taking_warnings
from nnscratch.plots.figures.style import Figure, new_figure


def make_font(path: Path, family: str, characters: str) -> str:
    """Writes a font whose characters are black squares, and returns its file."""
    names = [".notdef", *(f"u{ord(c)}" for c in characters)]
    pen = TTGlyphPen(None)
    corners = [(0, 0), (0, 1000), (1000, 1000), (1000, 0)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c)}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return str(path)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The files of the fonts that are installed: none but those that a test adds."""
    files: list[str] = []
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: files)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist])
    fonts.find_families.cache_clear()
    yield files
    fonts.find_families.cache_clear()


def figure_of(text: str) -> tuple[Figure, FigureCanvasAgg]:
    figure = new_figure(2.0, 1.0)
    figure.text(0.1, 0.3, text, fontsize=20)
    return figure, FigureCanvasAgg(figure)


def black_pixels(canvas: FigureCanvasAgg) -> int:
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]
    return int((pixels < 50).all(axis=2).sum())


def test_characters_that_no_font_has_are_named_in_one_warning() -> None:
    figure, canvas = figure_of("a \U0001f408 \u65e5 λ ж")
    with pytest.warns(
        MissingGlyphsWarning, match="no installed font has \u65e5, \U0001f408,"
    ) as got:
        draw_with_fonts(figure, canvas.draw)
    assert len(got) == 1


def test_an_installed_font_that_has_them_is_used(installed: list[str], tmp_path: Path) -> None:
    installed.append(make_font(tmp_path / "Empty-Regular.ttf", "Empty", "x"))
    installed.append(make_font(tmp_path / "Squares-Regular.ttf", "Squares", "\u65e5\u672c"))
    figure, canvas = figure_of("\u65e5\u672c")
    draw_with_fonts(figure, canvas.draw)  # a warning would be an error
    # Two squares of 20 points at 120 dots an inch.
    assert black_pixels(canvas) == pytest.approx(2 * (20 * 120 / 72) ** 2, rel=0.1)


def test_several_fonts_complement_each_other_and_only_the_rest_is_named(
    installed: list[str], tmp_path: Path
) -> None:
    installed.append(make_font(tmp_path / "One.ttf", "One", "\u65e5\u672c"))
    installed.append(make_font(tmp_path / "Two.ttf", "Two", "\ud55c"))
    figure, canvas = figure_of("\u65e5\ud55c\U0001f408")
    with pytest.warns(MissingGlyphsWarning) as got:
        draw_with_fonts(figure, canvas.draw)
    (warning,) = got
    assert isinstance(warning.message, MissingGlyphsWarning)
    assert warning.message.characters == {"\U0001f408"}


def test_files_that_are_no_fonts_are_passed_over(installed: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "a.ttf"
    broken.write_bytes(b"no font")
    installed += [str(broken), str(tmp_path / "gone.ttf")]
    installed.append(make_font(tmp_path / "b.ttf", "Good", "\u65e5"))
    figure, canvas = figure_of("\u65e5")
    draw_with_fonts(figure, canvas.draw)


def test_what_the_usual_font_has_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: pytest.fail("not needed"))
    drawn = []
    figure, canvas = figure_of("Größe λ ж")

    def draw() -> None:
        drawn.append(canvas.draw())  # type: ignore[no-untyped-call]

    draw_with_fonts(figure, draw)
    assert len(drawn) == 1


def test_an_axis_may_reach_the_end_of_what_floats_hold() -> None:
    figure = new_figure(4.0, 3.0)
    axes = figure.subplots()
    axes.set_yscale("log")
    axes.plot([1e-300, 1e280, 1e305])
    draw_with_fonts(figure, FigureCanvasAgg(figure).draw)  # a warning would be an error


def test_other_warnings_stay_as_they_are() -> None:
    with pytest.warns(UserWarning, match="another") as got:
        warn_of_two()
    assert [str(warning.message) for warning in got] == ["another"]


def warn_of_two() -> None:
    with taking_warnings(MissingGlyphsWarning) as taken:
        warnings.warn(MissingGlyphsWarning("x"), stacklevel=1)
        warnings.warn("another", stacklevel=1)
    assert [str(warning) for warning in taken] == [str(MissingGlyphsWarning("x"))]
