"""What a network has to beat, and whether the inputs are related to the targets at all."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from nnscratch.config.settings.datasets import PreparedSettings
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text
from nnscratch.insight.doctor.baseline_predictions import (
    Baselines,
    cross_validate_baselines,
    keep_finite,
    predict_baselines,
)
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.outliers import check_outliers
from nnscratch.nn.metrics import regression_scores
from nnscratch.nn.parameters import Array

# With fewer held-out rows, the training rows have to lead to the same conclusion.
_MIN_ROWS_TO_BE_SURE = 200
# With fewer errors of the constant prediction there is no room to beat it by more than chance.
_MIN_ERRORS = 10
# Standard errors above or below what chance gives. Cross-validation puts uninformative predictions
# a little below, since the rest lacks just the targets held out; so more are required there.
_ERRORS_ABOVE = 2.0
_ERRORS_BELOW = 4.0
# The skewness of a target whose logarithm is tried too; that of the exponential distribution is 2.
_SKEWED = 1.0
# How much larger R² has to be for the logarithm, for it to be recommended.
_MIN_GAIN = 0.1


def check_baselines(experiment: Experiment) -> Iterator[Finding]:
    """Reports the scores of simple models, and whether any of them beats chance."""
    baselines = predict_baselines(experiment)
    heavy = has_heavy_tail(experiment)
    logarithms = predict_baselines(experiment, logarithms=True) if heavy else None
    predictions = baselines.models | {_name_constant(experiment, baselines): baselines.constant}
    if logarithms:
        predictions |= _without_logarithm(logarithms)
    scores = {name: _score(experiment, p, baselines.targets) for name, p in predictions.items()}
    if not _are_no_better_than_chance(experiment, baselines, logarithms):
        best, *others = sorted(scores, key=lambda name: scores[name][0], reverse=True)
        rule = f"baseline to beat on {baselines.rows}: {scores[best][1]}, by {best}"
        listed = "; ".join(f"{name}: {scores[name][1]}" for name in others)
        yield Finding(f"{rule} ({listed})" if others else rule)
        if logarithms and getattr(experiment.config.dataset, "target_transform", "none") == "none":
            yield from _check_logarithms(experiment, baselines, logarithms)
        return
    listed = "; ".join(f"{name}: {score}" for name, (_, score) in scores.items())
    rule = (
        "the inputs seem to say nothing about the targets: no simple model beats chance by two "
        f"standard errors on {baselines.rows} ({listed})"
    )
    remedy = (
        "check that rows and targets are not shuffled against each other, and that the columns are "
        "the intended ones"
    )
    if any(check_outliers(experiment)):
        remedy = (
            f"first correct the values far outside the rest, which drown out all others; {remedy}"
        )
    if len(baselines.targets) >= _MIN_ROWS_TO_BE_SURE or _are_no_better_than_chance(
        experiment,
        cross_validate_baselines(experiment),
        cross_validate_baselines(experiment, logarithms=True) if heavy else None,
    ):
        yield Finding(rule, remedy=remedy, level="problem")
    else:
        yield Finding(rule, remedy=f"{remedy}; hold out more rows to be surer", level="look")


def has_heavy_tail(experiment: Experiment) -> bool:
    """Returns whether one number is to be predicted, above 0 and skewed less as a logarithm."""
    dataset, encoding = experiment.dataset, experiment.model.encoding
    if encoding.classes is not None or encoding.multi_label or encoding.numbers > 1:
        return False
    targets = np.concatenate([split.targets for split in dataset.splits.values()])
    if not (targets > 0).all():
        return False
    skewness = _skewness(targets / targets.max())
    return skewness > _SKEWED and abs(_skewness(np.log(targets))) < skewness


def _check_logarithms(
    experiment: Experiment, baselines: Baselines, logarithms: Baselines
) -> Iterator[Finding]:
    """Reports whether simple models predict the logarithm of the target clearly better.

    They have to do so on the scale of the logarithm and, since R² differs from scale to scale, in
    the target's own units by the mean absolute error, which single large numbers do not decide.
    """
    if not (baselines.models and logarithms.models):
        return
    targets = baselines.targets
    fits = {name: _r2(logarithms.targets, p) for name, p in logarithms.models.items()}
    best = max(fits, key=lambda name: fits[name])
    r2 = max(_r2(targets, predicted) for predicted in baselines.models.values())
    error = min(_mean_error(targets, predicted) for predicted in baselines.models.values())
    error_of_best = _mean_error(targets, np.exp(logarithms.models[best]))
    if fits[best] - max(r2, 0.0) < _MIN_GAIN or not error_of_best < error:
        return
    rule = (
        "the logarithm of the target is predicted better than the target, of which a few large "
        f"numbers outweigh all others: {best} reaches R² {fits[best]:.3f} on the logarithm and is "
        f"off by {error_of_best:.4g} on average, against R² {r2:.3f} and {error:.4g} without it"
    )
    remedy = "learn the logarithm of the target"
    if isinstance(experiment.config.dataset, PreparedSettings):
        remedy = f"{remedy}: dataset.target_transform=log"
    yield Finding(rule, remedy=remedy, level="look")


def _without_logarithm(logarithms: Baselines) -> dict[str, Array]:
    """Returns the predictions in the target's own units."""
    models = logarithms.models.items()
    return keep_finite({f"{name} of the logarithm": np.exp(p) for name, p in models})


