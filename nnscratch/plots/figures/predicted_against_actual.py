"""Predicted numbers against actual ones: a prediction on the diagonal is right."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from nnscratch.plots.figures.style import (
    COLORS,
    Axes,
    Figure,
    abridge,
    new_figure,
    panels,
    show_grid,
)

_COLUMNS = 3
_LONGEST_NAME = 24
# More rows are drawn small and faint, so that their density shows.
_MANY_ROWS = 500


def draw_predicted_against_actual(
    title: str, actual: NDArray[Any], predicted: NDArray[Any], names: Sequence[str]
) -> Figure:
    """Draws one panel for each target.

    Args:
        title: The run and its result.
        actual: (rows, targets), in the data's units.
        predicted: Likewise.
        names: Of the targets.
    """
    count = len(names)
    columns = min(_COLUMNS, count)
    figure = new_figure(4.4 * columns + 0.6, 4.4 * -(-count // columns) + 0.7, title)
    for i, axes in enumerate(panels(figure, count, columns)):
        _draw_panel(axes, actual[:, i], predicted[:, i])
        name = f" {abridge(names[i], _LONGEST_NAME)}" if count > 1 else ""
        axes.set_xlabel(f"actual{name}", parse_math=False)
        axes.set_ylabel(f"predicted{name}", parse_math=False)
    return figure


def _draw_panel(axes: Axes, actual: NDArray[Any], predicted: NDArray[Any]) -> None:
    low = min(actual.min(), predicted.min())
    high = max(actual.max(), predicted.max())
    margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
    ends = low - margin, high + margin
    axes.plot(ends, ends, color="0.6", linewidth=1.0, label="predicted = actual")
    size, alpha = (8, 0.35) if len(actual) > _MANY_ROWS else (20, 0.7)
    axes.scatter(actual, predicted, s=size, alpha=alpha, color=COLORS[0], lw=0)
    show_grid(axes)
    axes.set_xlim(ends)
    axes.set_ylim(ends)
    axes.set_aspect("equal")
    axes.legend(frameon=False, fontsize="small", loc="upper left")
