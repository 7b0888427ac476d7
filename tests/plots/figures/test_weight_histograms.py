"""Histograms: every weight is counted once, where it lies, whatever its size."""

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from nnscratch.plots.figures.weight_histograms import draw_weight_histograms
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of

KERNEL = np.array([[3.0, -4.0], [0.0, 0.0]])  # root mean square √(25 / 4) = 2.5
GRADIENT = np.array([[0.3, 0.4], [0.0, 0.0]])


def draw(kernel: Any = KERNEL, gradient: Any = GRADIENT, layers: int = 1) -> Figure:
    names = [f"dense_{i}.kernel" for i in range(1, layers + 1)]
    return draw_weight_histograms(
        "run\nwhat", dict.fromkeys(names, kernel), dict.fromkeys(names, gradient), 60
    )


def bars(axes: Axes) -> list[tuple[float, float, float]]:
    """Left edge, right edge and height of each bar of the first layer that is not empty."""
    shape = next(part for part in axes.patches if isinstance(part, StepPatch))
    tops, edges, base = shape.get_data()
    return [bar for bar in zip(edges[:-1], edges[1:], base - tops, strict=True) if bar[2]]


def test_every_weight_and_gradient_is_counted_where_it_lies() -> None:
    left, right = draw().axes
    for axes, values in ((left, KERNEL), (right, GRADIENT)):
        found = bars(axes)
        # Two numbers are 0, and the two others have half as high a bar each.
        highest = max(height for _, _, height in found)
        assert sum(height / highest for _, _, height in found) == pytest.approx(2.0)
        for value in values.ravel():
            assert any(low - 1e-6 <= value <= high + 1e-6 for low, high, _ in found), value


def test_all_layers_share_an_axis_and_its_bars() -> None:
    small, large = np.array([[0.0, 0.1]]), np.array([[-4.0, 8.0]])
    layers = {"dense_1.kernel": small, "dense_2.kernel": large}
    for axes in draw_weight_histograms("run", layers, layers, 60).axes:
        edges = [part.get_data()[1] for part in axes.patches if isinstance(part, StepPatch)]
        assert edges[0].tolist() == edges[1].tolist()
        assert axes.get_xlim() == (-4.0, 8.0)


def test_each_layer_is_named_with_its_root_mean_square_and_axes_say_what_they_are() -> None:
    figure = draw(layers=3)
    read = texts_on(figure)
    assert sum("root mean square 2.5" in text for text in read) == 3
    assert sum("root mean square 0.25" in text for text in read) == 3
    assert all(any(f"dense_{i}.kernel" in text for text in read) for i in (1, 2, 3))
    assert "weight" in read
    assert any("gradient" in text and "60" in text for text in read)
    assert title_of(figure) == "run\nwhat"
    assert_nothing_cut_off(figure)


EPSILON = float(np.finfo(np.float32).eps)


@pytest.mark.parametrize(
    "values",
    [
        [0.0, 0.0],
        [0.7, 0.7],
        [1.0, 1.0 + EPSILON],
        [1.0, 1.0 + 2 * EPSILON, 1.0 + 3 * EPSILON],
        [1e-45, 3e-45],  # as the gradient of a network that has learned everything there is
        [-1e-42, 1e-42, 0.0],
        [3e38, -3e38],
        [1e15],
    ],
)
def test_equal_nearly_equal_tiny_and_huge_numbers_are_drawn(
    values: list[float],
) -> None:
    array = np.array([values] * 8, np.float32)
    figure = draw(array, array)
    found = bars(figure.axes[0])
    assert sum(height / found[0][2] for _, _, height in found) >= 1
    assert render(figure).startswith(b"\x89PNG")


def test_the_bar_of_a_single_weight_is_no_wider_than_the_weight_is_large() -> None:
    (bar,) = bars(draw(np.array([[0.004]]), np.array([[0.004]])).axes[0])
    assert bar[1] - bar[0] <= 0.004


def test_a_deep_network_fits_and_says_what_is_left_out() -> None:
    figure = draw(layers=13)
    assert_nothing_cut_off(figure)
    assert len(figure.axes[0].patches) == 12
    assert title_of(figure).endswith("the first 12 of 13 layers")
