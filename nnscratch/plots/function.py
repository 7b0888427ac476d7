"""The function that a network has learnt of one input, and those of its hidden units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.answers import (
    EDGES,
    LONG,
    Answers,
    Points,
    class_colors,
    class_marker,
    explain,
    sizes,
)
from nnscratch.plots.style import COLORS, NEGATIVE, POSITIVE, abridge, calm
from nnscratch.plots.units import Units, lay_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of more than two classes the rows lie above the curves, a line for each class.
_STEP, _ROOM = 0.06, 0.6
_DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Line:
    """A line that one column of the inputs spans, in the data's own units.

    Attributes:
        name: Of the column.
        x: The values along it, (places,).
        target: What is predicted, as the vertical axis calls it.
        note: What the other columns are held at, if there are any.
    """

    name: str
    x: NDArray[np.float64]
    target: str
    note: str = ""


def draw_function(
    title: str, line: Line, answers: Answers, points: Sequence[Points], units: Units
) -> "Figure":
    """Draws the answers along the line, and beside them what each hidden unit gives.

    Args:
        title: The run and its result.
        line: Where.
        answers: The network's, (places, classes) or (places,).
        points: The data.
        units: What the units of each hidden layer give, (places, units), by its name.
    """

    def paint(axes: "Axes", values: NDArray[Any]) -> None:
        x = np.linspace(line.x[0], line.x[-1], len(values))
        axes.plot(x, values, color="0.3", linewidth=0.8)
        axes.fill_between(x, values, 0.0, values > 0, interpolate=True, color=POSITIVE, alpha=0.5)
        axes.fill_between(x, values, 0.0, values < 0, interpolate=True, color=NEGATIVE, alpha=0.5)
        axes.set_xlim(x[0], x[-1])

    figure, axes = lay_out(title, line.note, units, paint)
    calm(axes)
    if answers.classes:
        _draw_classes(axes, line, answers, points)
    else:
        _draw_numbers(axes, line, answers, points)
    axes.set_xlim(line.x[0], line.x[-1])
    axes.set_xlabel(abridge(line.name, 2 * LONG), parse_math=False)
    axes.set_ylabel(abridge(line.target, 2 * LONG), parse_math=False)
    explain(axes, answers, points)
    return figure


def _draw_numbers(axes: "Axes", line: Line, answers: Answers, points: Sequence[Points]) -> None:
    for part, edge in zip(points, EDGES, strict=False):
        axes.scatter(part.places[0], part.targets, color="0.7", edgecolors=edge, **sizes(points))
    axes.plot(line.x, answers.values, color=POSITIVE, linewidth=2.0)


def _draw_classes(axes: "Axes", line: Line, answers: Answers, points: Sequence[Points]) -> None:
    """Draws the share of each class, of two that of the second, and where another is ahead."""
    count, shares = len(answers.classes), answers.values
    colors = class_colors(count)
    for k in [1] if count == 2 else range(count):
        # Where colours come again, lines are broken.
        dashes = _DASHES[k // len(COLORS) % len(_DASHES)]
        axes.plot(line.x, shares[:, k], color=colors[k], linestyle=dashes, linewidth=2.0)
    ahead = shares.argmax(axis=1)
    for i in np.flatnonzero(np.diff(ahead)):
        axes.axvline((line.x[i] + line.x[i + 1]) / 2, color="0.25", linewidth=1.0)
    step = min(_STEP, _ROOM / count)
    levels = [0.0, 1.0] if count == 2 else [1.0 + step * (k + 1) for k in range(count)]
    for part, edge in zip(points, EDGES, strict=False):
        for k, color in enumerate(colors):
            x = part.places[0][part.targets == k]
            axes.scatter(
                x,
                np.full(len(x), levels[k]),
                color=color,
                marker=class_marker(k),
                edgecolors=edge,
                zorder=3,
                **sizes(points),
            )
    axes.set_yticks(np.linspace(0.0, 1.0, 6))
    axes.set_ylim(-0.05, levels[-1] + 0.05)
