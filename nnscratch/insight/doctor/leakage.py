"""Columns that give the target away, as one that is filled in only once the answer is known."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import some_names
from nnscratch.insight.doctor.data_checks import leave_out
from nnscratch.insight.doctor.finding import Finding
from nnscratch.nn.parameters import Array

_LEAST_ROWS, _MOST_ROWS, _MOST_COLUMNS = 40, 2_000, 300
# So much of what the commonest class gets wrong, or of the order of numbers, is left open.
_WRONG, _DISORDER = 0.04, 0.001


def check_giveaways(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns each of which alone says what is to be predicted."""
    dataset, encoding = experiment.dataset, experiment.model.encoding
    several = encoding.multi_label or encoding.numbers > 1
    if dataset.image or several or not 1 < len(dataset.features) <= _MOST_COLUMNS:
        return
    rows = sample(dataset.splits["train"], _MOST_ROWS, experiment.config.seed)
    if len(rows) < _LEAST_ROWS:
        return
    tells = _sorts if encoding.classes is not None else _orders
    columns = zip(dataset.features, rows.inputs.astype(np.float64).T, strict=True)
    targets = rows.targets.reshape(-1)
    names = [feature.name for feature, column in columns if tells(column, targets)]
    if names:
        each = "each of the columns" if len(names) > 1 else "the column"
        yield Finding(
            "look",
            f"{each} {some_names(names)} alone tells the target of nearly all rows",
            f"where it is known only once the answer is, {leave_out(experiment.config, names)}",
        )


def _sorts(column: Array, classes: NDArray[np.intp]) -> bool:
    """Says whether a few thresholds on a column set the classes apart, by cross-validation."""
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    counts = np.bincount(classes)
    tree = DecisionTreeClassifier(max_leaf_nodes=max(4, 2 * len(counts)))
    right = cross_val_score(tree, column[:, np.newaxis], classes, cv=KFold(5)).mean()
    left = 1.0 - counts.max() / len(classes)
    return bool(left > 0 and 1.0 - right <= _WRONG * left)


def _orders(column: Array, numbers: NDArray[np.floating]) -> bool:
    """Says whether a column has the order of the numbers, by Spearman's rank correlation."""
    from pandas import Series

    known = np.isfinite(column)
    column, numbers = column[known], numbers[known]
    if len(column) < _LEAST_ROWS or not (np.ptp(column) and np.ptp(numbers)):
        return False
    ranks = [Series(values).rank() for values in (column, numbers)]
    return bool(abs(np.corrcoef(ranks)[0, 1]) >= 1.0 - _DISORDER)
