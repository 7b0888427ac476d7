"""Predictions against actual values: a confusion matrix of classes, or points for numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Axes, Figure, new_figure

_COLUMNS = 3
_LONGEST_NAME = 24
# More rows are drawn small and faint, so that their density shows.
_MANY_ROWS = 500
# The counts of more classes would overlap.
_MOST_COUNTED = 25
# Longer names are slanted.
_LONGEST_LEVEL_NAME = 3


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
    for i, axes in enumerate(style.panels(figure, count, columns)):
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
    axes.scatter(actual, predicted, s=size, alpha=alpha, color=style.COLORS[0], lw=0)
    style.show_grid(axes)
    axes.set_xlim(ends)
    axes.set_ylim(ends)
    axes.set_aspect("equal")
    axes.legend(frameon=False, fontsize="small", loc="upper left")


def draw_confusion_matrix(
    title: str, confusion: NDArray[np.intp], classes: Sequence[str]
) -> Figure:
    """Draws the counts, coloured by their share of the rows of the actual class.

    Args:
        title: The run and its result.
        confusion: Counts of shape (classes, classes), by actual and by predicted class.
        classes: Their names.
    """
    from matplotlib.ticker import PercentFormatter

    names = [abridge(name, _LONGEST_NAME) for name in classes]
    count = len(names)
    size = min(max(4.6, 0.5 * count + 2.0), 12.0)
    figure = new_figure(size + 1.0, size, title, nested=True)
    axes = figure.subplots()
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    bar = figure.colorbar(image, ax=axes, label="share of the actual class", shrink=0.8)
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xticks(range(count), names, parse_math=False)
    axes.set_yticks(range(count), names, parse_math=False)
    if max(map(len, names)) > _LONGEST_LEVEL_NAME:
        for label in axes.get_xticklabels():
            label.set(rotation=45, ha="right")
    axes.set_xlabel("predicted")
    axes.set_ylabel("actual")
    axes.spines[:].set_visible(False)
    if count <= _MOST_COUNTED:
        for (i, j), number in np.ndenumerate(confusion):
            color = "white" if shares[i, j] > 0.5 else "black" if number else "0.75"
            axes.text(j, i, f"{number:,}", color=color, ha="center", va="center", fontsize="small")
    return figure
