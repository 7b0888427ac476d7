"""The plane: its colours, its points and its hidden units, against arithmetic done by hand."""

from math import tanh

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb, to_rgba

from nnscratch.plots.figures.input_plane import InputPlane
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on
from tests.plots.figures.plane_figures import LINE, draw, named, scatters, shares


def test_a_class_that_is_certain_has_its_colour_and_one_in_doubt_has_none() -> None:
    for classes in (2, 3):
        certain = draw(Response(shares(classes, 1, 1.0), named(classes))).axes[0].images[0]
        pixel = np.array(certain.get_array())[2, 2]
        # Six tenths of the way from white to the class's colour, so that points stand out.
        color = POSITIVE if classes == 2 else COLORS[1]
        assert pixel == pytest.approx(1 - 0.6 * (1 - np.array(to_rgb(color))))
        doubtful = draw(Response(shares(classes, 1, 1 / classes), named(classes))).axes[0].images[0]
        assert np.array(doubtful.get_array()) == pytest.approx(1.0)


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
    rows = DataPoints(np.array([LINE, LINE]), np.array([2.0, 4, 5, 6, 8]), "training rows")
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
