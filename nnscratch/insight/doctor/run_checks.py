"""Findings on a finished run: whether it has learned, and whether it ended too early or too late.

Its trained network is looked at as an untrained one is, and its curves and predictions besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np

from nnscratch.config import load
from nnscratch.data.dataset import Report
from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.experiment.run_data import load_data
from nnscratch.formatting import label_text, number, plural, some
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import guessing_loss, run_first_pass
from nnscratch.insight.doctor.gradients import check_gradients, measure_layers
from nnscratch.insight.doctor.units import check_units
from nnscratch.model.model import Model
from nnscratch.nn.metrics import CALIBRATED_LOSS, validation_loss
from nnscratch.nn.parameters import Targets
from nnscratch.runs import RunFiles
from nnscratch.runs.metrics import read_metrics

_MAX_ROWS = 10_000
# Better than guessing is a loss of at most this share of that of guessing.
_LEARNED = 0.99
# The validation loss has risen if it ends above its lowest value by this share.
_RISEN = 0.1
# The training loss still falls if the last tenth of the epochs took this share of it.
_STILL_FALLING = 0.05
# A loss that is this share of the first one is low enough.
_LOW = 0.1
_MIN_EPOCHS = 10


def load_run(found: RunFiles, report: Report) -> Experiment:
    """Returns the experiment of a run, with its trained network.

    Raises:
        FileFormatError: Its weights file is damaged.
        UsageError: It has no config, is an ensemble, or its data are no longer those that it was
            trained on.
    """
    model = Model.load(found.weights)
    dataset = load_data(found, model, report=report)
    assert found.config
    config = load(found.config)
    experiment = prepare(config, dataset=dataset, preprocessing=model.preprocessing)
    return replace(experiment, model=model)


def check_run(found: RunFiles, trained: Experiment) -> Iterator[Finding]:
    """Looks at the curves, the predictions and the trained network of a run."""
    assert found.directory
    curves = read_metrics(found.directory)
    yield from check_overfitting(curves)
    yield from check_end(curves, trained.config.epochs)
    yield check_loss(trained)
    yield from check_predictions(trained)
    first = run_first_pass(trained)
    if first.finite:
        layers = measure_layers(first)
        for finding in (*check_units(first), check_gradients(first, layers)):
            yield replace(finding, rule=f"after training: {finding.rule}", changes=())


def check_loss(trained: Experiment) -> Finding:
    """Compares the loss of the trained network on training rows with that of guessing."""
    rows = sample(trained.dataset.splits["train"], _MAX_ROWS, trained.config.seed)
    model = trained.model
    targets = model.encode(rows.targets)
    network = model.network
    loss = network.loss(network.forward(model.transform(rows.inputs)), targets)[0]
    guess = min(guessing_loss(network, targets), _loss_of_shares(trained, targets))
    rule = f"the loss of the trained network on training rows is {number(loss)}, that of guessing"
    rule = f"{rule} {number(guess)}"
    # Targets that never vary are guessed right.
    if not guess or (isfinite(loss) and loss <= _LEARNED * guess):
        return Finding(rule)
    remedy = "see below what keeps the network from learning"
    return Finding(f"{rule}: it has learned nothing", remedy=remedy, level="problem")


def _loss_of_shares(trained: Experiment, targets: Targets) -> float:
    """Returns the loss of always answering with the shares of the classes; infinity if unknown."""
    network = trained.model.network
    loss = network.loss
    if loss.takes_indices:
        shares = np.bincount(targets, minlength=network.outputs) / len(targets)
        logits = np.log(np.maximum(shares, np.finfo(network.dtype).tiny))
    elif loss.output_activation == "sigmoid" and not loss.codes:
        shares = np.clip(targets.mean(axis=0), 1e-7, 1 - 1e-7)
        logits = np.log(shares / (1 - shares))
    else:
        return inf
    constant = np.tile(logits.astype(network.dtype), (len(targets), 1))
    return float(loss(constant, targets)[0])


def check_predictions(trained: Experiment) -> Iterator[Finding]:
    """Looks for classes that training rows have and the trained network never predicts."""
    encoding = trained.model.encoding
    if encoding.multi_label or encoding.classes is None:
        return
    rows = sample(trained.dataset.splits["train"], _MAX_ROWS, trained.config.seed)
    # Not by `predict`, which refuses the outputs of a network that has almost diverged.
    predicted = encoding.decode(encoding.loss.predict(trained.model.logits(rows.inputs)))
    counts = np.bincount(rows.targets, minlength=len(encoding.classes))
    given = np.bincount(predicted, minlength=len(counts))
    never = [
        f"{label_text(name)} ({plural(int(count), 'row')})"
        for name, count, times in zip(encoding.classes, counts, given, strict=True)
        if count and not times
    ]
    if not never:
        yield Finding(f"each class is predicted for some of {plural(len(rows), 'training row')}")
        return
    rule = (
        f"classes that are never predicted, of {plural(len(rows), 'training row')}: {some(never)}"
    )
    remedy = "if they are rare, class_weight makes them count more; else more epochs"
    level: Level = "problem" if np.count_nonzero(given) == 1 else "look"
    yield Finding(rule, remedy=remedy, level=level)


def check_overfitting(curves: Mapping[str, Sequence[float]]) -> Iterator[Finding]:
    """Looks for a validation loss that rises again, while that of the training rows falls."""
    losses = np.array(_validation_losses(curves))
    measured = np.flatnonzero(np.isfinite(losses))
    if len(measured) < _MIN_EPOCHS:
        return
    best, last = measured[losses[measured].argmin()], measured[-1]
    lowest, end = losses[best], losses[last]
    what = "calibrated validation loss" if CALIBRATED_LOSS in curves else "validation loss"
    rule = f"the {what} is lowest, {number(lowest)}, in epoch {best + 1:,}"
    train = curves["loss"]
    if end > lowest + _RISEN * abs(lowest) and train[last] < train[best]:
        rule = f"{rule} and ends at {number(end)}, while the training loss falls: it overfits"
        remedy = "the weights of the best epoch are kept; early_stopping, dropout, l2 or more rows"
        yield Finding(rule, remedy=f"{remedy} help against it", level="look")
    else:
        yield Finding(f"{rule}, and {number(end)} at the end")


def _validation_losses(curves: Mapping[str, Sequence[float]]) -> Sequence[float]:
    """Returns the losses by which the epoch to keep is chosen; none without validation."""
    return curves.get(validation_loss(calibrated=CALIBRATED_LOSS in curves), ())


def check_end(curves: Mapping[str, Sequence[float]], epochs: int) -> Iterator[Finding]:
    """Looks for a training loss that still falls when training ends."""
    losses = curves["loss"]
    done = len(losses)
    if done < _MIN_EPOCHS:
        return
    before, end = losses[-1 - done // 10], losses[-1]
    fall = before - end
    learns = fall > _STILL_FALLING * abs(before) and end > _LOW * losses[0]
    validation = [loss for loss in _validation_losses(curves) if isfinite(loss)]
    if learns and (not validation or validation[-1] <= min(validation)):
        rule = f"the loss still falls when training ends: by {fall / before:.0%} in the last tenth"
        yield Finding(
            f"{rule} of {done:,} epochs", remedy=f"more epochs than {epochs:,}", level="look"
        )
    elif not end > losses[0]:
        yield Finding(f"the training loss, {number(end)}, has settled after {done:,} epochs")
