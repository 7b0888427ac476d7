"""The learning curves of many runs: the median of them, and a band that most of them are in."""

from collections.abc import Sequence

import numpy as np

from nnscratch.formatting import plural
from nnscratch.plots.figures.learning_curves import SPLITS, History, draw_learning_curves
from nnscratch.plots.figures.style import Figure
from nnscratch.runs.curves import quantiles

# Of ten runs, eight are within the band.
LOW, HIGH = 0.1, 0.9
# More would not be seen.
_MOST_POINTS = 4000


def draw_curve_band(name: str, histories: Sequence[History], columns: Sequence[str]) -> Figure:
    """Draws one panel for each column, with a line and a band for each part of the data.

    Args:
        name: What the runs are called together.
        histories: The columns of metrics.csv of each run.
        columns: What to draw, such as `loss`.
    """
    shared = [key for key in histories[0] if all(key in history for history in histories)]
    median = {key: quantiles(histories, key, 0.5).tolist() for key in shared}
    epochs = np.arange(1, len(median["epoch"]) + 1)
    median["epoch"] = epochs.tolist()
    runs = plural(len(histories), "run")
    label = f"{name}: the median of {runs}, and a band that 80% of them are in"
    figure = draw_learning_curves({label: median}, columns)
    for axes, column in zip(figure.axes, columns, strict=True):
        drawn = [prefix + column for prefix in SPLITS if prefix + column in shared]
        for line, key in zip(list(axes.lines), drawn, strict=False):
            low, high = (quantiles(histories, key, share) for share in (LOW, HIGH))
            shown = np.flatnonzero(np.isfinite(low))
            shown = shown[:: max(1, len(shown) // _MOST_POINTS)]
            band = (epochs[shown], low[shown], high[shown])
            axes.fill_between(*band, color=line.get_color(), alpha=0.2, linewidth=0)
    return figure
