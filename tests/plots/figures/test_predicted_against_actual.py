"""Predicted against true numbers: each row a point, and the diagonal where both are the same."""

import numpy as np
import pytest

from nnscratch.plots.figures.predicted_against_actual import draw_predicted_against_actual
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of

ACTUAL = np.array([[1.0, 10.0], [2.0, 30.0], [4.0, 20.0]])
PREDICTED = np.array([[1.5, 10.0], [2.0, 20.0], [-3.0, 25.0]])


def test_each_row_is_a_point_and_the_diagonal_is_right() -> None:
    figure = draw_predicted_against_actual("run\nresult", ACTUAL, PREDICTED, ["width", "height"])
    for i, name in enumerate(("width", "height")):
        axes = figure.axes[i]
        points = np.asarray(axes.collections[0].get_offsets())
        assert points.tolist() == np.stack([ACTUAL[:, i], PREDICTED[:, i]], axis=1).tolist()
        x, y = axes.lines[0].get_data()
        assert np.asarray(x).tolist() == np.asarray(y).tolist()
        assert axes.get_xlim() == axes.get_ylim()
        low, high = axes.get_xlim()
        assert low < points.min()
        assert points.max() < high
        assert (axes.get_xlabel(), axes.get_ylabel()) == (f"actual {name}", f"predicted {name}")
    assert title_of(figure) == "run\nresult"


@pytest.mark.parametrize("numbers", [1, 4])
def test_each_number_has_a_panel(numbers: int) -> None:
    values = np.arange(5.0 * numbers).reshape(5, numbers)
    figure = draw_predicted_against_actual(
        "run", values, values + 1, [f"y{i}" for i in range(numbers)]
    )
    assert sum(axes.get_visible() for axes in figure.axes) == numbers
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize(
    ("actual", "predicted"),
    [
        ([[3.0]], [[3.0]]),
        ([[3.0]], [[4.0]]),
        ([[0.0], [0.0]], [[0.0], [0.0]]),
        ([[1e20], [1e20]], [[1e20], [1e20]]),
        ([[1e-30], [2e-30]], [[1e-30], [3e-30]]),
        ([[1e18], [-1e18]], [[1e17], [3.0]]),
    ],
)
def test_one_row_one_value_huge_and_tiny_numbers(
    actual: list[list[float]], predicted: list[list[float]]
) -> None:
    for dtype in (np.float32, np.float64):
        both = np.array(actual, dtype), np.array(predicted, dtype)
        figure = draw_predicted_against_actual("run", *both, ["y"])
        low, high = figure.axes[0].get_xlim()
        assert low < high
        assert render(figure).startswith(b"\x89PNG")


def test_many_rows_are_faint_so_that_their_density_shows() -> None:
    few, many = (
        draw_predicted_against_actual("run", values, values, ["y"]).axes[0].collections[0]
        for values in (np.zeros((20, 1)), np.zeros((5000, 1)))
    )
    assert (many.get_alpha() or 1) < (few.get_alpha() or 1)


def test_names_are_taken_literally_and_long_ones_stay_on_the_page() -> None:
    names = ["$y_{1", "_z$", "a very long name of a column " * 4]
    figure = draw_predicted_against_actual("$run_{", np.zeros((3, 3)), np.ones((3, 3)), names)
    assert render(figure, "pdf").startswith(b"%PDF")
    assert {"actual $y_{1", "predicted _z$"} <= {*texts_on(figure)}
    assert_nothing_cut_off(figure)
