"""The ranges of columns, for those who try a model: from the run's data or from its scaling."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Report
from nnscratch.data.preprocessing import typical_value
from nnscratch.errors import NNScratchError
from nnscratch.model.predictor import Predictor
from nnscratch.runs import RunFiles

_DEVIATIONS = 3.0
# Of values written as text, so that 0.1 + 0.2 is 0.3.
_DIGITS = 6


class Range(NamedTuple):
    """What a column's numbers lie between."""

    low: float
    high: float
    typical: float


def known_ranges(model: Predictor) -> tuple[Range | None, ...]:
    """Returns what a model file knows: the mean ± 3 standard deviations, if it standardizes.

    Where it scales by the smallest and largest value, the range is too wide; without scaling it is
    −3 to 3.
    """
    preprocessing = model.members[0].preprocessing  # all members have the same columns
    shift, factor = preprocessing.scaling
    columns = preprocessing.columns
    shifts = np.broadcast_to(shift, columns).tolist()
    units = np.broadcast_to(1.0 / factor, columns).tolist()
    return tuple(
        None if feature.categories is not None else _around(shifts[i], units[i])
        for i, feature in enumerate(model.features)
    )


def data_ranges(
    found: RunFiles, model: Predictor, report: Report
) -> tuple[Range | None, ...] | None:
    """Returns the ranges in the training rows; None if the run's data is not to be had."""
    from nnscratch.experiment.run_data import load_data

    try:
        inputs = load_data(found, model, report=report).splits["train"].inputs
    except (NNScratchError, OSError):
        return None
    return tuple(
        None
        if feature.categories is not None
        else _observed(inputs[:, i].astype(np.float64), typical_value(inputs[:, i], feature))
        for i, feature in enumerate(model.features)
    )


def _observed(column: NDArray[np.float64], typical: float) -> Range | None:
    known = column[~np.isnan(column)]
    if not len(known):
        return _around(typical, 1.0)
    low, high = float(known.min()), float(known.max())
    return Range(low, high, typical) if low < high else _around(typical, 1.0)


def _around(middle: float, unit: float) -> Range:
    spread = _DEVIATIONS * abs(unit)
    low, high, typical = (_short(x) for x in (middle - spread, middle + spread, middle))
    return Range(low, high, typical) if low < high else Range(middle - 1, middle + 1, middle)


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
