"""Norms of gradients: bars as long as they are, however far apart."""

from math import log10

import pytest

from nnscratch.plots.figures.gradient_norms import AFTER, BEFORE, draw_gradient_norms
from tests.plots.figure_checks import assert_nothing_cut_off, bar_ends, render, texts_on, title_of

LAYERS = ["dense_1.kernel", "dense_2.kernel"]


def test_a_bar_ends_at_the_norm_and_each_time_has_its_colour() -> None:
    norms = {BEFORE: [1e-6, 0.5], AFTER: [0.25, 0.125]}
    figure = draw_gradient_norms("Gradients\nrun", LAYERS, norms, 4)
    (axes,) = figure.axes
    assert bar_ends(axes) == pytest.approx([1e-6, 0.5, 0.25, 0.125])
    colors = [bar.get_facecolor() for bar in axes.patches]
    assert colors[0] == colors[1] != colors[2] == colors[3]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [BEFORE, AFTER]
    assert axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_yticklabels()] == LAYERS
    first, *_, last = (bar.get_window_extent().y0 for bar in axes.patches)
    assert first > last  # the first layer is at the top
    assert {"1e-06", "0.5"} <= {text.strip() for text in texts_on(figure)}
    assert title_of(figure) == "Gradients\nrun"
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize(
    "values", [[0.0, 0.0], [0.0, 1e-3], [1e-40, 1e30], [1.0, 1.0], [float("inf"), 1.0]]
)
def test_no_gradient_and_extreme_ones_are_drawn(values: list[float]) -> None:
    figure = draw_gradient_norms("run", LAYERS, {BEFORE: values}, 4)
    low, high = figure.axes[0].get_xlim()
    assert 0 < low < high
    assert log10(high) < 50
    assert render(figure).startswith(b"\x89PNG")
    assert not figure.legends


def test_of_a_very_deep_network_the_first_layers_are_shown_and_it_says_so() -> None:
    names = [f"dense_{i}.kernel" for i in range(1, 31)]
    figure = draw_gradient_norms("run", names, {BEFORE: [0.5] * 30}, 4)
    assert len(figure.axes[0].patches) == 24
    assert title_of(figure).endswith("the first 24 of 30 layers")
    assert_nothing_cut_off(figure)
