"""The confusion matrix: how many rows of each class are predicted to be of which class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import Figure, abridge, new_figure

# The counts of more classes would overlap.
_MOST_COUNTED = 25
_LONGEST_NAME = 24
# Longer names are slanted.
_LONGEST_LEVEL_NAME = 3


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
    figure = new_figure(size + 1.0, size, title)
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
