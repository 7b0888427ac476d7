"""Predictions against actual values: a confusion matrix of classes, or points for numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Axes, Figure, new_figure
from nnscratch.plots.figures.texts import letters

_COLUMNS = 3
_LONGEST_NAME = 24
# More rows are drawn small and faint, so that their density shows.
_MANY_ROWS = 500
# Of more classes, counts of 0 would hide the others.
_FEW_CLASSES = 5
# The counts of more classes would overlap.
_MOST_COUNTED = 25
_COLORS = "colour: share of the actual class"
# The size of its letters and the width of a count as shares of a cell, and of a digit as one of its
# height.
_HIGHEST, _WIDEST, _DIGIT = 0.42, 0.8, 0.64
# Longer names are slanted.
_LONGEST_LEVEL_NAME = 3


def draw_predicted_against_actual(
    title: str,
    actual: NDArray[Any],
    predicted: NDArray[Any],
    names: Sequence[str],
    rows: str = "training",
) -> Figure:
    """Draws one panel for each target.

    Args:
        title: What the figure shows with the result, and in further lines of which run.
        actual: (rows, targets), in the data's units.
        predicted: Likewise.
        names: Of the targets.
        rows: What the rows are called: training, validation or test.
    """
    count = len(names)
    columns = min(_COLUMNS, count)
    figure = new_figure(4.4 * columns + 0.6, 4.4 * -(-count // columns) + 0.7, title)
    for i, axes in enumerate(style.panels(figure, count, columns)):
        _draw_panel(axes, actual[:, i], predicted[:, i], style.LOOKS[rows].color)
        name = f" {abridge(names[i], _LONGEST_NAME)}" if count > 1 else ""
        axes.set_xlabel(f"actual{name}", parse_math=False)
        axes.set_ylabel(f"predicted{name}", parse_math=False)
    return figure


def _draw_panel(axes: Axes, actual: NDArray[Any], predicted: NDArray[Any], color: str) -> None:
    low = min(actual.min(), predicted.min())
    high = max(actual.max(), predicted.max())
    margin = 0.04 * (high - low) or 0.04 * abs(high) or 1.0
    ends = low - margin, high + margin
    axes.plot(ends, ends, color="0.6", linewidth=1.0, label="predicted = actual")
    size, alpha = (8, 0.35) if len(actual) > _MANY_ROWS else (20, 0.7)
    axes.scatter(actual, predicted, s=size, alpha=alpha, color=color, lw=0)
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
        title: What the figure shows with the result, and in further lines of which run.
        confusion: Counts of shape (classes, classes), by actual and by predicted class.
        classes: Their names.
    """
    names = [abridge(name, _LONGEST_NAME) for name in classes]
    count = len(names)
    cell = max(0.5, 3.2 / count) if count <= _MOST_COUNTED else 9.0 / count
    beside = 0.09 * max(map(letters, names))
    side = cell * count
    figure = new_figure(
        max(side + beside + 0.7, 4.6), side + min(beside, 1.8) + 1.2, f"{title}\n{_COLORS}"
    )
    axes = figure.subplots()
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(count), names, parse_math=False)
    axes.set_yticks(range(count), names, parse_math=False)
    if max(map(len, names)) > _LONGEST_LEVEL_NAME:
        for label in axes.get_xticklabels():
            label.set(rotation=45, ha="right")
    axes.set_xlabel("predicted")
    axes.set_ylabel("actual")
    axes.spines[:].set_visible(False)
    if count <= _MOST_COUNTED:
        _write_counts(axes, confusion, shares, cell)
    return figure


def _write_counts(
    axes: Axes, confusion: NDArray[np.intp], shares: NDArray[np.floating[Any]], cell: float
) -> None:
    """Writes the counts as large as the cells allow, `cell` inches each; where many, not the 0s."""
    longest = len(f"{confusion.max():,}")
    size = 72 * cell * min(_HIGHEST, _WIDEST / (_DIGIT * longest))
    for (i, j), number in np.ndenumerate(confusion):
        if not number and len(confusion) > _FEW_CLASSES:
            continue
        color = "white" if shares[i, j] > 0.5 else "black" if number else "0.75"
        axes.text(j, i, f"{number:,}", color=color, ha="center", va="center", fontsize=size)
