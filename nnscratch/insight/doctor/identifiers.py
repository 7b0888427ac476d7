"""Columns that name rows rather than describe them: ids, row numbers and categories like names.

A network can only memorize them, and no new row has the same.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, some, some_names
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.remedies import leave_out

_MIN_ROWS = 20
# All values are different by chance with a probability of at most e⁻⁷, about a thousandth.
_MIN_EXPECTED_PAIRS = 7.0
# Numbers that chance made are neither in the order of the file, nor nearly all numbers of a range,
# nor long.
_DENSE = 0.9
_LONG = 1_000
_YEARS = (1500, 2100)
# Larger floats are whole only because they have no digits left.
_LARGEST_EXACT = 2.0**53
# Names of ids: `id`, `order_id`, `CustomerId`, `invoice no`.
_NAME = re.compile(r"(^|.*[\W_])(id|no|nr|number|key|index)|.*[a-z](Id|ID|No|Nr|Number|Key|Index)")
# Categories are like names if there are many and each has few rows.
_MANY_CATEGORIES = 100
_FEW_ROWS_OF_EACH = 10


def check_identifiers(experiment: Experiment) -> Iterator[Finding]:
    """Looks for numbers that are different in every row, and for columns with many categories."""
    dataset = experiment.dataset
    if dataset.image or len(dataset.features) < 2:
        return
    inputs = [split.inputs for split in dataset.splits.values()]
    ids = [
        feature.name
        for i, feature in enumerate(dataset.features)
        if feature.categories is None
        and is_identifier(feature.name, [part[:, i].astype(np.float64) for part in inputs])
    ]
    if ids:
        rule = f"columns with another whole number in every row, like ids: {some_names(ids)}"
        remedy = f"if they only name the rows, {leave_out(experiment.config, ids)}"
        yield Finding(rule, remedy=remedy, level="look")
    yield from _check_categories(experiment)


def is_identifier(name: str, parts: Sequence[NDArray[np.floating]]) -> bool:
    """Returns whether whole numbers are all different, where chance would make some the same.

    n numbers out of N have n (n − 1) / 2N pairs of the same on average. N counts the multiples of
    the numbers' greatest common divisor in their range. Measurements can be spread evenly too, so
    that short numbers have to be consecutive as well, or in the order of the file. A column with
    the name of an id only has to have different numbers, and years are none.

    Args:
        name: The column's name.
        parts: Its numbers in each part, (rows,), in the order of the file.
    """
    numbers = np.concatenate(parts)
    if len(numbers) < _MIN_ROWS or not _are_different_and_whole(numbers):
        return False
    if _NAME.fullmatch(name.strip()):
        return True
    rows, low, high = len(numbers), int(numbers.min()), int(numbers.max())
    if low >= _YEARS[0] and high <= _YEARS[1]:
        return False
    possible = (high - low) // int(np.gcd.reduce(numbers.astype(np.int64) - low)) + 1
    is_long = min(abs(low), abs(high)) >= _LONG
    is_in_order = all((np.diff(part) > 0).all() for part in parts)
    may_be_chance = not (is_long or is_in_order or rows >= _DENSE * possible)
    return not may_be_chance and rows * (rows - 1) >= 2 * _MIN_EXPECTED_PAIRS * possible


def _are_different_and_whole(numbers: NDArray[np.floating]) -> bool:
    is_exact = bool((np.abs(numbers) < _LARGEST_EXACT).all())  # which nan is not
    return (
        is_exact
        and np.ptp(numbers) >= len(numbers) - 1
        and np.array_equal(numbers, np.floor(numbers))
        and len(np.unique(numbers)) == len(numbers)
    )


def _check_categories(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns with many categories of few rows each."""
    dataset = experiment.dataset
    rows, inputs = len(dataset.splits["train"]), experiment.model.preprocessing.outputs
    like_names = [feature for feature in dataset.features if _is_like_names(feature, rows)]
    if like_names:
        columns = some(
            [
                f"{label_text(f.name)} takes {f.width:,} of the network's {inputs:,} inputs "
                f"({f.width / inputs:.0%}), one for every {rows / f.width:.1f} rows"
                for f in like_names
            ]
        )
        remedy = (
            f"{leave_out(experiment.config, [f.name for f in like_names])}, or group the "
            "categories into fewer"
        )
        yield Finding(
            f"columns with too many categories to learn from: {columns}",
            remedy=remedy,
            level="look",
        )


def _is_like_names(feature: Feature, rows: int) -> bool:
    categories = len(feature.categories or ())
    return categories >= _MANY_CATEGORIES and rows < _FEW_ROWS_OF_EACH * categories
