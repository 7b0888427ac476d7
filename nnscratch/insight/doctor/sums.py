"""Leakage of a target that is a sum of input columns, such as casual + registered = total."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.remedies import leave_out

_MIN_ROWS = 40
_MAX_ROWS = 2_000
_MAX_COLUMNS = 300
_MAX_TERMS = 8
_MAX_COEFFICIENT = 10
# What is left of the target, as a share of its standard deviation: the decimals of files.
_ROUNDING = 1e-3
# Columns with a larger share of missing values leave too few rows.
_MAX_MISSING = 0.2


def check_sums(experiment: Experiment) -> Iterator[Finding]:
    """Looks for input columns whose sum or difference is the target."""
    dataset, encoding = experiment.dataset, experiment.model.encoding
    has_one_number = encoding.classes is None and encoding.numbers == 1 and not encoding.multi_label
    if dataset.image or not has_one_number or not 1 < len(dataset.features) <= _MAX_COLUMNS:
        return
    rows = sample(dataset.splits["train"], _MAX_ROWS, experiment.config.seed)
    inputs = rows.inputs.astype(np.float64)
    used = [
        i
        for i, feature in enumerate(dataset.features)
        if feature.categories is None and np.isnan(inputs[:, i]).mean() <= _MAX_MISSING
    ]
    complete = ~np.isnan(inputs[:, used]).any(axis=1)
    terms = find_sum(inputs[complete][:, used], rows.targets[complete, 0].astype(np.float64))
    if len(terms) < 2:
        return
    names = [dataset.features[used[i]].name for i in terms]
    target = label_text(encoding.names[0]) if encoding.names else "the target"
    total = "".join(map(_term, terms.values(), names)).removeprefix(" + ").strip()
    rule = f"the target is a sum of columns: {target} = {total}"
    remedy = (
        f"if their values are known only once the target is, {leave_out(experiment.config, names)}"
    )
    yield Finding(rule, remedy=remedy, level="look")


def find_sum(columns: NDArray[np.floating], target: NDArray[np.floating]) -> dict[int, int]:
    """Returns the whole coefficients, by column, with which columns add up to a target.

    A constant may be added. Columns are chosen one after the other, each the one that goes best
    with what the others leave of the target (orthogonal matching pursuit).

    Args:
        columns: (rows, columns), without missing values.
        target: (rows,).

    Returns:
        An empty mapping if there are none.
    """
    spread = np.ptp(target) if len(target) >= _MIN_ROWS else 0.0
    if not spread > 0 or not np.isfinite(spread):
        return {}
    scale = np.abs(columns).max(axis=0)
    x = columns / np.where(scale > 0, scale, 1.0)
    x -= x.mean(axis=0)
    lengths = np.linalg.norm(x, axis=0)
    x /= np.where(lengths > 1e-9, lengths, np.inf)
    y = target / spread
    y -= y.mean()
    chosen: list[int] = []
    left = y
    for _ in range(min(_MAX_TERMS, x.shape[1])):
        chosen.append(int(np.abs(x.T @ left).argmax()))
        weights = np.linalg.lstsq(x[:, chosen], y, rcond=None)[0]
        left = y - x[:, chosen] @ weights
        if np.abs(left).max() <= _ROUNDING * y.std():
            coefficients = weights * spread / (lengths[chosen] * scale[chosen])
            return _whole(chosen, coefficients, columns, target)
    return {}


def _whole(
    chosen: list[int],
    coefficients: NDArray[np.floating],
    columns: NDArray[np.floating],
    target: NDArray[np.floating],
) -> dict[int, int]:
    """Returns coefficients rounded to whole numbers, if the sum remains the target."""
    if not np.abs(coefficients).max() < _MAX_COEFFICIENT + 0.5:
        return {}
    rounded = np.rint(coefficients)
    left = target - columns[:, chosen] @ rounded
    if np.abs(left - np.median(left)).max() > _ROUNDING * target.std():
        return {}
    pairs = sorted(zip(chosen, rounded.astype(int).tolist(), strict=True))
    return {column: coefficient for column, coefficient in pairs if coefficient}


def _term(coefficient: int, name: str) -> str:
    size = "" if abs(coefficient) == 1 else f"{abs(coefficient)} "
    return f" {'-' if coefficient < 0 else '+'} {size}{label_text(name)}"
