"""The learning curves of several runs as one: the median of each figure in each epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.training.epoch import EpochRecord

History = Mapping[str, Sequence[float]]
# Columns of metrics.csv that are no scores.
_OTHERS = ("epoch", "learning_rate", "seconds")
# What stands for an infinite figure, and the largest quantile that is not made from one.
_HUGE, _LARGEST = 1e300, 1e290


def align(histories: Sequence[History], column: str) -> NDArray[np.float64]:
    """Returns a figure of several runs, (runs, epochs of the longest).

    A run that has stopped keeps its last figure, so that the runs left do not decide alone.

    Args:
        histories: The columns of each run's metrics.csv.
        column: One that all of them have.
    """
    longest = max(len(history[column]) for history in histories)
    rows = [
        [*history[column], *[history[column][-1]] * (longest - len(history[column]))]
        for history in histories
    ]
    return np.array(rows, np.float64)


def quantiles(histories: Sequence[History], column: str, share: float) -> NDArray[np.float64]:
    """Returns a quantile of a figure in each epoch; nan where no run measured it or it is infinite.

    Args:
        histories: As for `align`.
        column: Likewise.
        share: 0.5 for the median.
    """
    values = align(histories, column)
    # NumPy cannot interpolate beside infinity.
    values[np.isinf(values)] = _HUGE
    missing = np.isnan(values)
    whole, partly = ~missing.any(axis=0), missing.any(axis=0) & ~missing.all(axis=0)
    found = np.full(values.shape[1], np.nan)
    found[whole] = np.quantile(values[:, whole], share, axis=0)
    # It looks at one epoch after the other, which takes a hundred times as long.
    found[partly] = np.nanquantile(values[:, partly], share, axis=0)
    found[found > _LARGEST] = np.nan
    return found


def median_epochs(histories: Sequence[History]) -> list[EpochRecord]:
    """Returns the median of each figure that all runs have in each epoch."""
    names = [name for name in histories[0] if all(name in history for history in histories)]
    medians = {name: quantiles(histories, name, 0.5).tolist() for name in names}
    scores = [name for name in names if name not in _OTHERS]
    return [
        EpochRecord(
            i + 1,
            {name: medians[name][i] for name in scores},
            medians["learning_rate"][i],
            medians["seconds"][i],
        )
        for i in range(len(medians["epoch"]))
    ]
