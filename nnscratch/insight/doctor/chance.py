"""Whether predictions have anything to do with the targets, or are no better than chance."""

from math import sqrt

import numpy as np

from nnscratch.insight.doctor.baseline_predictions import BaselinePredictions
from nnscratch.nn.parameters import Array

# With fewer errors of the constant prediction there is no room to beat it by more than chance.
_MIN_ERRORS = 10
# Standard errors above or below what chance gives. Cross-validation puts uninformative predictions
# a little below, since the rest lacks just the targets held out; so more are required there.
_ERRORS_ABOVE = 2.0
_ERRORS_BELOW = 4.0


def is_no_better_than_chance(predictions: BaselinePredictions, *, classes: bool) -> bool:
    """Returns whether no model's predictions go with the targets by more than chance explains.

    With predictions p and targets t, a row's share in their covariance is Σ (p − p̄)(t − t̄) over
    the outputs. A model beats chance where the mean share is more than two standard errors above
    0; or, for classes, where that of the gain in correct predictions is. Predictions that are
    surely wrong say something too, as those of neighbours do for a parity: there the mean is more
    than four standard errors below 0. Where the rows are too few to decide, the answer is False.

    Args:
        predictions: Of the constant prediction and the models.
        classes: Whether a row's class is the output with the largest number.
    """
    targets = predictions.targets
    if not predictions.models or not np.ptp(targets, axis=0).any():
        return False
    correct: Array = np.zeros(len(targets))
    if classes:
        correct = _correct(predictions.constant, targets)
    if len(targets) - correct.sum() < _MIN_ERRORS:
        return False
    deviations = targets - targets.mean(axis=0)
    for predicted in predictions.models.values():
        covariances = ((predicted - predicted.mean(axis=0)) * deviations).sum(axis=1)
        if _exceeds_zero(covariances, _ERRORS_ABOVE) or _exceeds_zero(-covariances, _ERRORS_BELOW):
            return False
        # A model is seldom correct as often as the constant prediction; less often says nothing.
        if classes and _exceeds_zero(_correct(predicted, targets) - correct, _ERRORS_ABOVE):
            return False
    return True


def _correct(predicted: Array, targets: Array) -> Array:
    """Returns 1 for each row whose largest output is its class, else 0."""
    correct: Array = (predicted.argmax(axis=1) == targets.argmax(axis=1)).astype(np.float64)
    return correct


def _exceeds_zero(values: Array, standard_errors: float) -> bool:
    """Returns whether the mean of values (rows,) is this many standard errors above 0."""
    return bool(values.mean() > standard_errors * values.std() / sqrt(len(values)))