def _are_no_better_than_chance(
    experiment: Experiment, baselines: Baselines, logarithms: Baselines | None
) -> bool:
    """Returns whether models of the targets are no better than chance, nor of their logarithms."""
    classes = experiment.dataset.classes is not None
    if not is_no_better_than_chance(baselines, classes=classes):
        return False
    return logarithms is None or is_no_better_than_chance(logarithms, classes=False)


def is_no_better_than_chance(baselines: Baselines, *, classes: bool) -> bool:
    """Returns whether no model's predictions go with the targets by more than chance explains.

    With predictions p and targets t, a row's share in their covariance is Σ (p − p̄)(t − t̄) over
    the outputs. A model beats chance where the mean share is more than two standard errors above
    0; or, for classes, where that of the gain in correct predictions is. Predictions that are
    reliably wrong are informative too, as those of neighbours are for a parity: there the mean is
    more than four standard errors below 0. Where the rows are too few to decide, the answer is
    False.

    Args:
        baselines: Of the constant prediction and the models.
        classes: Whether a row's class is the output with the largest number.
    """
    targets = baselines.targets
    if not baselines.models or not np.ptp(targets, axis=0).any():
        return False
    correct: NDArray[np.bool_] = np.zeros(len(targets), np.bool_)
    if classes:
        correct = _is_correct(baselines.constant, targets)
    if np.count_nonzero(~correct) < _MIN_ERRORS:
        return False
    # The unit of the targets does not matter, but products of tiny numbers are 0.
    unit = np.abs(targets).max()
    deviations = (targets - targets.mean(axis=0)) / unit
    for predicted in baselines.models.values():
        covariances = ((predicted - predicted.mean(axis=0)) / unit * deviations).sum(axis=1)
        if _exceeds_zero(covariances, _ERRORS_ABOVE) or _exceeds_zero(-covariances, _ERRORS_BELOW):
            return False
        # A model is seldom correct as often as the constant prediction; less often means nothing.
        gains = _is_correct(predicted, targets).astype(np.float64) - correct
        if classes and _exceeds_zero(gains, _ERRORS_ABOVE):
            return False
    return True


def _is_correct(predicted: Array, targets: Array) -> NDArray[np.bool_]:
    """Returns whether each row's largest output is its class, (rows,)."""
    return np.asarray(predicted.argmax(axis=1) == targets.argmax(axis=1))


def _exceeds_zero(values: Array, standard_errors: float) -> bool:
    """Returns whether the mean of values (rows,) is this many standard errors above 0."""
    return bool(values.mean() > standard_errors * values.std() / sqrt(len(values)))


def _score(experiment: Experiment, predicted: Array, targets: Array) -> tuple[float, str]:
    """Returns a number to compare predictions by, higher is better, and the score as text."""
    encoding = experiment.model.encoding
    if encoding.classes is None and not encoding.multi_label:
        # In units of the largest, since squares of large numbers have no number.
        unit = float(np.abs(targets).max()) or 1.0
        scores = regression_scores(targets / unit, predicted / unit)
        r2 = f"R² {scores['r2']:z.3f}" if np.ptp(targets, axis=0).all() else "R² unknown"
        rmse = f"RMSE {scores['rmse'] * unit:.4g}, " if encoding.numbers == 1 else ""
        return -scores["rmse"], f"{rmse}{r2}"
    correct = (predicted > 0.5) == (targets > 0.5)
    if encoding.classes is not None:
        correct = _is_correct(predicted, targets)
    return float(correct.mean()), f"accuracy {correct.mean():.1%}"


def _name_constant(experiment: Experiment, baselines: Baselines) -> str:
    encoding = experiment.model.encoding
    if encoding.classes is not None:
        most_common = encoding.classes[int(baselines.constant.mean(axis=0).argmax())]
        return f"always predicting {label_text(most_common)}"
    return f"always predicting {'the same labels' if encoding.multi_label else 'the mean'}"


def _skewness(values: Array) -> float:
    """Returns mean((x − x̄)³) / σ³ of values (rows, 1); 0 if they do not vary."""
    deviations = values - values.mean()
    spread = float(deviations.std())
    return float(np.power(deviations / spread, 3).mean()) if spread else 0.0


def _r2(targets: Array, predicted: Array) -> float:
    unit = np.abs(targets).max() or 1.0
    return regression_scores(targets / unit, predicted / unit)["r2"]


def _mean_error(targets: Array, predicted: Array) -> float:
    return float(np.abs(predicted - targets).mean())
