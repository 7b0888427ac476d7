"""Computation graphs without Graphviz: boxes that do not overlap, and lines from left to right."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure

from nnscratch.plots.figures.computation_graph import Box, draw_computation_graph
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on


def box(name: str, *operands: int) -> Box:
    return Box((name, "data 0.5", "grad 1"), "white", operands)


# (x w1 + b) (x w2), of which x is used twice.
PRODUCT = [
    *(box("x"), box("w1"), box("×", 0, 1), box("b"), box("+", 2, 3)),
    *(box("w2"), box("×", 0, 5), box("result", 4, 6)),
]


def outlines(figure: Figure) -> list[np.ndarray]:
    (shapes,) = [part for part in figure.axes[0].collections if isinstance(part, PatchCollection)]
    return [np.asarray(path.vertices) for path in shapes.get_paths()]


def test_each_node_is_a_box_right_of_its_operands_and_none_overlap() -> None:
    figure = draw_computation_graph(PRODUCT)
    shapes = outlines(figure)
    assert len(shapes) == len(PRODUCT)
    for number, node in enumerate(PRODUCT):
        for operand in node.operands:
            assert shapes[operand][:, 0].max() < shapes[number][:, 0].min()
    for one, other in combinations(shapes, 2):
        apart = (one.max(axis=0) <= other.min(axis=0)) | (other.max(axis=0) <= one.min(axis=0))
        assert apart.any()
    assert {"result\ndata 0.5\ngrad 1", "w1\ndata 0.5\ngrad 1"} <= {*texts_on(figure)}
    assert_nothing_cut_off(figure)


def test_each_use_of_a_value_is_a_line() -> None:
    (lines,) = [
        part
        for part in draw_computation_graph(PRODUCT).axes[0].collections
        if isinstance(part, LineCollection)
    ]
    assert len(lines.get_segments()) == 8 == sum(len(node.operands) for node in PRODUCT)


def test_the_same_value_twice_and_a_single_node_are_drawn() -> None:
    for boxes in ([box("x")], [box("x"), box("x²", 0, 0)]):
        assert render(draw_computation_graph(boxes)).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["$x_{1", "a very long name of a weight " * 5])
def test_names_are_taken_literally_and_stay_in_their_boxes(name: str) -> None:
    figure = draw_computation_graph([box(name), box("y", 0)])
    assert render(figure, "svg")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for text, shape in zip(axes.texts, outlines(figure), strict=True):
        pixels = axes.transData.transform(shape)
        extent = text.get_window_extent()
        assert pixels[:, 0].min() <= extent.x0 <= extent.x1 <= pixels[:, 0].max()
