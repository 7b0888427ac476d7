"""Answers without a network: the commonest class or the mean, a linear model, and neighbours.

All take targets as numbers (rows, outputs), a class being 1 in its own column and 0 in the others,
so that what they answer are shares or probabilities.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.nn.parameters import Array

# Takes inputs and targets to learn from, and inputs to answer.
Predictor = Callable[[Array, Array, Array], Array]

_NEIGHBOURS, _FOLDS = 5, 5
# Multiply-adds that a linear model may take, and the iterations that these allow.
_WORK, _FEWEST_ITERATIONS, _MOST_ITERATIONS = 2e11, 20, 300


def predictors(encoding: TargetEncoding) -> dict[str, Predictor]:
    """Returns what can answer such targets by looking at the inputs, by name."""
    if encoding.classes is not None:
        linear = classify
    else:
        linear = _classify_each if encoding.multi_label else _regress
    return {"a linear model": linear, f"{_NEIGHBOURS} nearest neighbours": _ask_neighbours}


def cross_validate(predict: Predictor, x: Array, y: Array) -> Array:
    """Answers each fifth of some rows, which are in random order, after learning from the rest."""
    folds = np.empty(len(y), np.intp)
    # Dealt out class by class, so that each fold has of each class its share.
    folds[y.argmax(axis=1).argsort(kind="stable")] = np.arange(len(y)) % _FOLDS
    answers = np.empty_like(y)
    for fold in range(_FOLDS):
        held_out = folds == fold
        answers[held_out] = predict(x[~held_out], y[~held_out], x[held_out])
    return answers


def answer_mean(_: Array, y: Array, unknown: Array) -> Array:
    """Returns the same for every row: the mean, or the share of each class."""
    return np.broadcast_to(y.mean(axis=0), (len(unknown), y.shape[1]))


def classify(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the probability of each class by logistic regression."""
    from sklearn.linear_model import LogisticRegression

    classes = y.argmax(axis=1)
    if not np.ptp(classes):
        return answer_mean(x, y, unknown)
    affordable = int(_WORK / (4 * x.size * y.shape[1]))
    iterations = min(_MOST_ITERATIONS, max(_FEWEST_ITERATIONS, affordable))
    answers = np.zeros((len(unknown), y.shape[1]))
    with _quiet():
        model = LogisticRegression(max_iter=iterations).fit(x, classes)
        answers[:, model.classes_] = model.predict_proba(unknown)
    return answers


def _classify_each(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the probability of each label by a logistic regression of its own."""
    columns = [classify(x, np.stack([1 - label, label], axis=1), unknown)[:, 1] for label in y.T]
    return np.stack(columns, axis=1)


def _regress(x: Array, y: Array, unknown: Array) -> Array:
    from sklearn.linear_model import Ridge

    with _quiet():
        answers: Array = Ridge().fit(x, y).predict(unknown)
    return answers.reshape(len(unknown), -1)


def _ask_neighbours(x: Array, y: Array, unknown: Array) -> Array:
    """Returns the mean target of the nearest rows, so for classes the share of each."""
    from sklearn.neighbors import KNeighborsRegressor

    model = KNeighborsRegressor(min(_NEIGHBOURS, len(x))).fit(x, y)
    answers: Array = model.predict(unknown)
    return answers.reshape(len(unknown), -1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silences what a rough figure need not tell: that a solver came near only."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "Ill-conditioned matrix", RuntimeWarning)
        yield
