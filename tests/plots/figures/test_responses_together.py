"""Several networks side by side: a panel for each, and one legend."""

import numpy as np
import pytest

from nnscratch.plots.figures.response import Response
from nnscratch.plots.figures.responses_together import ResponsePanel, draw_responses
from nnscratch.plots.figures.varied_inputs import InputLine
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on
from tests.plots.figures.plane_figures import LINE, PLANE, ROWS, named, shares


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.slow)])  # a second each
@pytest.mark.parametrize("classes", [0, 2])
def test_each_network_has_a_panel_and_nothing_is_cut_off(count: int, classes: int) -> None:
    values = shares(2, 0, 0.9) if classes else np.zeros((5, 5))
    response = Response(values, named(classes), (-1.0, 1.0), "weight")
    shown = [ResponsePanel(f"$seed_{i}\nresult", PLANE, response, [ROWS]) for i in range(count)]
    figure = draw_responses("Title", shown)
    drawn = [axes for axes in figure.axes if axes.images and axes.get_title()]
    assert [axes.get_title() for axes in drawn] == [panel.name for panel in shown]
    # Numbers have one scale for all of them.
    assert len(figure.axes) == count + (classes == 0)
    assert ("weight" in texts_on(figure)) == (classes == 0)
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")


def test_lines_are_drawn_as_planes_are() -> None:
    line = InputLine("height", LINE)
    shown = [ResponsePanel(name, line, Response(LINE**2), [ROWS]) for name in "ab"]
    figure = draw_responses("Title", shown)
    assert [len(axes.lines) for axes in figure.axes] == [1, 1]
    assert_nothing_cut_off(figure)
