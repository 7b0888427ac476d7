"""Lines and planes: their curves, colours, points and hidden units, against what is given."""

from math import tanh
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure

from nnscratch.plots.figures.cell import Cell
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.response_panels import draw_response_panels
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE
from nnscratch.plots.figures.varied_inputs import InputLine, InputPlane
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of
from tests.plots.figures.plane_figures import LINE, draw, named, scatters, shares

X = np.linspace(-1.0, 1.0, 5)
HEIGHTS = InputLine("height", X)
ROWS_ON_LINE = DataPoints(np.array([[-0.5, 0.5]]), np.array([0, 1]), "training", "training rows")


def draw_line(
    answers: Response, *points: DataPoints, units: Any = None, line: InputLine = HEIGHTS
) -> Figure:
    return draw_response_panels("run\nresult", line, answers, points or [ROWS_ON_LINE], units or {})


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
    rows = DataPoints(
        np.array([[-0.5, 0.5, 1.0]]), np.array([2.0, 4.0, 9.0]), "training", "training rows"
    )
    figure = draw_line(Response(X**2, limits=(2.0, 9.0), name="weight"), rows)
    axes = figure.axes[0]
    assert curves(axes) == {POSITIVE: (X**2).tolist()}
    assert list(places(axes).values()) == [[[-0.5, 2.0], [0.5, 4.0], [1.0, 9.0]]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("height", "weight")
    assert axes.get_xlim() == (-1.0, 1.0)
    assert axes.get_ylim()[1] > 9  # no row is beyond the edge
    assert title_of(figure) == "run\nresult"


def test_of_two_classes_the_curve_is_that_of_the_second_between_rows_at_zero_and_one() -> None:
    second = np.array([0.1, 0.2, 0.4, 0.8, 0.9])
    axes = draw_line(Response(np.stack([1 - second, second], axis=1), ("a", "b"))).axes[0]
    assert curves(axes) == {POSITIVE: second.tolist()}
    assert places(axes) == {to_rgba(NEGATIVE): [[-0.5, 0.0]], to_rgba(POSITIVE): [[0.5, 1.0]]}
    assert uprights(axes) == [0.25]  # between 0 and 0.5 the other class comes ahead


def test_of_more_classes_each_has_a_curve_and_a_line_of_rows_above() -> None:
    shares = np.eye(3)[[0, 0, 1, 1, 2]]
    rows = DataPoints(
        np.array([[-1.0, 0.0, 0.5, 1.0]]), np.array([0, 1, 1, 2]), "training", "training rows"
    )
    figure = draw_line(Response(shares, ("a", "b", "c")), rows)
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
    test = DataPoints(np.array([[0.0]]), np.array([5.0]), "test", "test rows")
    figure = draw_line(Response(X), ROWS_ON_LINE, test)
    assert {"training rows", "test rows"} <= {*texts_on(figure)}
    edges = [
        tuple(np.asarray(found.get_edgecolor())[0])
        for found in figure.axes[0].collections
        if isinstance(found, PathCollection)
    ]
    assert edges == [to_rgba("white"), to_rgba("black")]


def test_a_hidden_unit_is_blue_above_zero_and_orange_below() -> None:
    units = np.stack([X, np.zeros(5), -np.ones(5)], axis=1)
    figure = draw_line(Response(X), units={"dense_1": units})
    areas = [part for part in figure.axes[1].collections if isinstance(part, PolyCollection)]
    rising, dead, low = areas[:2], areas[2:4], areas[4:]
    for unit, above, below in ((rising, 1.0, -1.0), (dead, 0.0, 0.0), (low, 0.0, -1.0)):
        ends = {POSITIVE: 0.0, NEGATIVE: 0.0}
        for area in unit:
            assert isinstance(area, PolyCollection)
            heights = [y for path in area.get_paths() for _, y in np.asarray(path.vertices)]
            color = tuple(np.asarray(area.get_facecolor())[0])[:3]
            name = POSITIVE if color == to_rgba(POSITIVE)[:3] else NEGATIVE
            ends[name] = max(heights, key=abs, default=0.0)
        assert (ends[POSITIVE], ends[NEGATIVE]) == (above, below)
    assert "dense_1: 3 units" in texts_on(figure)


@pytest.mark.parametrize("name", ["$x_{1", "n" * 200])
@pytest.mark.parametrize("classes", [0, pytest.param(2, marks=pytest.mark.slow), 30])
def test_names_are_taken_literally_and_nothing_is_cut_off(name: str, classes: int) -> None:
    shares = np.full((5, classes), 1 / max(classes, 1)) if classes else X
    labels = tuple(f"{name} {k}" for k in range(classes))
    line = InputLine(name, X, "others at their median")
    rows = DataPoints(np.array([[-0.5, 0.5]]), np.array([0, 1]), "training", "training rows")
    figure = draw_line(
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


def test_a_class_that_is_certain_has_its_colour_and_one_in_doubt_has_none() -> None:
    for classes in (2, 3):
        certain = draw(Response(shares(classes, 1, 1.0), named(classes))).axes[0].images[0]
        pixel = np.array(certain.get_array())[2, 2]
        # Six tenths of the way from white to the class's colour, so that points stand out.
        color = POSITIVE if classes == 2 else COLORS[1]
        expected = 1 - 0.6 * (1 - np.array(to_rgb(color)))
        assert pixel / 255 == pytest.approx(expected, abs=1 / 255)
        doubtful = draw(Response(shares(classes, 1, 1 / classes), named(classes))).axes[0].images[0]
        assert (np.array(doubtful.get_array()) == 255).all()


def test_the_image_lies_where_the_plane_does_with_its_first_line_at_the_bottom() -> None:
    values = np.zeros((5, 5, 2))
    values[:2, :, 0] = values[2:, :, 1] = 1.0  # class 0 below, class 1 above
    axes = draw(Response(values, ("low", "high"))).axes[0]
    (image,) = axes.images
    assert list(image.get_extent()) == [-1, 1, -1, 1]
    assert image.origin == "lower"
    pixels = np.array(image.get_array())
    assert np.argmin(pixels[0, 0]) == np.argmin(to_rgb(NEGATIVE))
    assert np.argmin(pixels[4, 0]) == np.argmin(to_rgb(POSITIVE))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")


def test_the_line_runs_where_two_classes_are_equal() -> None:
    first = np.tile((1 - LINE) / 2, (5, 1))  # equal at x = 0
    values = np.stack([first, 1 - first], axis=2)
    axes = draw(Response(values, ("a", "b"))).axes[0]
    paths = [
        p for c in axes.collections if not isinstance(c, PathCollection) for p in c.get_paths()
    ]
    ends = np.concatenate([path.vertices for path in paths])
    assert ends[:, 0] == pytest.approx(0.0, abs=1e-9)
    assert (ends[:, 1].min(), ends[:, 1].max()) == (-1.0, 1.0)


def test_points_stand_where_their_rows_do_in_the_colour_of_their_class() -> None:
    found = scatters(draw(Response(shares(2, 0, 0.9), ("a", "b"))).axes[0])
    places = [np.asarray(scatter.get_offsets()).tolist() for scatter in found]
    assert places == [[[-0.5, 0.0]], [[0.5, 0.25]]]
    for scatter, color in zip(found, (NEGATIVE, POSITIVE), strict=True):
        assert tuple(np.asarray(scatter.get_facecolor())[0]) == to_rgba(color)


def test_the_scale_says_that_answers_may_go_beyond_it() -> None:
    values = np.linspace(2.0, 8.0, 25).reshape(5, 5)
    (image,) = draw(Response(values, limits=(3, 7), name="weight")).axes[0].images
    assert image.colorbar is not None
    assert image.colorbar.extend == "both"
    assert image.colorbar.ax.get_ylabel() == "weight"


def test_numbers_have_a_scale_that_rows_and_answers_share() -> None:
    values = np.linspace(2.0, 8.0, 25).reshape(5, 5)
    rows = DataPoints(
        np.array([LINE, LINE]), np.array([2.0, 4, 5, 6, 8]), "training", "training rows"
    )
    figure = draw(Response(values, limits=(2.0, 8.0)), rows)
    axes = figure.axes[0]
    (image,), (scatter,) = axes.images, scatters(axes)
    assert image.get_clim() == scatter.get_clim() == (2.0, 8.0)
    assert image.get_cmap().name == scatter.get_cmap().name
    assert np.array(image.get_array()).tolist() == values.tolist()
    assert "target" in texts_on(figure)


def test_a_hidden_unit_is_white_at_zero_and_its_sign_is_its_colour() -> None:
    unit = np.array([[tanh(3 * x) for x in LINE] for _ in LINE])
    figure = draw(
        Response(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": unit[:, :, np.newaxis]}
    )
    (image,) = figure.axes[1].images
    low, high = image.get_clim()
    assert low == -high
    assert high == pytest.approx(tanh(3))
    colors = image.to_rgba(np.array([low, 0.0, high]))
    assert colors[0][:3] == pytest.approx(to_rgb(NEGATIVE), abs=0.01)
    assert colors[1][:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert colors[2][:3] == pytest.approx(to_rgb(POSITIVE), abs=0.01)
    assert np.array(image.get_array()).tolist() == unit.tolist()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_names_are_taken_literally_and_fit_on_the_page(kind: str) -> None:
    plane = InputPlane(("$x_{1", r"\frac{a}{b}$"), LINE, LINE)
    figure = draw(Response(shares(3, 0, 0.9), ("$a$", "_b", "$\\alpha")), plane=plane)
    assert render(figure, kind)
    assert {"$x_{1", r"\frac{a}{b}$", "$a$", "_b", "$\\alpha"} <= {*texts_on(figure)}
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("length", [30, 200])
def test_long_names_do_not_run_off_the_page(length: int) -> None:
    plane = InputPlane(("x" * length, "y" * length), LINE, LINE)
    classes = tuple(f"{k} " + "long " * (length // 5) for k in range(5))
    figure = draw(
        Response(shares(5, 0, 0.9), classes), plane=plane, units={"dense_1": np.zeros((5, 5, 4))}
    )
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")


def test_of_very_many_classes_only_the_most_probable_have_a_curve() -> None:
    shares = np.full((5, 300), 0.001)
    shares[2, 100:140] = 0.5 + np.arange(40) / 1000
    shares[3, 290:] = 0.2
    figure = draw_line(Response(shares, named(300)))
    drawn = [line for line in figure.axes[0].lines if len(np.asarray(line.get_ydata())) == len(X)]
    highest = [float(np.max(np.asarray(line.get_ydata()))) for line in drawn]
    assert highest == [*(0.5 + np.arange(40) / 1000), *[0.2] * 10]


def test_the_borders_of_very_many_classes_are_painted_and_looks_are_drawn_together() -> None:
    classes, size = 400, 20
    likeliest = np.repeat(np.repeat(np.arange(classes).reshape(size, size), 3, axis=0), 3, axis=1)
    answers = np.full((3 * size, 3 * size, classes), 0.1 / (classes - 1), np.float32)
    np.put_along_axis(answers, likeliest[:, :, np.newaxis], 0.9, axis=2)
    x = np.linspace(-1.0, 1.0, 3 * size)
    rows = DataPoints(np.zeros((2, classes)), np.arange(classes), "training", "training rows")
    figure = draw(Response(answers, named(classes)), rows, plane=InputPlane(("a", "b"), x, x))
    axes = figure.axes[0]
    # A class is three points wide and high; the last of them borders on the next class.
    dark = (np.asarray(axes.images[0].get_array()) == 64).all(axis=2)
    edge = np.arange(3 * size) % 3 == 2
    edge[-1] = False
    assert (dark == (edge[:, np.newaxis] | edge[np.newaxis])).all()
    points = scatters(axes)
    assert len(axes.collections) == len(points) <= 192  # no contours; 24 colours, 8 markers
    assert sum(len(np.asarray(scatter.get_offsets())) for scatter in points) == classes
    assert any("more" in text for text in texts_on(figure))


@pytest.mark.parametrize("inputs", [HEIGHTS, InputPlane(("a", "b"), X, X)], ids=["line", "plane"])
def test_rows_beyond_what_is_shown_are_not_drawn_beside_a_units_plot(
    inputs: InputLine | InputPlane,
) -> None:
    axes = Figure().subplots()
    # In the middle, and to the right of and above all that is shown.
    places = np.array([[0.0, 1.1, 0.0], [0.0, 0.0, 1.1]])[: 2 if inputs is not HEIGHTS else 1]
    rows = DataPoints(places, np.zeros(3), "training", "training rows")
    inputs.draw_rows(axes, [Cell(2.0, 5.0, 1.0, 1.0)], [rows])
    drawn = axes.dataLim
    assert (drawn.x0, drawn.x1) == (2.5, 2.5)
    assert drawn.y0 >= 5.0
    assert drawn.y1 <= 6.0
