"""What simple models predict, which learn from some training rows and know nothing of others."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.sampling import sample
from nnscratch.data.scaling import fit_scaling
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural
from nnscratch.insight.doctor.simple_models import choose_models, cross_validate, predict_mean
from nnscratch.nn.parameters import Array

# Simple models learn quickly from this many rows or numbers, if these are not too few rows.
_MAX_ROWS = 5_000
_MAX_NUMBERS = 20_000_000
_MIN_ROWS = 200
_MIN_ROWS_TO_CROSS_VALIDATE = 40


class Baselines(NamedTuple):
    """Predictions for the same rows; arrays are (rows, outputs), as in `simple_models`."""

    rows: str
    """A description of the rows."""
    targets: Array
    constant: Array
    """The mean of the training targets, the same for every row."""
    models: dict[str, Array]
    """Predictions by the name of the model; none where there are too few rows to learn from."""


def predict_baselines(experiment: Experiment, *, logarithms: bool = False) -> Baselines:
    """Has simple models learn from training rows and predict held-out ones.

    The held-out rows are those of the validation part, else of the test part, else the training
    rows themselves by cross-validation.

    Args:
        experiment: Its config and its data.
        logarithms: Whether the logarithm of the target is to be predicted, a number above 0.
    """
    splits = experiment.dataset.splits
    name = next((name for name in ("validation", "test") if name in splits), None)
    if name is None:
        return cross_validate_baselines(experiment, logarithms=logarithms)
    train, held_out = _draw(experiment, "train"), _draw(experiment, name)
    x, unknown = _prepare_inputs(experiment, train, held_out)
    y = _as_numbers(experiment, train.targets, logarithms)
    targets = _as_numbers(experiment, held_out.targets, logarithms)
    rows = f"the {plural(len(splits[name]), f'{name} row')}"
    if len(targets) < len(splits[name]):
        rows = f"{len(targets):,} of {rows}"
    constant = np.broadcast_to(_mean_target(experiment, logarithms), targets.shape)
    models = choose_models(experiment.model.encoding)
    predictions = {name: predict(x, y, unknown) for name, predict in models.items()}
    return Baselines(rows, targets, constant, keep_finite(predictions))


def cross_validate_baselines(experiment: Experiment, *, logarithms: bool = False) -> Baselines:
    """Has simple models predict each fifth of the training rows from the others.

    For few rows there is only the constant prediction, made from the rows themselves.

    Args:
        experiment: As for `predict_baselines`.
        logarithms: Likewise.
    """
    train = _draw(experiment, "train")
    (x,) = _prepare_inputs(experiment, train)
    y = _as_numbers(experiment, train.targets, logarithms)
    rows = f"the {plural(len(experiment.dataset.splits['train']), 'training row')}"
    if len(y) < _MIN_ROWS_TO_CROSS_VALIDATE:
        constant = np.broadcast_to(_mean_target(experiment, logarithms), y.shape)
        return Baselines(rows, y, constant, {})
    models = choose_models(experiment.model.encoding)
    predictions = {name: cross_validate(predict, x, y) for name, predict in models.items()}
    constant = cross_validate(predict_mean, x, y)
    return Baselines(f"{rows}, by cross-validation", y, constant, keep_finite(predictions))


def keep_finite(predictions: dict[str, Array]) -> dict[str, Array]:
    """Returns the predictions of which all are finite."""
    return {name: array for name, array in predictions.items() if np.isfinite(array).all()}


def _draw(experiment: Experiment, part: str) -> Split:
    """Returns as many rows of a part as simple models learn from quickly."""
    affordable = max(_MIN_ROWS, _MAX_NUMBERS // experiment.model.preprocessing.outputs)
    split = experiment.dataset.splits[part]
    return sample(split, min(_MAX_ROWS, affordable), experiment.config.seed)


def _as_numbers(experiment: Experiment, targets: NDArray[Any], logarithms: bool) -> Array:
    """Returns targets as numbers (rows, outputs).

    Classes become one-hot; several numbers are standardized, so that they count alike.
    """
    encoding = experiment.model.encoding
    if encoding.classes is not None:
        return np.asarray(np.eye(len(encoding.classes))[targets])
    if logarithms:
        return np.asarray(np.log(targets.astype(np.float64)))
    if encoding.multi_label or encoding.numbers == 1:
        return targets.astype(np.float64)
    scaling = fit_scaling(experiment.dataset.splits["train"].targets, "standardize")
    return scaling.apply(targets)


def _mean_target(experiment: Experiment, logarithms: bool) -> Array:
    """Returns the mean over all training rows, (outputs,), which for classes is their shares."""
    classes, targets = experiment.dataset.classes, experiment.dataset.splits["train"].targets
    if classes is not None:
        # One-hot, the targets of many classes would take much memory.
        return np.asarray(np.bincount(targets, minlength=len(classes)) / len(targets))
    return np.asarray(_as_numbers(experiment, targets, logarithms).mean(axis=0))


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
