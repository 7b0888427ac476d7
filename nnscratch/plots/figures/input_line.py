"""What a network predicts along a line, on which one column varies, with the data beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.response import (
    DataPoints,
    Response,
    class_colors,
    finish_axes,
    scatter_classes,
    styled,
)
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE, Axes, show_grid

# The rows of more than two classes lie above the curves: the distance of their lines, and of all.
_STEP = 0.06
_ROOM = 0.6
# Where colours are reused, lines are broken.
_DASHES = ("-", "--", "-.", ":")
# Above and below the data, as a share of their range: a curve that goes farther is cut off.
_MARGIN = 0.3


@dataclass(frozen=True)
class InputLine:
    """A line through the inputs on which one column varies, in the data's own units.

    Attributes:
        name: Of the column.
        x: Its values, (points,).
        note: What the other columns are held at, if there are any.
    """

    name: str
    x: NDArray[np.float64]
    note: str = ""

    def draw(self, axes: Axes, response: Response, points: Sequence[DataPoints]) -> None:
        """Draws the response, (points,) or (points, classes), as curves, and the data as points."""
        show_grid(axes)
        if response.classes:
            _draw_classes(axes, self.x, response, points)
        else:
            _draw_numbers(axes, self.x, response, points)
        axes.set_xlim(self.x[0], self.x[-1])
        finish_axes(axes, self.name, response.name, response, points)

    def draw_unit(self, axes: Axes, values: NDArray[Any]) -> None:
        """Draws the output of a hidden unit, (any number of points,), on a scale of its own."""
        x = np.linspace(self.x[0], self.x[-1], len(values))
        axes.plot(x, values, color="0.3", linewidth=0.8)
        for side, color in ((values > 0, POSITIVE), (values < 0, NEGATIVE)):
            axes.fill_between(x, values, 0.0, side, interpolate=True, color=color, alpha=0.5)
        axes.set_xlim(x[0], x[-1])
        if not values.any():  # as low as zero is for other units
            axes.set_ylim(-0.05, 1.0)


def _draw_numbers(
    axes: Axes, x: NDArray[np.float64], response: Response, points: Sequence[DataPoints]
) -> None:
    for split, style in styled(points):
        axes.scatter(split.places[0], split.targets, color="0.7", **style)
    axes.plot(x, response.values, color=POSITIVE, linewidth=2.0)
    targets = np.concatenate([split.targets for split in points])
    low, high = float(targets.min()), float(targets.max())
    margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
    axes.set_ylim(low - margin, high + margin)


def _draw_classes(
    axes: Axes, x: NDArray[np.float64], response: Response, points: Sequence[DataPoints]
) -> None:
    """Draws the probability of each class, of two that of the second, and where they cross."""
    count = len(response.classes)
    colors = class_colors(count)
    for k in [1] if count == 2 else range(count):
        dashes = _DASHES[k // len(COLORS) % len(_DASHES)]
        axes.plot(x, response.values[:, k], color=colors[k], linestyle=dashes, linewidth=2.0)
    for i in np.flatnonzero(np.diff(response.values.argmax(axis=1))):
        axes.axvline((x[i] + x[i + 1]) / 2, color="0.25", linewidth=1.0)
    step = min(_STEP, _ROOM / count)
    levels = np.array([0.0, 1.0]) if count == 2 else 1.0 + step * np.arange(1, count + 1)
    scatter_classes(axes, points, count, lambda split: (split.places[0], levels[split.targets]))
    axes.set_yticks(np.linspace(0.0, 1.0, 6))
    axes.set_ylim(-0.05, levels[-1] + 0.05)
