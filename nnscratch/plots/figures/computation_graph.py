"""A small computation graph as boxes and lines, for a machine without Graphviz.

Each node stands in the column just left of the first that is computed from it, so lines are short
and weights are near where they are used.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nnscratch.formatting import abridge
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Figure

MOST_NODES = 200
# Between the middles of boxes, and of a box, in inches.
_ACROSS, _DOWN = 1.75, 0.56
_WIDTH, _HEIGHT = 1.35, 0.48
_LONGEST_TITLE = 20
# How often nodes are moved next to those they are connected with.
_SWEEPS = 8


class Box(NamedTuple):
    """A node.

    Attributes:
        lines: What stands in it.
        color: Of its area.
        operands: The numbers of the boxes that it is computed from, which come before it.
    """

    lines: tuple[str, ...]
    color: str
    operands: tuple[int, ...]


def draw_computation_graph(boxes: Sequence[Box]) -> Figure:
    """Draws a graph from left to right.

    Args:
        boxes: The nodes, the result last; at most `MOST_NODES` of them.
    """
    from matplotlib.collections import LineCollection, PatchCollection
    from matplotlib.patches import Rectangle

    places = _place(boxes)
    right, lowest = places.max(axis=0).tolist()
    width, height = right + _ACROSS, lowest + _DOWN
    figure = style.new_figure(width, height)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-_ACROSS / 2, width - _ACROSS / 2)
    axes.set_ylim(height - _DOWN / 2, -_DOWN / 2)
    lines = [
        np.array([places[operand] + (_WIDTH / 2, 0.0), places[number] - (_WIDTH / 2, 0.0)])
        for number, box in enumerate(boxes)
        for operand in box.operands
    ]
    axes.add_collection(LineCollection(lines, colors="0.5", linewidths=0.8, zorder=1))
    corners = places - (_WIDTH / 2, _HEIGHT / 2)
    shapes = [Rectangle((x, y), _WIDTH, _HEIGHT) for x, y in corners.tolist()]
    colors = [box.color for box in boxes]
    look: dict[str, Any] = {"edgecolor": "0.3", "linewidth": 0.7, "zorder": 2}
    axes.add_collection(PatchCollection(shapes, facecolor=colors, **look))
    for box, (x, y) in zip(boxes, places.tolist(), strict=True):
        text = "\n".join(abridge(line, _LONGEST_TITLE) for line in box.lines)
        axes.text(x, y, text, ha="center", va="center", fontsize="x-small", parse_math=False)
    return figure


def _place(boxes: Sequence[Box]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Returns the middle of each box, (boxes, 2), in inches from the upper left one."""
    neighbours: list[list[int]] = [[*box.operands] for box in boxes]
    columns = np.zeros(len(boxes), int)  # counted from the result
    for number in reversed(range(len(boxes))):
        for operand in boxes[number].operands:
            columns[operand] = max(columns[operand], columns[number] + 1)
            neighbours[operand].append(number)
    heights = np.zeros(len(boxes))
    members = [np.flatnonzero(columns == column) for column in range(columns.max() + 1)]
    for column in members:
        heights[column] = np.arange(len(column)) - (len(column) - 1) / 2
    for sweep in range(_SWEEPS):
        for column in members if sweep % 2 == 0 else members[::-1]:
            wanted = [np.mean(heights[neighbours[k] or [k]]) for k in column.tolist()]
            order = column[np.argsort(wanted, kind="stable")]
            # As near as possible to where they are wanted, a row apart.
            middle = float(np.mean(wanted))
            heights[order] = middle + np.arange(len(order)) - (len(order) - 1) / 2
    heights -= heights.min()
    return np.stack([(columns.max() - columns) * _ACROSS, heights * _DOWN], axis=1)
