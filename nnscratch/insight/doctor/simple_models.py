"""Models to compare a network with: the mean, a linear model, and nearest neighbours.

All take targets as numbers (rows, outputs), a class being 1 in its own column and 0 in the others,
so that their predictions are shares or probabilities.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.nn.parameters import Array

# Takes inputs and targets to learn from and other inputs, and returns predictions for the latter.
SimpleModel = Callable[[Array, Array, Array], Array]

_NEIGHBOURS = 5
_FOLDS = 5
# The iterations of a logistic regression are what this many multiply-adds allow, within limits.
_MAX_MULTIPLY_ADDS = 2e11
_MIN_ITERATIONS = 20
_MAX_ITERATIONS = 300


def choose_models(encoding: TargetEncoding) -> dict[str, SimpleModel]:
    """Returns the models that suit such targets and look at the inputs, by name."""
    linear = predict_numbers
    if encoding.classes is not None:
        linear = predict_classes
    elif encoding.multi_label:
        linear = predict_labels
    return {"a linear model": linear, f"{_NEIGHBOURS} nearest neighbours": predict_by_neighbours}


def cross_validate(predict: SimpleModel, x: Array, y: Array) -> Array:
    """Predicts each fifth of some rows, which are in random order, from the others."""
    folds = np.empty(len(y), np.intp)
    # Dealt out class by class, so that each fold has its share of each class.
    folds[y.argmax(axis=1).argsort(kind="stable")] = np.arange(len(y)) % _FOLDS
    predictions = np.empty_like(y)
    for fold in range(_FOLDS):
        held_out = folds == fold
        predictions[held_out] = predict(x[~held_out], y[~held_out], x[held_out])
    return predictions


def predict_mean(_: Array, y: Array, unknown: Array) -> Array:
    """Returns the mean, or the share of each class, for every row."""
    return np.broadcast_to(y.mean(axis=0), (len(unknown), y.shape[1]))


def predict_classes(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the probability of each class by logistic regression."""
    from sklearn.linear_model import LogisticRegression

    classes = y.argmax(axis=1)
    if not np.ptp(classes):
        return predict_mean(x, y, unknown)
    affordable = int(_MAX_MULTIPLY_ADDS / (4 * x.size * y.shape[1]))
    iterations = min(_MAX_ITERATIONS, max(_MIN_ITERATIONS, affordable))
    predictions = np.zeros((len(unknown), y.shape[1]))
    with _silenced():
        model = LogisticRegression(max_iter=iterations).fit(x, classes)
        predictions[:, model.classes_] = model.predict_proba(unknown)
    return predictions


def predict_labels(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the probability of each label by a logistic regression of its own."""
    both = (np.stack([1 - label, label], axis=1) for label in y.T)
    return np.stack([predict_classes(x, label, unknown)[:, 1] for label in both], axis=1)


def predict_numbers(x: Array, y: Array, unknown: Array) -> Array:
    """Returns numbers by ridge regression."""
    from sklearn.linear_model import Ridge

    with _silenced():
        return np.reshape(Ridge().fit(x, y).predict(unknown), (len(unknown), -1))


def predict_by_neighbours(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the mean target of the nearest rows, which for classes is the share of each."""
    from sklearn.neighbors import KNeighborsRegressor

    with _silenced():
        model = KNeighborsRegressor(min(_NEIGHBOURS, len(x))).fit(x, y)
        return np.reshape(model.predict(unknown), (len(unknown), -1))


@contextmanager
def _silenced() -> Iterator[None]:
    """Silences all warnings: a baseline may be rough, and users of doctor did not call it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
