"""Curves: what metrics.csv holds, the best epoch, and several runs on one figure."""

from math import nan

import numpy as np
import pytest
from matplotlib.figure import Figure

from nnscratch.plots.figures.learning_curves import draw_learning_curves, draw_loss, metric_columns
from nnscratch.plots.figures.style import COLORS, LOOKS, new_figure
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of

EPOCHS = [1.0, 2.0, 3.0, 4.0]
HISTORY = {
    "epoch": EPOCHS,
    "loss": [0.9, 0.5, 0.4, 0.3],
    "accuracy": [0.5, 0.6, 0.7, 0.75],
    "val_loss": [0.8, nan, 0.6, 0.7],
    "val_accuracy": [0.4, nan, 0.65, 0.6],
    "learning_rate": [0.1, 0.1, 0.1, 0.1],
    "seconds": [0.1, 0.1, 0.1, 0.1],
}
BOTH = ["loss", "accuracy"]


def lines(figure: Figure, panel: int) -> list[tuple[list[float], list[float]]]:
    data = [line.get_data() for line in figure.axes[panel].lines]
    return [(np.asarray(x).tolist(), np.asarray(y).tolist()) for x, y in data]


def test_metrics_are_drawn_and_nothing_else_of_the_file() -> None:
    assert metric_columns(HISTORY) == BOTH


def test_lines_are_the_columns_without_epochs_that_were_not_validated() -> None:
    figure = draw_learning_curves({"run": HISTORY}, BOTH, {"run": 4})
    assert lines(figure, 0)[0] == (EPOCHS, HISTORY["loss"])
    assert ([1, 3, 4], [0.8, 0.6, 0.7]) in lines(figure, 0)
    assert ([1, 3, 4], [0.4, 0.65, 0.6]) in lines(figure, 1)
    assert [axes.get_xlabel() for axes in figure.axes] == ["epoch", "epoch"]
    assert {"loss", "accuracy", "training", "validation"} <= {*texts_on(figure)}
    assert figure.axes[1].yaxis.get_major_formatter()(0.625, 0) == "62.5%"


def test_the_best_epoch_is_marked_in_every_panel_and_its_figures_are_in_the_title() -> None:
    figure = draw_learning_curves({"run": HISTORY}, BOTH, {"run": 3})
    assert ([3], [0.4]) in lines(figure, 0)
    assert ([3], [0.6]) in lines(figure, 0)
    assert ([3], [0.7]) in lines(figure, 1)
    assert ([3], [0.65]) in lines(figure, 1)
    title = title_of(figure)
    assert title.splitlines()[1] == "run"
    assert all(part in title for part in ("0.4000", "65.0%", "epoch 3 of 4", "the best"))
    assert texts_on(figure).count("best epoch") == 2  # once in each panel's legend


def test_of_one_run_each_part_of_the_data_has_its_look_and_the_axis_ends_with_the_data() -> None:
    history = {"epoch": [float(i) for i in range(1, 21)]}
    prefixes = ("", "val_", "val_calibrated_", "test_")
    history |= {f"{prefix}loss": [0.5] * 20 for prefix in prefixes}
    (axes,) = draw_learning_curves({"run": history}, ["loss"]).axes
    looks = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in axes.lines}
    assert looks == {name: tuple(look) for name, look in LOOKS.items()}
    assert 20 <= axes.get_xlim()[1] <= 20.5


def test_of_several_runs_each_has_a_colour_and_lines_and_marks_are_told_once() -> None:
    figure = draw_learning_curves({"one": HISTORY, "two": HISTORY}, BOTH, {"one": 3, "two": 2})
    (legend,) = figure.legends
    one, two, *samples = (text.get_text() for text in legend.get_texts())
    assert (one[:4], two[:4]) == ("one:", "two:")
    assert samples == ["training", "validation", "best epoch"]
    first, second, *greys = (line.get_color() for line in legend.get_lines())
    assert (first, second) == COLORS[:2]
    assert set(greys) == {"0.4"}


def test_without_validation_the_last_epoch_needs_no_mark() -> None:
    history = {name: HISTORY[name] for name in ("epoch", "loss", "accuracy")}
    figure = draw_learning_curves({"run": history}, BOTH, {"run": 4})
    assert len(figure.axes[0].lines) == 1
    assert title_of(figure) == "Training loss 0.3000  accuracy 75.0% after 4 epochs\nrun"
    figure = draw_learning_curves({"a: loss": history}, ["loss"])
    assert title_of(figure).endswith("\na: loss")


@pytest.mark.parametrize("kept", [None, 0, 99])
def test_a_record_that_says_nothing_of_use_marks_nothing(kept: int | None) -> None:
    figure = draw_learning_curves({"run": HISTORY}, ["loss"], {"run": kept})
    assert len(figure.axes[0].lines) == 2
    assert "after 4 epochs" in title_of(figure)


