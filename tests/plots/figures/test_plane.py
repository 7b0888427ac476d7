"""The plane: its colours, its points and its hidden units, against arithmetic done by hand."""

from math import tanh
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure

from nnscratch.plots.figures.answers import Answers, Points
from nnscratch.plots.figures.plane import Plane
from nnscratch.plots.figures.slice_figure import draw_slice
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE
from tests.picturing import assert_nothing_cut_off, render, title_of, words_on

LINE = np.linspace(-1.0, 1.0, 5)
PLANE = Plane(("x1", "x2"), LINE, LINE)
ROWS = Points(np.array([[-0.5, 0.5], [0.0, 0.25]]), np.array([0, 1]), "training rows")


def shares(classes: int, likeliest: int, share: float) -> np.ndarray:
    """The same shares all over the plane."""
    rest = (1 - share) / (classes - 1)
    values = np.full((5, 5, classes), rest)
    values[:, :, likeliest] = share
    return values


def draw(answers: Answers, *points: Points, units: Any = None, plane: Plane = PLANE) -> Figure:
    return draw_slice("run\nresult", plane, answers, points or [ROWS], units or {})


def named(count: int) -> tuple[str, ...]:
    return tuple(f"c{k}" for k in range(count))


def scatters(axes: Axes) -> list[PathCollection]:
    return [c for c in axes.collections if isinstance(c, PathCollection)]


def test_a_class_that_is_certain_has_its_colour_and_one_in_doubt_has_none() -> None:
    for classes in (2, 3):
        certain = draw(Answers(shares(classes, 1, 1.0), named(classes))).axes[0].images[0]
        pixel = np.array(certain.get_array())[2, 2]
        # Six tenths of the way from white to the class's colour, so that points stand out.
        color = POSITIVE if classes == 2 else COLORS[1]
        assert pixel == pytest.approx(1 - 0.6 * (1 - np.array(to_rgb(color))))
        doubtful = draw(Answers(shares(classes, 1, 1 / classes), named(classes))).axes[0].images[0]
        assert np.array(doubtful.get_array()) == pytest.approx(1.0)


def test_the_picture_lies_where_the_plane_does_with_its_first_line_at_the_bottom() -> None:
    values = np.zeros((5, 5, 2))
    values[:2, :, 0] = values[2:, :, 1] = 1.0  # class 0 below, class 1 above
    axes = draw(Answers(values, ("low", "high"))).axes[0]
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
    axes = draw(Answers(values, ("a", "b"))).axes[0]
    paths = [
        p for c in axes.collections if not isinstance(c, PathCollection) for p in c.get_paths()
    ]
    ends = np.concatenate([path.vertices for path in paths])
    assert ends[:, 0] == pytest.approx(0.0, abs=1e-9)
    assert (ends[:, 1].min(), ends[:, 1].max()) == (-1.0, 1.0)


@pytest.mark.parametrize("classes", [2, 8, 9, 20])
def test_no_two_classes_look_the_same(classes: int) -> None:
    x = np.arange(float(classes))
    points = Points(np.array([x, x]), np.arange(classes), "training rows")
    figure = draw(Answers(shares(classes, 0, 0.9), named(classes)), points)
    looks = set()
    for found in scatters(figure.axes[0]):
        color = tuple(np.asarray(found.get_facecolor())[0].round(3).tolist())
        looks.add((color, np.asarray(found.get_paths()[0].vertices).tobytes()))
    assert len(looks) == classes
    (legend,) = figure.axes[0].figure.legends
    samples = {(line.get_markerfacecolor(), line.get_marker()) for line in legend.get_lines()}
    assert len(samples) == classes
    assert [text.get_text() for text in legend.get_texts()] == list(named(classes))


def test_points_stand_where_their_rows_do_in_the_colour_of_their_class() -> None:
    found = scatters(draw(Answers(shares(2, 0, 0.9), ("a", "b"))).axes[0])
    places = [np.asarray(scatter.get_offsets()).tolist() for scatter in found]
    assert places == [[[-0.5, 0.0]], [[0.5, 0.25]]]
    for scatter, color in zip(found, (NEGATIVE, POSITIVE), strict=True):
        assert tuple(np.asarray(scatter.get_facecolor())[0]) == to_rgba(color)


def test_training_and_test_rows_are_told_apart_and_named() -> None:
    rng = np.random.default_rng(1)
    many = Points(rng.normal(size=(2, 200)), np.arange(200) % 2, "training rows")
    few = Points(ROWS.places, ROWS.targets, "test rows")
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), many, few)
    assert {"a", "b", "training rows", "test rows"} <= {*words_on(figure)}
    edges = {tuple(np.asarray(s.get_edgecolor())[0]) for s in scatters(figure.axes[0])}
    assert edges == {to_rgba("white"), to_rgba("black")}


