"""The confusion matrix: which class is taken for which."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import abridge, entitle, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# More counts than this would overlap.
_COUNTED = 25
# In letters: names that are slanted, and the longest shown.
_LONG, _LONGEST = 3, 24


def draw_confusion(title: str, confusion: NDArray[np.intp], classes: Sequence[str]) -> "Figure":
    """Draws the counts, coloured by their share of the rows of the actual class.

    Args:
        title: The run and its result.
        confusion: Rows by actual class and predicted class.
        classes: Their names.
    """
    from matplotlib.ticker import PercentFormatter

    classes, count = [abridge(name, _LONGEST) for name in classes], len(classes)
    size = min(max(4.6, 0.5 * count + 2.0), 12.0)
    figure = new_figure(size + 1.0, size)
    entitle(figure, title)
    axes = figure.subplots()
    totals = np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    shares: NDArray[Any] = confusion / totals
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    bar = figure.colorbar(image, ax=axes, label="share of the actual class", shrink=0.8)
    bar.ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    slant: dict[str, Any] = (
        {"rotation": 45, "ha": "right"} if max(map(len, classes)) > _LONG else {}
    )
    axes.set_xticks(range(count), classes, parse_math=False, **slant)
    axes.set_yticks(range(count), classes, parse_math=False)
    axes.set_xlabel("predicted")
    axes.set_ylabel("actual")
    axes.spines[:].set_visible(False)
    if count <= _COUNTED:
        for (i, j), number in np.ndenumerate(confusion):
            axes.text(
                j,
                i,
                f"{number:,}",
                ha="center",
                va="center",
                fontsize="small",
                # A zero says little, and should look so.
                color="white" if shares[i, j] > 0.5 else "black" if number else "0.75",
            )
    return figure