def test_runs_of_unequal_length_and_kind_share_a_figure() -> None:
    short = {"epoch": [1.0], "loss": [0.2], "mae": [3.0]}
    figure = draw_learning_curves(
        {"long": HISTORY, "short": short}, [*BOTH, "mae"], {"long": 3, "short": 1}
    )
    assert (EPOCHS, HISTORY["loss"]) in lines(figure, 0)
    assert ([1], [0.2]) in lines(figure, 0)
    assert len(lines(figure, 2)) == 1
    single = figure.axes[2].lines[0]
    assert single.get_marker() == "o", "a line of one point would not be seen"
    read = texts_on(figure)
    assert any(t.startswith("long: ") and "epoch 3 of 4" in t for t in read)
    assert any(t.startswith("short: ") and "after 1 epoch" in t for t in read)
    colors = [line.get_color() for line in figure.axes[0].lines]
    assert len({*colors}) == 2
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("count", [5, 9, 20])
def test_no_two_runs_of_a_figure_look_the_same(count: int) -> None:
    histories = {f"run-{i}": {"epoch": EPOCHS, "loss": [i + 1.0] * 4} for i in range(count)}
    figure = draw_learning_curves(histories, ["loss"])
    looks = {
        (line.get_color(), line.get_linestyle(), line.get_marker(), line.get_linewidth())
        for line in figure.axes[0].lines
    }
    assert len(looks) == count
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize(
    "losses",
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1e-12], [-3.0, -4.0], [1e30, 1e-30], [5e-324, 0.0], [2.0, 2.0]],
)
def test_zero_negative_and_far_apart_losses_are_drawn(losses: list[float]) -> None:
    figure = draw_learning_curves({"run": {"epoch": [1.0, 2.0], "loss": losses}}, ["loss"])
    assert render(figure).startswith(b"\x89PNG")
    assert lines(figure, 0)[0] == ([1, 2], losses)


@pytest.mark.parametrize("accuracy", [[0.0], [1.0], [1.0, 1.0], [0.9, 1.0], [0.0, 1.0]])
def test_every_accuracy_lies_within_its_axis(accuracy: list[float]) -> None:
    epochs = [float(i + 1) for i in range(len(accuracy))]
    figure = draw_learning_curves(
        {"run": {"epoch": epochs, "loss": accuracy, "accuracy": accuracy}}, BOTH
    )
    low, high = figure.axes[1].get_ylim()
    assert low < min(accuracy) <= max(accuracy) < high
    assert render(figure).startswith(b"\x89PNG")


def test_names_are_taken_literally_even_one_that_legends_would_hide() -> None:
    named = {"_hidden": HISTORY, "$x_{1": HISTORY, "_": HISTORY}
    figure = draw_learning_curves(named, ["loss"])
    assert render(figure, "svg")
    assert all(any(t.startswith(f"{name}: ") for t in texts_on(figure)) for name in named)
    assert render(draw_learning_curves({"$x_{1": HISTORY}, ["loss"]))


@pytest.mark.parametrize("runs", [1, 2])
def test_long_names_do_not_run_off_the_page(runs: int) -> None:
    named = {f"{i} {'long-' * 19}": HISTORY for i in range(runs)}
    figure = draw_learning_curves(named, BOTH, dict.fromkeys(named, 3))
    assert_nothing_cut_off(figure)


def test_of_a_training_under_way_only_the_past_is_coloured() -> None:
    axes = new_figure(7.0, 4.2).subplots()
    draw_loss(axes, HISTORY, 2)
    coloured = [line for line in axes.lines if line.get_color() != "0.85"]
    assert max(float(np.max(line.get_xdata())) for line in coloured) == 2
    grey = [line for line in axes.lines if line.get_color() == "0.85"]
    assert np.asarray(grey[0].get_xdata()).tolist() == EPOCHS


def test_a_very_long_curve_is_drawn_through_its_extremes_and_ends() -> None:
    epochs = np.arange(1.0, 1_000_001.0)
    losses = 1 / epochs
    losses[[123_456, 654_321, 999_990]] = 7.5, 1e-9, nan
    history = {"epoch": epochs.tolist(), "loss": losses.tolist(), "val_loss": [0.5] * 1_000_000}
    figure = draw_learning_curves({"run": history}, ["loss"], {"run": 777_777})
    (x, y), (x_val, _), *marks = lines(figure, 0)
    assert max(len(x), len(x_val)) <= 4002
    assert {(1, 1.0), (123_457, 7.5), (654_322, 1e-9), (1e6, 1e-6)} <= {*zip(x, y, strict=True)}
    assert x == sorted(x)
    assert ([777_777], [1 / 777_777]) in marks
    # Each stretch of 500 epochs, of which each falls, is drawn by its first and its last.
    assert {501, 1000, 1001} <= {*x}


def test_figures_that_are_never_finite_are_left_out() -> None:
    history = {**HISTORY, "accuracy": [nan] * 4, "val_loss": [nan, float("inf"), 0.5, 0.25]}
    assert metric_columns(history) == ["loss"]
    assert ([3, 4], [0.5, 0.25]) in lines(draw_learning_curves({"run": history}, ["loss"]), 0)