def test_a_few_test_rows_do_not_outshine_the_many_trained_on() -> None:
    rng = np.random.default_rng(1)
    many = Points(rng.normal(size=(2, 200)), np.arange(200) % 2, "training rows")
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), many, ROWS)
    assert len({float(s.get_sizes()[0]) for s in scatters(figure.axes[0])}) == 1


def test_the_scale_says_that_answers_may_go_beyond_it() -> None:
    values = np.linspace(2.0, 8.0, 25).reshape(5, 5)
    (image,) = draw(Answers(values, limits=(3, 7), name="weight")).axes[0].images
    assert image.colorbar is not None
    assert image.colorbar.extend == "both"
    assert image.colorbar.ax.get_ylabel() == "weight"


def test_numbers_have_a_scale_that_rows_and_answers_share() -> None:
    values = np.linspace(2.0, 8.0, 25).reshape(5, 5)
    rows = Points(np.array([LINE, LINE]), np.array([2.0, 4, 5, 6, 8]), "training rows")
    figure = draw(Answers(values, limits=(2.0, 8.0)), rows)
    axes = figure.axes[0]
    (image,), (scatter,) = axes.images, scatters(axes)
    assert image.get_clim() == scatter.get_clim() == (2.0, 8.0)
    assert image.get_cmap().name == scatter.get_cmap().name
    assert np.array(image.get_array()).tolist() == values.tolist()
    assert "target" in words_on(figure)


def test_a_hidden_unit_is_white_at_zero_and_its_sign_is_its_colour() -> None:
    unit = np.array([[tanh(3 * x) for x in LINE] for _ in LINE])
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": unit[:, :, np.newaxis]})
    (image,) = figure.axes[1].images
    low, high = image.get_clim()
    assert low == -high
    assert high == pytest.approx(tanh(3))
    colors = image.to_rgba(np.array([low, 0.0, high]))
    assert colors[0][:3] == pytest.approx(to_rgb(NEGATIVE), abs=0.01)
    assert colors[1][:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert colors[2][:3] == pytest.approx(to_rgb(POSITIVE), abs=0.01)
    assert np.array(image.get_array()).tolist() == unit.tolist()


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (4, 4), (5, 5), (16, 16), (17, 16), (90, 16)])
def test_of_many_units_the_first_are_shown_and_that_is_said(count: int, shown: int) -> None:
    units = np.arange(float(count)) + np.zeros((5, 5, 1))
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": units})
    pictures = [axes.images[0] for axes in figure.axes[1:] if axes.images]
    assert [float(np.array(p.get_array())[0, 0]) for p in pictures] == list(range(shown))
    (heading,) = [text for text in words_on(figure) if text.startswith("dense_1")]
    assert str(count) in heading
    assert ("first 16" in heading) == (count > 16)


@pytest.mark.parametrize("size", [0.0, 1e-30, 1e37])
def test_dead_tiny_and_huge_units_are_drawn_without_a_warning(size: float) -> None:
    unit = (size * np.tile(LINE, (5, 1)))[:, :, np.newaxis].astype(np.float32)
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), units={"dense_1": unit})
    assert render(figure).startswith(b"\x89PNG")


def test_units_of_three_layers_are_large_enough_to_be_seen() -> None:
    units = {f"dense_{i}": np.zeros((5, 5, 16)) for i in (1, 2, 3)}
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), units=units)
    figure.draw_without_rendering()
    widths = [axes.get_window_extent().width / figure.dpi for axes in figure.axes[1:]]
    assert len(widths) == 48
    assert min(widths) > 0.35, "inches"


def test_what_the_other_columns_are_held_at_is_said() -> None:
    plane = Plane(("x1", "x2"), LINE, LINE, "all other columns at their median")
    figure = draw(Answers(shares(2, 0, 0.9), ("a", "b")), plane=plane)
    assert title_of(figure) == "run\nresult\nall other columns at their median"


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_names_are_taken_literally_and_fit_on_the_page(kind: str) -> None:
    plane = Plane(("$x_{1", r"\frac{a}{b}$"), LINE, LINE)
    figure = draw(Answers(shares(3, 0, 0.9), ("$a$", "_b", "$\\alpha")), plane=plane)
    assert render(figure, kind)
    assert {"$x_{1", r"\frac{a}{b}$", "$a$", "_b", "$\\alpha"} <= {*words_on(figure)}
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("length", [30, 200])
def test_long_names_do_not_run_off_the_page(length: int) -> None:
    plane = Plane(("x" * length, "y" * length), LINE, LINE)
    classes = tuple(f"{k} " + "long " * (length // 5) for k in range(5))
    figure = draw(
        Answers(shares(5, 0, 0.9), classes), plane=plane, units={"dense_1": np.zeros((5, 5, 4))}
    )
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")
