"""What a network answers along a line of one input, with the data beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.answers import (
    LONG,
    Answers,
    Points,
    class_colors,
    explain,
    scatter_classes,
    styled,
)
from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE, abridge, calm

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of more than two classes the rows lie above the curves, a line for each class.
_STEP, _ROOM = 0.06, 0.6
# Where colours come again, lines are broken.
_DASHES = ("-", "--", "-.", ":")
# Of the data's height, above and below them: a curve that goes farther leaves the picture.
_MARGIN = 0.3


@dataclass(frozen=True)
class Line:
    """A line that one column of the inputs spans, in the data's own units.

    Attributes:
        name: Of the column.
        x: The values along it, (places,).
        note: What the other columns are held at, if there are any.
    """

    name: str
    x: NDArray[np.float64]
    note: str = ""

    @property
    def places(self) -> list[NDArray[np.float64]]:
        """The values along each axis."""
        return [self.x]

    def draw(self, axes: "Axes", answers: Answers, points: Sequence[Points]) -> None:
        """Draws the answers, (places,) or (places, classes), as curves and the data as points."""
        calm(axes)
        if answers.classes:
            _draw_classes(axes, self.x, answers, points)
        else:
            _draw_numbers(axes, self.x, answers, points)
        axes.set_xlim(self.x[0], self.x[-1])
        axes.set_xlabel(abridge(self.name, 2 * LONG), parse_math=False)
        axes.set_ylabel(abridge(answers.name, 2 * LONG), parse_math=False)
        explain(axes, answers, points)

    def draw_unit(self, axes: "Axes", values: NDArray[Any]) -> None:
        """Draws what a hidden unit gives, (any number of places,), on a scale of its own."""
        x = np.linspace(self.x[0], self.x[-1], len(values))
        axes.plot(x, values, color="0.3", linewidth=0.8)
        for side, color in ((values > 0, POSITIVE), (values < 0, NEGATIVE)):
            axes.fill_between(x, values, 0.0, side, interpolate=True, color=color, alpha=0.5)
        axes.set_xlim(x[0], x[-1])
        if not values.any():  # as low as where others are zero
            axes.set_ylim(-0.05, 1.0)


def _draw_numbers(
    axes: "Axes", x: NDArray[np.float64], answers: Answers, points: Sequence[Points]
) -> None:
    for part, style in styled(points):
        axes.scatter(part.places[0], part.targets, color="0.7", **style)
    axes.plot(x, answers.values, color=POSITIVE, linewidth=2.0)
    heights = np.concatenate([part.targets for part in points])
    low, high = float(heights.min()), float(heights.max())
    margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
    axes.set_ylim(low - margin, high + margin)


def _draw_classes(
    axes: "Axes", x: NDArray[np.float64], answers: Answers, points: Sequence[Points]
) -> None:
    """Draws the share of each class, of two that of the second, and where another is ahead."""
    count, shares = len(answers.classes), answers.values
    colors = class_colors(count)
    for k in [1] if count == 2 else range(count):
        dashes = _DASHES[k // len(COLORS) % len(_DASHES)]
        axes.plot(x, shares[:, k], color=colors[k], linestyle=dashes, linewidth=2.0)
    for i in np.flatnonzero(np.diff(shares.argmax(axis=1))):
        axes.axvline((x[i] + x[i + 1]) / 2, color="0.25", linewidth=1.0)
    step = min(_STEP, _ROOM / count)
    levels = np.array([0.0, 1.0]) if count == 2 else 1.0 + step * np.arange(1, count + 1)
    scatter_classes(axes, points, count, lambda part: (part.places[0], levels[part.targets]))
    axes.set_yticks(np.linspace(0.0, 1.0, 6))
    axes.set_ylim(-0.05, levels[-1] + 0.05)
