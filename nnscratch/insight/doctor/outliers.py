"""Numbers far outside the rest of their column: mistakes, and codes such as -999 for missing.

A value is far outside if it is so in three ways, so that neither heavy tails nor columns that are
mostly one value raise an alarm: in units of the interquartile range, on a logarithmic scale, and by
an empty gap between it and the rest. Numbers that people write for a missing value, such as -1,
-999 and 9999, only have to stand apart.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, plural, some
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.remedies import read_as_missing, written

_MIN_ROWS = 20
# What remains of a column has to show what is ordinary.
_MIN_OTHERS = 3
# Outliers are this share of the rows at most, unless all of them are one value.
_MAX_SHARE = 0.05
# Interquartile ranges between the upper quartile and an outlier, on the scale of the numbers; on
# that of their logarithms where all are positive; and on that of the logarithms of the distances
# from the median.
_FAR = 10.0
_FAR_IN_LOGARITHMS = 4.0
_FAR_IN_DISTANCES = 3.0
# How many times as far from the median an outlier is as the next of the other values.
_JUMP = 20.0
# A negative code among numbers of at least 0 is this many times as far from them as any two of
# them are from each other, or this many times as frequent as any other.
_APART = 3.0
_FREQUENT = 5.0
_MIN_OTHERS_OF_NEGATIVE = 5
# More values than these at one end are not codes for missing values.
_MAX_CODES = 3


class Outliers(NamedTuple):
    """Values at one end of a column, far outside the rest."""

    values: tuple[float, ...]
    """In ascending order, each once."""
    rows: int
    """The number of rows that have one of them."""


def check_outliers(experiment: Experiment) -> Iterator[Finding]:
    """Looks for numbers far outside the rest of their column, in all inputs and targets."""
    if experiment.dataset.image:
        return
    found: dict[str, list[str]] = {}
    codes: dict[float, None] = {}
    for name, values in _numeric_columns(experiment.dataset):
        for outliers in find_outliers(values):
            found.setdefault(name, []).append(_describe(outliers))
            if len(outliers.values) <= _MAX_CODES:
                codes |= dict.fromkeys(outliers.values)
    if not found:
        return
    columns = some([f"{name} ({', '.join(texts)})" for name, texts in found.items()])
    remedy = "correct these values, or remove their rows"
    missing = read_as_missing(experiment, codes)
    if codes and missing:
        remedy = f"if they stand for missing values, {missing}; else {remedy}"
    rule = f"columns with values far outside the rest: {columns}"
    yield Finding(rule, remedy=remedy, level="look")


def find_outliers(values: NDArray[np.floating]) -> list[Outliers]:
    """Returns the outliers at both ends of a column (rows,), the outermost first."""
    known = values[np.isfinite(values)]
    if len(known) < _MIN_ROWS:
        return []
    distinct, counts = np.unique(known, return_counts=True)
    found = []
    for sign in (1.0, -1.0):
        # Numbers that are negated are in ascending order backwards.
        ascending = sign * distinct[:: int(sign)]
        rows = counts[:: int(sign)]
        while count := _count_outliers(ascending, rows, sign):
            outside = np.sort(sign * ascending[-count:])
            found.append(Outliers(tuple(outside.tolist()), int(rows[-count:].sum())))
            ascending, rows = ascending[:-count], rows[:-count]
        distinct, counts = sign * ascending[:: int(sign)], rows[:: int(sign)]
    return found


def _count_outliers(values: NDArray[np.floating], rows: NDArray[np.intp], sign: float) -> int:
    """Returns how many of the largest values are outliers.

    Args:
        values: In ascending order, each once, (values,).
        rows: The number of rows of each.
        sign: −1 if the numbers are negated.
    """
    if len(values) <= _MIN_OTHERS:
        return 0
    if _is_code(values, rows, sign):
        return 1
    least = len(values) - int(
        np.searchsorted(rows[::-1].cumsum(), _MAX_SHARE * rows.sum(), "right")
    )
    first = max(min(least, len(values) - 1), _MIN_OTHERS)
    median = _quantiles(values, rows, 0.5)[0]
    # Between the values whose distances from the median differ by the largest factor.
    with np.errstate(all="ignore"):
        jumps = (values[first:] - median) / np.abs(values[first - 1 : -1] - median)
    cut = first + int(np.nanargmax(jumps)) if not np.isnan(jumps).all() else len(values)
    if cut == len(values) or jumps[cut - first] < _JUMP or values[cut] == 0.0:
        return 0
    if not _is_far(float(values[cut]), values[:cut], rows[:cut]):
        return 0
    return len(values) - cut


def _is_far(value: float, others: NDArray[np.floating], rows: NDArray[np.intp]) -> bool:
    """Returns whether a value is far above others, on all scales."""
    median, low, high = _quantiles(others, rows, 0.5, 0.25, 0.75)
    if low == high:  # mostly one value: what the others are spread over counts
        low, high = np.quantile(others, [0.25, 0.75])
    # Halves, since the range of the largest floats has no number.
    if value / 2 - high / 2 < _FAR * (high / 2 - low / 2):
        return False
    distances = np.abs(others / 2 - median / 2)
    apart = distances > 0
    if not _is_far_in_logarithms(
        value / 2 - median / 2, distances[apart], rows[apart], _FAR_IN_DISTANCES
    ):
        return False
    positive = others > 0
    return others[0] < 0 or _is_far_in_logarithms(
        value, others[positive], rows[positive], _FAR_IN_LOGARITHMS
    )


def _is_far_in_logarithms(
    value: float, others: NDArray[np.floating], rows: NDArray[np.intp], ranges: float
) -> bool:
    order = np.argsort(others)
    low, high = np.log(_quantiles(others[order], rows[order], 0.25, 0.75))
    return bool(np.log(value) - high >= ranges * (high - low))


def _is_code(values: NDArray[np.floating], rows: NDArray[np.intp], sign: float) -> bool:
    """Returns whether the largest value is one that people write for a missing value."""
    value, others = sign * values[-1], values[:-1]
    digits = written(abs(value))
    if set(digits) == {"9"} and len(digits) > 1 and values[-1] > 0:
        # The rest would have to be twice as wide to reach it.
        return bool(values[-1] - others[-1] >= others[-1] - others[0])
    # One negative number among others that are not; here all numbers are negated.
    is_negative = sign < 0 and (value == -1.0 or set(digits) == {"9"})
    if not is_negative or others[-1] > 0 or len(others) < _MIN_OTHERS_OF_NEGATIVE or rows[-1] < 2:
        return False
    is_apart = values[-1] - others[-1] >= _APART * np.diff(others).max()
    return bool(is_apart or rows[-1] >= _FREQUENT * rows[:-1].max())


def _quantiles(
    values: NDArray[np.floating], rows: NDArray[np.intp], *shares: float
) -> NDArray[np.floating]:
    """Returns the values below which these shares of the rows are; `values` ascend."""
    ends = rows.cumsum()
    positions = np.searchsorted(ends, np.array(shares) * ends[-1])
    return np.asarray(values[positions])


def _numeric_columns(dataset: Dataset) -> Iterator[tuple[str, NDArray[np.floating]]]:
    """Yields the name and the numbers of each column of numbers in all parts, targets last."""
    parts = dataset.splits.values()
    for i, feature in enumerate(dataset.features):
        if feature.categories is None:
            column = np.concatenate([part.inputs[:, i] for part in parts])
            yield label_text(feature.name), column.astype(np.float64, copy=False)
    if dataset.classes is None:
        targets = np.concatenate([part.targets for part in parts])
        for i, numbers in enumerate(targets.astype(np.float64, copy=False).T):
            names = dataset.target_names
            yield f"the target {label_text(names[i])}" if names else "the target", numbers


def _describe(outliers: Outliers) -> str:
    values, rows = outliers.values, plural(outliers.rows, "row")
    if len(values) <= _MAX_CODES:
        return f"{' and '.join(map(written, values))} in {rows}"
    return f"{written(values[0])} to {written(values[-1])} in {rows}"
