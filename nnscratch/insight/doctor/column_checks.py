"""Columns that are constant, mostly missing, duplicate another or leak the target.

One that leaks the target may be a column that is filled in only once the answer is known.
"""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural, some, some_names
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.remedies import leave_out
from nnscratch.nn.parameters import Array

# A column is mostly missing if this share of its values is.
_MOSTLY = 0.5
_MIN_ROWS = 40
_MAX_ROWS = 2_000
_MAX_COLUMNS = 300
# A column leaks a class if it leaves at most this share of the errors of always predicting the
# most common one, and a number if their rank correlation is at least this.
_MAX_ERRORS_LEFT = 0.04
_MIN_RANK_CORRELATION = 0.999


def check_columns(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns that are constant in the training rows, or duplicates of another."""
    dataset, config = experiment.dataset, experiment.config
    inputs = dataset.splits["train"].inputs
    # Unlike min and max, these two ignore missing values.
    is_constant = ~(np.fmin.reduce(inputs, axis=0) < np.fmax.reduce(inputs, axis=0))
    if dataset.image:
        shares = f"{is_constant.sum():,} of {is_constant.size:,}"
        yield Finding(f"constant pixels: {shares}, as is usual at the edges of images")
        return
    constant = [dataset.features[i].name for i in np.flatnonzero(is_constant)]
    duplicates = _find_duplicates(dataset, is_constant)
    if constant:
        rule = f"columns that are constant in the training rows: {some_names(constant)}"
        yield Finding(rule, remedy=leave_out(config, constant), level="look")
    yield from _check_missing(experiment)
    if duplicates:
        pairs = some([f"{copy} = {original}" for copy, original in duplicates.items()])
        rule = f"columns that duplicate another, value by value: {pairs}"
        # One override has to name all columns that are left out.
        remedy = leave_out(config, [*constant, *duplicates])
        yield Finding(rule, remedy=remedy, level="look")
    if not constant and not duplicates:
        columns = plural(is_constant.size, "column")
        yield Finding(f"no column is constant or duplicates another ({columns})")


def check_leakage(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns each of which predicts the target on its own."""
    dataset, encoding = experiment.dataset, experiment.model.encoding
    has_several_targets = encoding.multi_label or encoding.numbers > 1
    if dataset.image or has_several_targets or not 1 < len(dataset.features) <= _MAX_COLUMNS:
        return
    rows = sample(dataset.splits["train"], _MAX_ROWS, experiment.config.seed)
    if len(rows) < _MIN_ROWS:
        return
    predicts = _predicts_numbers if encoding.classes is None else _predicts_classes
    columns = zip(dataset.features, rows.inputs.astype(np.float64).T, strict=True)
    targets = rows.targets.reshape(-1)
    names = [feature.name for feature, column in columns if predicts(column, targets)]
    if names:
        rule = f"columns that alone predict the target of nearly all rows: {some_names(names)}"
        left_out = leave_out(experiment.config, names)
        remedy = f"if their values are known only once the target is, {left_out}"
        yield Finding(rule, remedy=remedy, level="look")


def _check_missing(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns with hardly any values in the training rows."""
    dataset = experiment.dataset
    shares = np.isnan(dataset.splits["train"].inputs).mean(axis=0)
    missing = {dataset.features[i].name: shares[i] for i in np.flatnonzero(shares > _MOSTLY)}
    if missing:
        columns = some_names([f"{name} ({share:.1%})" for name, share in missing.items()])
        remedy = (
            f"{leave_out(experiment.config, [*missing])}; where a missing value means none, write "
            "a word for it instead, so that it is a category"
        )
        rule = f"columns that are mostly missing in the training rows: {columns}"
        yield Finding(rule, remedy=remedy, level="look")


def _find_duplicates(dataset: Dataset, constant: NDArray[np.bool_]) -> dict[str, str]:
    """Returns the name of each column that equals an earlier one, and the name of the latter."""
    originals: dict[tuple[object, bytes], str] = {}
    duplicates = {}
    inputs = dataset.splits["train"].inputs
    for i in np.flatnonzero(~constant):
        feature = dataset.features[i]
        # Adding zero makes −0 and 0 the same.
        digest = blake2b((inputs[:, i] + 0).data).digest()
        original = originals.setdefault((feature.categories, digest), feature.name)
        if original is not feature.name:
            duplicates[feature.name] = original
    return duplicates


def _predicts_classes(column: Array, classes: NDArray[np.intp]) -> bool:
    """Returns whether a few thresholds on a column separate the classes, by cross-validation."""
    from pandas import Series
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    counts = np.bincount(classes)
    tree = DecisionTreeClassifier(max_leaf_nodes=max(4, 2 * len(counts)))
    # Ranks have the same thresholds, and trees take no number that is too large for float32.
    ranks = Series(column).rank().to_numpy()[:, np.newaxis]
    accuracy = cross_val_score(tree, ranks, classes, cv=KFold(5)).mean()
    constant_errors = 1.0 - counts.max() / len(classes)
    return bool(constant_errors > 0 and 1.0 - accuracy <= _MAX_ERRORS_LEFT * constant_errors)


def _predicts_numbers(column: Array, numbers: NDArray[np.floating]) -> bool:
    """Returns whether a column orders the rows as the numbers do, by Spearman's correlation."""
    from pandas import Series

    known = np.isfinite(column)
    column, numbers = column[known], numbers[known]
    if len(column) < _MIN_ROWS or not (np.ptp(column) and np.ptp(numbers)):
        return False
    ranks = [Series(values).rank() for values in (column, numbers)]
    return bool(abs(np.corrcoef(ranks)[0, 1]) >= _MIN_RANK_CORRELATION)
