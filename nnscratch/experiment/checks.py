"""The fourth step: what does not fit together in a config and its data, found before training."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nnscratch.config import Config
from nnscratch.config.contradictions import find_contradictions
from nnscratch.data.dataset import Dataset
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import Problem
from nnscratch.experiment.encoding import class_weights
from nnscratch.formatting import label_text, plain_text, some
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create

# In float32 with Adam, whose state and scratch make six vectors of them, almost 5 GB.
MAX_PARAMETERS = 200_000_000

# The loss that takes labels, of which a row may have several.
_LABELS_LOSS = "binary_cross_entropy"


def check_fit(config: Config, dataset: Dataset, encoding: TargetEncoding) -> None:
    """Checks that a resolved config fits its data.

    Raises:
        ConfigError: With everything that does not fit: the loss the targets, the output activation
            the loss or the targets, the network the memory, and so on.
    """
    problems = [
        *find_contradictions(config),
        *_check_classes(dataset),
        *_check_range(config, dataset),
        *_check_loss(config, dataset),
        *_check_class_weight(config, dataset),
        *_check_output(config),
        *_check_size(config, dataset, encoding),
        *_check_test(config, dataset),
        *_check_full_batch(config, dataset),
        *_check_batch_norm(config, dataset),
        *_check_monitor(config, dataset, encoding),
    ]
    problems = problems or list(_check_reach(config, dataset, encoding))
    if problems:
        raise config.error(*problems)


def _check_classes(dataset: Dataset) -> Iterator[Problem]:
    if dataset.classes is not None:
        trained = np.flatnonzero(np.bincount(dataset.splits["train"].targets))
        if len(trained) < 2:
            only = label_text(dataset.classes[trained[0]])
            rule = f"has only one class to train on, {only}; nothing can be learned from it"
            yield Problem(rule, "dataset")


def _check_range(config: Config, dataset: Dataset) -> Iterator[Problem]:
    """Finds numbers whose squares overflow; what is scaled is squared in float64."""
    settings = config.dataset
    inputs_scaled = getattr(settings, "scaling", "none") != "none"
    targets_scaled = getattr(settings, "target_scaling", "none") != "none"
    targets_scaled = targets_scaled and dataset.classes is None
    for split in dataset.splits.values():
        for array, scaled in ((split.inputs, inputs_scaled), (split.targets, targets_scaled)):
            dtype = "float64" if scaled else config.dtype
            limit = float(np.sqrt(np.finfo(dtype).max))
            # As a Python float, since a limit of float64 overflows in float32.
            if array.dtype.kind == "f" and float(np.nanmax(np.abs(array), initial=0.0)) > limit:
                rule = f"has numbers above {limit:.0e}, whose squares overflow {dtype}"
                yield Problem(rule, "dataset")
                return


def _check_loss(config: Config, dataset: Dataset) -> Iterator[Problem]:
    name, classes = config.loss.name, dataset.classes
    needs_classes = LOSSES[name].output_activation != "linear" or LOSSES[name].codes
    if classes is None and needs_classes:
        yield from _check_loss_of_numbers(name, dataset)
    if name == "binary_cross_entropy" and classes is not None and len(classes) > 2:
        yield Problem(f"cannot be {name} for {len(classes)} classes", "loss", "cross_entropy fits")


def _check_loss_of_numbers(name: str, dataset: Dataset) -> Iterator[Problem]:
    """Finds why a loss of classes or labels cannot take numbers."""
    not_labels = _find_number_that_is_no_label(dataset)
    if name == _LABELS_LOSS:
        if not not_labels:
            return
        rule = f"needs classes, or labels that are 0 and 1: the targets are numbers, {not_labels}"
    else:
        rule = "needs classes: the targets are numbers"
    remedy = f"{'mean_squared_error' if not_labels else _LABELS_LOSS} fits"
    if dataset.numbers == 1:
        remedy += ", or dataset.task=classification makes them classes"
    yield Problem(f"cannot be {name}, which {rule}", "loss", remedy)


def _find_number_that_is_no_label(dataset: Dataset) -> str:
    """Returns a phrase that names the first target other than 0 and 1, or nothing."""
    targets = np.concatenate([split.targets for split in dataset.splits.values()])
    others = np.argwhere((targets != 0) & (targets != 1))
    if not len(others):
        return ""
    row, column = others[0]
    name = label_text(dataset.target_names[column]) if dataset.target_names else column + 1
    return f"column {name} has {targets[row, column]:g}"


def _check_class_weight(config: Config, dataset: Dataset) -> Iterator[Problem]:
    name, given = config.loss.name, config.class_weight
    if LOSSES[name].output_activation == "linear":
        rule = f"needs binary_cross_entropy or cross_entropy; the loss is {name}"
        if given is not None:
            yield Problem(rule, "class_weight")
        if config.label_smoothing:
            yield Problem(rule, "label_smoothing")
    elif given is not None and dataset.classes is None:
        rule = "needs one class for each row; a row may have several of these labels"
        yield Problem(rule, "class_weight")
    elif isinstance(given, dict) and dataset.classes is not None:
        known = list(map(plain_text, dataset.classes))
        for label in given:
            if label not in known:
                rule = f"names {label_text(label)}; the classes are {some(known, 20)}"
                yield Problem(rule, "class_weight")
        if not any(class_weights(config, dataset) or ()):
            yield Problem("gives every class the weight 0", "class_weight")


def _check_output(config: Config) -> Iterator[Problem]:
    loss, output = config.loss.name, config.output_activation.name
    implied = LOSSES[loss].output_activation
    if implied not in ("linear", output):
        rule = f"must be {implied} (or auto) for the loss {loss}; got {output}"
        yield Problem(f"{rule}, which fits mean_squared_error", "output_activation")
    if implied == "linear" and output == "softmax":
        rule = f"cannot be softmax for the loss {loss}, only for cross_entropy"
        yield Problem(rule, "output_activation")


def _check_size(config: Config, dataset: Dataset, encoding: TargetEncoding) -> Iterator[Problem]:
    inputs = sum(feature.width for feature in dataset.features)
    widths = [inputs, *(layer.units for layer in config.architecture), encoding.outputs]
    parameters = sum((a + config.use_bias) * b for a, b in pairwise(widths))
    limit, reason = MAX_PARAMETERS, ""
    vectors = create(OPTIMIZERS, config.optimizer.model_dump()).vectors()
    if vectors > 2:  # more than Adam's, for which the limit is meant
        limit = 6 * MAX_PARAMETERS // (vectors + 3)
        reason = f" with the {vectors:,} vectors of that size that {config.optimizer.name} keeps"
    if parameters > limit:
        rule = f"makes {parameters:,} parameters; at most {limit:,} are allowed{reason}"
        yield Problem(rule, "architecture")


def _check_test(config: Config, dataset: Dataset) -> Iterator[Problem]:
    if config.log_test and "test" not in dataset.splits:
        yield Problem("needs a test part, which the data does not have", "log_test")


def _check_full_batch(config: Config, dataset: Dataset) -> Iterator[Problem]:
    rows, optimizer = len(dataset.splits["train"]), config.optimizer.name
    size = config.batch_rows(rows)
    if OPTIMIZERS[optimizer].full_batch and size < rows:
        rule = f"must be full (or at least {rows:,}, all rows) for {optimizer}, which compares the"
        yield Problem(f"{rule} gradients of different steps; got {size:,}", "batch_size")


def _check_batch_norm(config: Config, dataset: Dataset) -> Iterator[Problem]:
    layers = [layer.batch_norm for layer in config.architecture]
    if not any(config.batch_norm if own is None else own for own in layers):
        return
    rows = len(dataset.splits["train"])
    size = config.batch_rows(rows)
    if size == 1 or rows % size == 1:
        rule = f"makes a batch of one row of {rows:,}, which has no variance for batch_norm"
        remedy = "" if rows == 1 else f"{_nearest_without_rest(rows, size)} does not"
        yield Problem(rule, "batch_size", remedy)


def _nearest_without_rest(rows: int, size: int) -> int:
    """Returns the batch size nearest to `size` that leaves no batch of one row."""
    return min((n for n in range(2, rows + 1) if rows % n != 1), key=lambda n: abs(n - size))


def _check_monitor(config: Config, dataset: Dataset, encoding: TargetEncoding) -> Iterator[Problem]:
    metric = encoding.metric().name
    has_validation = "validation" in dataset.splits
    known = ["loss", metric]
    if has_validation:
        known += ["val_loss", f"val_{metric}"]
    for key in ("early_stopping", "schedule"):
        monitor = getattr(getattr(config, key), "monitor", None)
        if monitor is None or monitor in known:
            continue
        remedy = ""
        if monitor.startswith("val_") and not has_validation:
            can_hold_out = hasattr(config.dataset, "validation")
            way = "dataset.validation=0.1 makes one" if can_hold_out else f"use {key}.monitor=loss"
            remedy = f"the data has no validation part: {way}"
        rule = f"must be one of {', '.join(known)}; got {monitor}"
        yield Problem(rule, f"{key}.monitor", remedy)
    if config.validate_every > 1 and not has_validation and not config.log_test:
        rule = "needs a validation part, which the data does not have, or log_test"
        yield Problem(rule, "validate_every")


def _check_reach(config: Config, dataset: Dataset, encoding: TargetEncoding) -> Iterator[Problem]:
    """Finds an output activation that can never give some of the targets."""
    if encoding.probabilities:
        return
    output = config.output_activation
    low, high = create(ACTIVATIONS, output.model_dump()).bounds
    targets = encoding.encode(dataset.splits["train"].targets)
    if targets.min() < low or targets.max() > high:
        span = f"but the targets go from {targets.min():g} to {targets.max():g}"
        rule = f"cannot be {output.name}, which gives {low:g} to {high:g}, {span}"
        is_scaled = not encoding.scaling.is_identity
        remedy = "dataset.target_scaling=none leaves them unscaled" if is_scaled else ""
        yield Problem(rule, "output_activation", remedy)
