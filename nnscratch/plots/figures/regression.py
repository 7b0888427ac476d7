"""Predicted numbers against true ones: on the diagonal a prediction is right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import COLORS, abridge, calm, entitle, new_figure, panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 3
_MANY, _LONG = 500, 24


def draw_regression(
    title: str, actual: NDArray[Any], predicted: NDArray[Any], names: Sequence[str]
) -> "Figure":
    """Draws one panel for each number to predict.

    Args:
        title: The run and its result.
        actual: (rows, numbers), in the data's units.
        predicted: Likewise.
        names: Of the numbers.
    """
    columns = min(_COLUMNS, len(names))
    rows = -(-len(names) // columns)
    figure = new_figure(4.4 * columns + 0.6, 4.4 * rows + 0.7)
    entitle(figure, title)
    for i, axes in enumerate(panels(figure, len(names), columns)):
        both = actual[:, i], predicted[:, i]
        low, high = min(map(np.min, both)), max(map(np.max, both))
        margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
        ends = low - margin, high + margin
        axes.plot(ends, ends, color="0.6", linewidth=1.0, label="predicted = actual")
        many = len(actual) > _MANY
        axes.scatter(*both, s=8 if many else 20, alpha=0.35 if many else 0.7, color=COLORS[0], lw=0)
        calm(axes)
        axes.set_xlim(ends)
        axes.set_ylim(ends)
        axes.set_aspect("equal")
        of = f" {abridge(names[i], _LONG)}" if len(names) > 1 else ""
        axes.set_xlabel(f"actual{of}", parse_math=False)
        axes.set_ylabel(f"predicted{of}", parse_math=False)
        axes.legend(frameon=False, fontsize="small", loc="upper left")
    return figure
