"""The plots of a search show what they are given."""

from typing import Any

from nnscratch.plots.figures.search import (
    Point,
    Setting,
    describe,
    draw_importances,
    draw_parameters,
    draw_progress,
)
from nnscratch.plots.figures.style import draw_pixels

POINTS = [
    Point(1, 0.5, True),
    Point(2, None, True),
    Point(3, 0.7, False),
    Point(4, 0.2, True),
    Point(5, 0.3, True),
]


def steps_of(axes: Any) -> list[float]:
    (line,) = (line for line in axes.lines if line.get_label() == "best so far")
    values: list[float] = line.get_ydata().tolist()
    return values


def test_progress_shows_the_best_so_far() -> None:
    figure = draw_progress("t", "val_loss", POINTS, 0.4, higher_is_better=False)
    axes: Any = figure.axes[0]
    # A trial that was stopped early or failed is never the best.
    assert steps_of(axes) == [0.5, 0.5, 0.5, 0.2, 0.2]
    (default,) = (line for line in axes.lines if line.get_label() == "config itself")
    assert {*default.get_ydata()} == {0.4}
    draw_pixels(figure)


def test_trials_are_counted_in_whole_numbers() -> None:
    points = [Point(number, 1 / number, True) for number in range(1, 13)]
    axes = draw_progress("t", "val_loss", points, None, higher_is_better=False).axes[0]
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_of_an_accuracy_the_highest_is_the_best() -> None:
    figure = draw_progress("t", "val_accuracy", POINTS, None, higher_is_better=True)
    assert steps_of(figure.axes[0]) == [0.5] * 5


def test_a_search_whose_trials_all_failed_is_drawn() -> None:
    draw_pixels(draw_progress("t", "loss", [Point(1, None, True)], None, higher_is_better=False))
    draw_pixels(draw_progress("t", "loss", [], None, higher_is_better=False))


def test_each_parameter_has_a_panel() -> None:
    settings = [
        Setting("learning_rate", [0.1, 0.2, 0.001, 0.1, 0.3], is_log=True),
        Setting("optimizer", [0, 1, 1, 0, None], ("adam", "$gd")),
        Setting("l1", [1, 2, 3, 4, 5]),
        Setting("dropout", [None] * 5),
    ]
    figure = draw_parameters("t", "val_loss", POINTS, settings, best=4)
    shown: list[Any] = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_xlabel() for axes in shown] == [s.name for s in settings]
    assert shown[0].get_xscale() == "log"
    assert [text.get_text() for text in shown[1].get_xticklabels()] == ["adam", "$gd"]
    # Each trial that has a value and did not fail: one of them early, the others whole.
    counts = [sum(len(part.get_offsets()) for part in axes.collections) for axes in shown]
    assert counts == [4, 3, 4, 0]
    draw_pixels(figure)


def test_the_most_important_is_above() -> None:
    figure = draw_importances("t", ["a", "b", "c"], [0.2, 0.5, 0.3])
    axes: Any = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["b", "c", "a"]
    assert [bar.get_width() for bar in axes.patches] == [0.5, 0.3, 0.2]
    assert axes.yaxis_inverted()
    draw_pixels(figure)


def test_the_title_says_the_result() -> None:
    title = describe("digits", "val_loss", 40, 7, 0.125)
    assert title == "digits: 40 trials, best val_loss 0.1250 in trial 7"
