"""Predictions against actual values: points and counts are the numbers given."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nnscratch.plots.figures.predicted_against_actual import (
    draw_confusion_matrix,
    draw_predicted_against_actual,
)
from nnscratch.plots.figures.style import LOOKS
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


# Nine cats of which one is taken for a dog; no dog; three birds, two of them taken for cats.
COUNTS = np.array([[8, 1, 0], [0, 0, 0], [2, 0, 1]], np.intp)
NAMES = ("cat", "dog", "bird")


def test_counts_stand_at_actual_and_predicted_class() -> None:
    axes = draw_confusion_matrix("run", COUNTS, NAMES).axes[0]
    places = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in axes.texts}
    assert places == {(i, j): str(COUNTS[i, j]) for i in range(3) for j in range(3)}
    assert [label.get_text() for label in axes.get_xticklabels()] == list(NAMES)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(NAMES)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "actual")


def test_colours_are_shares_of_the_actual_class_and_an_absent_class_has_none() -> None:
    figure = draw_confusion_matrix("run\nresult", COUNTS, NAMES)
    (image,) = figure.axes[0].images
    expected = [[8 / 9, 1 / 9, 0], [0, 0, 0], [2 / 3, 0, 1 / 3]]
    assert np.array(image.get_array()) == pytest.approx(np.array(expected))
    assert image.get_clim() == (0, 1)
    assert title_of(figure) == "run\nresult\ncolour: share of the actual class"
    assert len(figure.axes) == 1  # no scale of colours
    assert render(figure).startswith(b"\x89PNG")


def test_numbers_stand_out_from_what_is_behind_them() -> None:
    axes = draw_confusion_matrix("run", COUNTS, NAMES).axes[0]
    colors = {text.get_position(): text.get_color() for text in axes.texts}
    assert colors[0, 0] == "white"  # 8 of 9, on dark blue
    assert colors[1, 0] == "black"  # 1 of 9, on pale blue


@pytest.mark.parametrize(("classes", "counted"), [(25, True), (26, False)])
def test_many_classes_have_colours_but_no_numbers(classes: int, counted: bool) -> None:
    counts = np.eye(classes, dtype=np.intp) * 7
    figure = draw_confusion_matrix("run", counts, [str(k) for k in range(classes)])
    assert bool(figure.axes[0].texts) == counted
    assert len(figure.axes[0].get_xticks()) == classes
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("length", [12, 40, 150])
def test_long_names_do_not_run_off_the_page(length: int) -> None:
    figure = draw_confusion_matrix("run", COUNTS, [f"{name} {'x' * length}" for name in NAMES])
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")


def test_long_names_that_begin_alike_stay_different() -> None:
    names = [f"{'the same beginning ' * 6}{k}" for k in range(3)]
    shown = [
        label.get_text()
        for label in draw_confusion_matrix("run", COUNTS, names).axes[0].get_yticklabels()
    ]
    assert len({*shown}) == 3


def test_numbers_fill_their_cells_and_of_many_classes_zeros_are_left_out() -> None:
    for classes in (2, 10):
        counts = np.eye(classes, dtype=np.intp) * 36
        figure = draw_confusion_matrix("run", counts, [str(k) for k in range(classes)])
        figure.draw_without_rendering()
        axes = figure.axes[0]
        cell = axes.get_window_extent().width / classes
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text() == "36"]
        assert len(boxes) == classes
        assert all(0.4 * cell < box.width < 0.9 * cell for box in boxes)
        assert len(axes.texts) == (4 if classes == 2 else 10)


def test_points_have_the_colour_of_their_part_of_the_data() -> None:
    for rows, look in LOOKS.items():
        figure = draw_predicted_against_actual("run", ACTUAL[:, :1], PREDICTED[:, :1], ["y"], rows)
        (color,) = np.asarray(figure.axes[0].collections[0].get_facecolor())
        assert tuple(color[:3]) == to_rgb(look.color)


@pytest.mark.parametrize("number", [10_000, 1_234_567])
def test_large_counts_are_parted_and_fit_into_their_cells(number: int) -> None:
    figure = draw_confusion_matrix(
        "run", np.full((10, 10), number, np.intp), [str(k) for k in range(10)]
    )
    figure.draw_without_rendering()
    axes = figure.axes[0]
    cell = axes.get_window_extent().width / 10
    assert axes.texts[0].get_text() == f"{number:,}"
    assert axes.texts[0].get_window_extent().width <= cell


def test_names_are_taken_literally() -> None:
    names = ("$x^{2", "_hidden", "$a$")
    figure = draw_confusion_matrix("$run_{1$", COUNTS, names)
    assert render(figure, "svg")
    assert {*names, "$run_{1$"} <= {*texts_on(figure)}
