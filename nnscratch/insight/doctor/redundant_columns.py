"""Columns without information of their own: constant ones, and duplicates of another."""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural, some, some_names
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.remedies import leave_out_columns


def check_columns(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns that are constant in the training rows, or duplicates of another."""
    dataset, config = experiment.dataset, experiment.config
    is_constant = _find_constant(dataset.splits["train"].inputs)
    if dataset.image:
        shares = f"{is_constant.sum():,} of {is_constant.size:,}"
        yield Finding(f"constant pixels: {shares}, as is usual at the edges of images")
        return
    constant = [dataset.features[i].name for i in np.flatnonzero(is_constant)]
    duplicates = _find_duplicates(dataset, is_constant)
    if constant:
        rule = f"columns that are constant in the training rows: {some_names(constant)}"
        yield Finding(rule, remedy=leave_out_columns(config, constant), level="look")
    if duplicates:
        pairs = some([f"{copy} = {original}" for copy, original in duplicates.items()])
        rule = f"columns that duplicate another, value by value: {pairs}"
        # One override has to name all columns that are left out.
        remedy = leave_out_columns(config, [*constant, *duplicates])
        yield Finding(rule, remedy=remedy, level="look")
    if not constant and not duplicates:
        columns = plural(is_constant.size, "column")
        yield Finding(f"no column is constant or duplicates another ({columns})")


def _find_constant(inputs: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Returns whether each column has one value only, missing values aside; (columns,)."""
    # Unlike min and max, these two ignore missing values.
    lowest, highest = np.fmin.reduce(inputs, axis=0), np.fmax.reduce(inputs, axis=0)
    varies: NDArray[np.bool_] = lowest < highest
    return ~varies


def _find_duplicates(dataset: Dataset, constant: NDArray[np.bool_]) -> dict[str, str]:
    """Returns the name of each column that equals an earlier one, and the name of the latter."""
    originals: dict[bytes, str] = {}
    duplicates = {}
    inputs = dataset.splits["train"].inputs
    for i in np.flatnonzero(~constant):
        feature = dataset.features[i]
        # Adding zero makes −0 and 0 the same.
        column = np.ascontiguousarray(inputs[:, i]) + 0
        digest = blake2b(repr(feature.categories).encode())
        digest.update(column.data)
        original = originals.setdefault(digest.digest(), feature.name)
        if original is not feature.name:
            duplicates[feature.name] = original
    return duplicates
