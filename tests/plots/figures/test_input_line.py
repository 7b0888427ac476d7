"""The function of one input: its curves, its rows and its hidden units, against what is given."""

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from nnscratch.plots.figures.input_line import InputLine
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.response_panels import draw_response_panels
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of

X = np.linspace(-1.0, 1.0, 5)
LINE = InputLine("height", X)
ROWS = DataPoints(np.array([[-0.5, 0.5]]), np.array([0, 1]), "training rows")


def draw(
    answers: Response, *points: DataPoints, units: Any = None, line: InputLine = LINE
) -> Figure:
    return draw_response_panels("run\nresult", line, answers, points or [ROWS], units or {})


def curves(axes: Axes) -> dict[Any, list[float]]:
    """Returns the heights of the curves by their colour; not those of upright lines."""
    return {
        line.get_color(): np.asarray(line.get_ydata()).tolist()
        for line in axes.lines
        if len(np.asarray(line.get_ydata())) == len(X)
    }


def uprights(axes: Axes) -> list[float]:
    return [float(np.asarray(x.get_xdata())[0]) for x in axes.lines if x.get_color() == "0.25"]


def places(axes: Axes) -> dict[Any, list[Any]]:
    """Returns where points lie by their colour."""
    return {
        tuple(np.asarray(found.get_facecolor())[0].tolist()): np.asarray(
            found.get_offsets()
        ).tolist()
        for found in axes.collections
        if isinstance(found, PathCollection)
    }


def test_numbers_are_a_curve_through_their_rows() -> None:
    rows = DataPoints(np.array([[-0.5, 0.5, 1.0]]), np.array([2.0, 4.0, 9.0]), "training rows")
    figure = draw(Response(X**2, limits=(2.0, 9.0), name="weight"), rows)
    axes = figure.axes[0]
    assert curves(axes) == {POSITIVE: (X**2).tolist()}
    assert list(places(axes).values()) == [[[-0.5, 2.0], [0.5, 4.0], [1.0, 9.0]]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height", "weight")
    assert axes.get_xlim() == (-1.0, 1.0)
    assert axes.get_ylim()[1] > 9  # no row is beyond the edge
    assert title_of(figure) == "run\nresult"


def test_of_two_classes_the_curve_is_that_of_the_second_between_rows_at_zero_and_one() -> None:
    second = np.array([0.1, 0.2, 0.4, 0.8, 0.9])
    axes = draw(Response(np.stack([1 - second, second], axis=1), ("a", "b"))).axes[0]
    assert curves(axes) == {POSITIVE: second.tolist()}
    assert places(axes) == {to_rgba(NEGATIVE): [[-0.5, 0.0]], to_rgba(POSITIVE): [[0.5, 1.0]]}
    assert uprights(axes) == [0.25]  # between 0 and 0.5 the other class comes ahead


def test_of_more_classes_each_has_a_curve_and_a_line_of_rows_above() -> None:
    shares = np.eye(3)[[0, 0, 1, 1, 2]]
    rows = DataPoints(np.array([[-1.0, 0.0, 0.5, 1.0]]), np.array([0, 1, 1, 2]), "training rows")
    figure = draw(Response(shares, ("a", "b", "c")), rows)
    axes = figure.axes[0]
    assert curves(axes) == {COLORS[k]: shares[:, k].tolist() for k in range(3)}
    assert uprights(axes) == [-0.25, 0.75]
    found = places(axes)
    assert [[x for x, _ in found[to_rgba(COLORS[k])]] for k in range(3)] == [[-1], [0, 0.5], [1]]
    levels = [{y for _, y in found[to_rgba(COLORS[k])]} for k in range(3)]
    assert all(len(level) == 1 and min(level) > 1 for level in levels)
    assert len(set.union(*levels)) == 3
    assert axes.get_ylim()[1] > max(set.union(*levels))
    assert max(axes.get_yticks()) == 1.0  # a share is never more
    assert {"a", "b", "c"} <= {*texts_on(figure)}


def test_training_and_test_rows_are_told_apart_and_named() -> None:
    test = DataPoints(np.array([[0.0]]), np.array([5.0]), "test rows")
    figure = draw(Response(X), ROWS, test)
    assert {"training rows", "test rows"} <= {*texts_on(figure)}
    edges = [
        tuple(np.asarray(found.get_edgecolor())[0])
        for found in figure.axes[0].collections
        if isinstance(found, PathCollection)
    ]
    assert edges == [to_rgba("white"), to_rgba("black")]


def test_a_hidden_unit_is_blue_above_zero_and_orange_below() -> None:
    units = np.stack([X, np.zeros(5), -np.ones(5)], axis=1)
    figure = draw(Response(X), units={"dense_1": units})
    _, rising, dead, low = figure.axes
    for axes, above, below in ((rising, 1.0, -1.0), (dead, 0.0, 0.0), (low, 0.0, -1.0)):
        ends = {POSITIVE: 0.0, NEGATIVE: 0.0}
        for area in axes.collections:
            assert isinstance(area, PolyCollection)
            heights = [y for path in area.get_paths() for _, y in np.asarray(path.vertices)]
            color = tuple(np.asarray(area.get_facecolor())[0])[:3]
            name = POSITIVE if color == to_rgba(POSITIVE)[:3] else NEGATIVE
            ends[name] = max(heights, key=abs, default=0.0)
        assert (ends[POSITIVE], ends[NEGATIVE]) == (above, below)
    assert "dense_1: 3 units" in texts_on(figure)


@pytest.mark.parametrize("name", ["$x_{1", "n" * 200])
@pytest.mark.parametrize("classes", [0, 2, 30])
def test_names_are_taken_literally_and_nothing_is_cut_off(name: str, classes: int) -> None:
    shares = np.full((5, classes), 1 / max(classes, 1)) if classes else X
    labels = tuple(f"{name} {k}" for k in range(classes))
    line = InputLine(name, X, "others at their median")
    rows = DataPoints(np.array([[-0.5, 0.5]]), np.array([0, 1]), "training rows")
    figure = draw(
        Response(shares, labels, name=f"p({name})"),
        rows,
        units={"dense_1": X[:, np.newaxis]},
        line=line,
    )
    if len(name) < 200:
        assert name in texts_on(figure)
    assert ("and 19 more" in texts_on(figure)) == (classes == 30 and len(name) == 200)
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")
