"""Labels, titles and legends lie on the page and do not touch, however long they are."""

from itertools import combinations

import pytest
from matplotlib.lines import Line2D

from nnscratch.plots.figures.style import add_legend, new_figure
from tests.plots.figure_checks import assert_nothing_cut_off


@pytest.mark.parametrize("label", ["y", "a label\nof three\nlines"])
@pytest.mark.parametrize(
    ("shape", "has_legend"),
    [((1, 1), True), ((1, 2), True), ((2, 2), True), ((3, 2), False)],
)
def test_nothing_is_cut_off_and_nothing_overlaps(
    shape: tuple[int, int], label: str, has_legend: bool
) -> None:
    figure = new_figure(6.0, 5.0, "a title\nand small print\nof two lines")
    grid = figure.subplots(*shape, squeeze=False)
    for axes in grid.flat:
        axes.plot([0.0, 1.0], [-1e6, 1e6])
        axes.set(xlabel="x", ylabel=label, title="above")
    line = Line2D([], [])
    if has_legend:
        add_legend(figure, [line] * 4, 2, labels=["one", "two", "three", "four"], title="legend")
    assert_nothing_cut_off(figure)
    boxes = [part.get_tightbbox() for part in (*grid.flat, *figure.legends)]
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]
