"""Classes and splits: no two look the same, and each is named in the legend."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from nnscratch.plots.figures.response import DataPoints, Response
from tests.plots.figure_checks import texts_on
from tests.plots.figures.plane_figures import ROWS, draw, named, scatters, shares


@pytest.mark.parametrize("classes", [2, 8, 9, 20])
def test_no_two_classes_look_the_same(classes: int) -> None:
    x = np.arange(float(classes))
    points = DataPoints(np.array([x, x]), np.arange(classes), "training", "training rows")
    figure = draw(Response(shares(classes, 0, 0.9), named(classes)), points)
    looks = set()
    for found in scatters(figure.axes[0]):
        color = tuple(np.asarray(found.get_facecolor())[0].round(3).tolist())
        looks.add((color, np.asarray(found.get_paths()[0].vertices).tobytes()))
    assert len(looks) == classes
    (legend,) = figure.axes[0].figure.legends
    samples = {(line.get_markerfacecolor(), line.get_marker()) for line in legend.get_lines()}
    assert len(samples) == classes
    assert [text.get_text() for text in legend.get_texts()] == list(named(classes))


def test_training_and_test_rows_are_told_apart_and_named() -> None:
    rng = np.random.default_rng(1)
    many = DataPoints(rng.normal(size=(2, 200)), np.arange(200) % 2, "training", "training rows")
    few = DataPoints(ROWS.places, ROWS.targets, "test", "test rows")
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), many, few)
    assert {"a", "b", "training rows", "test rows"} <= {*texts_on(figure)}
    edges = {tuple(np.asarray(s.get_edgecolor())[0]) for s in scatters(figure.axes[0])}
    assert edges == {to_rgba("white"), to_rgba("black")}


def test_a_few_test_rows_do_not_outshine_the_many_trained_on() -> None:
    rng = np.random.default_rng(1)
    many = DataPoints(rng.normal(size=(2, 200)), np.arange(200) % 2, "training", "training rows")
    figure = draw(Response(shares(2, 0, 0.9), ("a", "b")), many, ROWS)
    assert len({float(s.get_sizes()[0]) for s in scatters(figure.axes[0])}) == 1
