"""Painting: where a class ends, and where each pixel lies."""

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from nnscratch.plots.figures.painting import paint, paint_classes


def test_what_is_painted_lies_in_its_extent_first_line_below() -> None:
    axes = Figure().subplots()
    image = paint(axes, np.array([[0.0, 1.0], [2.0, 3.0]]), (-1.0, 3.0, 5.0, 7.0))
    assert list(image.get_extent()) == [-1, 3, 5, 7]
    assert image.origin == "lower"


def test_a_class_that_wins_everywhere_has_no_border() -> None:
    axes = Figure().subplots()
    shares = np.full((3, 3, 2), 0.25)
    shares[:, :, 1] = 0.75
    paint_classes(axes, np.arange(3.0), np.arange(3.0), shares)
    assert len(axes.images) == 1
    assert not axes.collections
    assert not axes.findobj(QuadMesh)
