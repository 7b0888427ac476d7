"""Hidden units: which are shown, how large, and what the title says."""

import numpy as np
import pytest

from nnscratch.plots.figures.response import Response
from nnscratch.plots.figures.varied_inputs import InputPlane
from tests.plots.figure_checks import render, texts_on, title_of
from tests.plots.figures.plane_figures import LINE, draw, shares


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (4, 4), (5, 5), (16, 16), (17, 16), (90, 16)])
def test_of_many_units_the_first_are_shown_and_the_title_says_so(count: int, shown: int) -> None:
    units = np.arange(float(count)) + np.zeros((5, 5, 1))
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": units})
    images = figure.axes[1].images
    assert [float(np.array(p.get_array())[0, 0]) for p in images] == list(range(shown))
    (heading,) = [text for text in texts_on(figure) if text.startswith("dense_1")]
    assert str(count) in heading
    assert ("first 16" in heading) == (count > 16)


@pytest.mark.parametrize("size", [0.0, 1e-30, 1e37])
def test_dead_tiny_and_huge_units_are_drawn_without_a_warning(size: float) -> None:
    unit = (size * np.tile(LINE, (5, 1)))[:, :, np.newaxis].astype(np.float32)
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": unit})
    assert render(figure).startswith(b"\x89PNG")


def test_units_of_three_layers_are_large_enough_to_be_seen() -> None:
    units = {f"dense_{i}": np.zeros((5, 5, 16)) for i in (1, 2, 3)}
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), units=units)
    figure.draw_without_rendering()
    images = figure.axes[1].images
    widths = [image.get_window_extent().width / figure.dpi for image in images]
    assert len(widths) == 48
    assert min(widths) > 0.35, "inches"


@pytest.mark.parametrize("height", [2.0, 3.0])
def test_a_unit_has_the_aspect_of_the_plane_and_the_rows_where_they_are(height: float) -> None:
    plane = InputPlane(("x1", "x2"), LINE, height / 2 * LINE)
    figure = draw(
        Response(shares(2, 0, 0.9), ("a", "b")), plane=plane, units={"dense_1": np.zeros((5, 5, 3))}
    )
    figure.draw_without_rendering()
    whole = figure.axes[0].get_window_extent()
    assert whole.height / whole.width == pytest.approx(height / 2)
    boxes = [image.get_window_extent() for image in figure.axes[1].images]
    assert [box.height / box.width for box in boxes] == pytest.approx([height / 2] * 3)
    (dots,) = figure.axes[1].lines
    pixels = figure.axes[1].transData.transform(np.stack(dots.get_data(), axis=1))
    # Rows lie at (-0.5, 0) and (0.5, 0.25) of the plane, whose axes go from -1 to 1.
    expected = [
        (box.x0 + (1 + x) / 2 * box.width, box.y0 + (0.5 + y / height) * box.height)
        for box in boxes
        for x, y in ((-0.5, 0.0), (0.5, 0.25))
    ]
    assert pixels == pytest.approx(np.array(expected))


def test_columns_in_quite_different_units_are_drawn_in_a_square() -> None:
    assert InputPlane(("a", "b"), LINE, 1000 * LINE).aspect == 1.0


def test_the_title_says_what_the_other_columns_are_held_at() -> None:
    plane = InputPlane(("x1", "x2"), LINE, LINE, "all other columns at their median")
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), plane=plane)
    assert title_of(figure) == "run\nresult\nall other columns at their median"
