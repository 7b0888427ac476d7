"""What a network has to beat, and whether the inputs are related to the targets at all."""

from collections.abc import Iterator
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.sampling import sample
from nnscratch.data.scaling import fit_scaling
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, plural
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.simple_models import choose_models, cross_validate, predict_mean
from nnscratch.nn.metrics import regression_scores
from nnscratch.nn.parameters import Array

# Simple models learn quickly from this many rows or numbers, if these are not too few rows.
_MAX_ROWS = 5_000
_MAX_NUMBERS = 20_000_000
_MIN_ROWS = 200
_MIN_ROWS_TO_CROSS_VALIDATE = 40
# With fewer held-out rows, the training rows have to lead to the same conclusion.
_MIN_ROWS_TO_BE_SURE = 200
# With fewer errors of the constant prediction there is no room to beat it by more than chance.
_MIN_ERRORS = 10
# Standard errors above or below what chance gives. Cross-validation puts uninformative predictions
# a little below, since the rest lacks just the targets held out; so more are required there.
_ERRORS_ABOVE = 2.0
_ERRORS_BELOW = 4.0


class Baselines(NamedTuple):
    """Predictions for the same rows; arrays are (rows, outputs), as in `simple_models`."""

    rows: str
    """A description of the rows."""
    targets: Array
    constant: Array
    """The mean of the training targets, the same for every row."""
    models: dict[str, Array]
    """Predictions by the name of the model; none where there are too few rows to learn from."""


def check_baselines(experiment: Experiment) -> Iterator[Finding]:
    """Reports the scores of simple models, and whether any of them beats chance."""
    baselines = predict_baselines(experiment)
    predictions = baselines.models | {_name_constant(experiment, baselines): baselines.constant}
    scores = {name: _score(experiment, p, baselines.targets) for name, p in predictions.items()}
    classes = experiment.dataset.classes is not None
    if not is_no_better_than_chance(baselines, classes=classes):
        best, *others = sorted(scores, key=lambda name: scores[name][0], reverse=True)
        rule = f"baseline to beat on {baselines.rows}: {scores[best][1]}, by {best}"
        listed = "; ".join(f"{name}: {scores[name][1]}" for name in others)
        yield Finding(f"{rule} ({listed})" if others else rule)
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
    if len(baselines.targets) >= _MIN_ROWS_TO_BE_SURE or is_no_better_than_chance(
        _cross_validate_baselines(experiment), classes=classes
    ):
        yield Finding(rule, remedy=remedy, level="problem")
    else:
        yield Finding(rule, remedy=f"{remedy}; hold out more rows to be surer", level="look")


def predict_baselines(experiment: Experiment) -> Baselines:
    """Has simple models learn from training rows and predict held-out ones.

    The held-out rows are those of the validation part, else of the test part, else the training
    rows themselves by cross-validation.
    """
    splits = experiment.dataset.splits
    name = next((name for name in ("validation", "test") if name in splits), None)
    if name is None:
        return _cross_validate_baselines(experiment)
    train, held_out = _draw(experiment, "train"), _draw(experiment, name)
    x, unknown = _prepare_inputs(experiment, train, held_out)
    y, targets = _as_numbers(experiment, train.targets), _as_numbers(experiment, held_out.targets)
    rows = f"the {plural(len(splits[name]), f'{name} row')}"
    if len(targets) < len(splits[name]):
        rows = f"{len(targets):,} of {rows}"
    constant = np.broadcast_to(_mean_target(experiment), targets.shape)
    models = choose_models(experiment.model.encoding)
    predictions = {name: predict(x, y, unknown) for name, predict in models.items()}
    return Baselines(rows, targets, constant, _keep_finite(predictions))


def _cross_validate_baselines(experiment: Experiment) -> Baselines:
    """Has simple models predict each fifth of the training rows from the others.

    For few rows there is only the constant prediction, made from the rows themselves.
    """
    train = _draw(experiment, "train")
    (x,) = _prepare_inputs(experiment, train)
    y = _as_numbers(experiment, train.targets)
    rows = f"the {plural(len(experiment.dataset.splits['train']), 'training row')}"
    if len(y) < _MIN_ROWS_TO_CROSS_VALIDATE:
        constant = np.broadcast_to(_mean_target(experiment), y.shape)
        return Baselines(rows, y, constant, {})
    models = choose_models(experiment.model.encoding)
    predictions = {name: cross_validate(predict, x, y) for name, predict in models.items()}
    constant = cross_validate(predict_mean, x, y)
    return Baselines(f"{rows}, by cross-validation", y, constant, _keep_finite(predictions))


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
    deviations = targets - targets.mean(axis=0)
    for predicted in baselines.models.values():
        covariances = ((predicted - predicted.mean(axis=0)) * deviations).sum(axis=1)
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
        scores = regression_scores(targets, predicted)
        r2 = f"R² {scores['r2']:z.3f}" if np.ptp(targets, axis=0).all() else "R² unknown"
        rmse = f"RMSE {scores['rmse']:.4g}, " if encoding.numbers == 1 else ""
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


def _draw(experiment: Experiment, part: str) -> Split:
    """Returns as many rows of a part as simple models learn from quickly."""
    affordable = max(_MIN_ROWS, _MAX_NUMBERS // experiment.model.preprocessing.outputs)
    split = experiment.dataset.splits[part]
    return sample(split, min(_MAX_ROWS, affordable), experiment.config.seed)


def _as_numbers(experiment: Experiment, targets: NDArray[Any]) -> Array:
    """Returns targets as numbers (rows, outputs).

    Classes become one-hot; several numbers are standardized, so that they count alike.
    """
    encoding = experiment.model.encoding
    if encoding.classes is not None:
        return np.asarray(np.eye(len(encoding.classes))[targets])
    if encoding.multi_label or encoding.numbers == 1:
        return targets.astype(np.float64)
    scaling = fit_scaling(experiment.dataset.splits["train"].targets, "standardize")
    return scaling.apply(targets)


def _mean_target(experiment: Experiment) -> Array:
    """Returns the mean over all training rows, (outputs,), which for classes is their shares."""
    classes, targets = experiment.dataset.classes, experiment.dataset.splits["train"].targets
    if classes is not None:
        # One-hot, the targets of many classes would take much memory.
        return np.asarray(np.bincount(targets, minlength=len(classes)) / len(targets))
    return np.asarray(_as_numbers(experiment, targets).mean(axis=0))


def _prepare_inputs(experiment: Experiment, *splits: Split) -> list[Array]:
    """Returns the network's inputs for some rows.

    If the config does not scale them, they are standardized as the first of the splits requires.
    """
    preprocessing = experiment.model.preprocessing
    dtypes = (np.float32 if s.inputs.dtype == np.uint8 else np.float64 for s in splits)
    parts = [preprocessing.transform(s.inputs, t) for s, t in zip(splits, dtypes, strict=True)]
    if getattr(experiment.config.dataset, "scaling", "none") != "none":
        return parts
    scaling = fit_scaling(parts[0], "standardize")
    return [scaling.apply(part) for part in parts]


def _keep_finite(predictions: dict[str, Array]) -> dict[str, Array]:
    return {name: array for name, array in predictions.items() if np.isfinite(array).all()}
