"""What does not fit together in a config and its data, found before training."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nnscratch.config import Config
from nnscratch.data.class_names import find_class
from nnscratch.data.dataset import Dataset
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.targets import is_one_hot
from nnscratch.errors import Problem
from nnscratch.experiment.encoding import class_weights
from nnscratch.experiment.held_out_checks import check_held_out
from nnscratch.experiment.optimization import build_optimizer
from nnscratch.formatting import label_text, some
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import size_of
from nnscratch.nn.registry import create

# In float32 with Adam, whose state and scratch make six vectors of them, almost 5 GB.
MAX_PARAMETERS = 200_000_000

# Scaling to 0 to 1 may go beyond 1 by the last digit of float64.
_ROUNDING = 1e-9

# The loss that takes labels, of which a row may have several.
_LABELS_LOSS = "binary_cross_entropy"


def check_fit(config: Config, dataset: Dataset, encoding: TargetEncoding) -> None:
    """Checks that a resolved config fits its data.

    Raises:
        ConfigError: With everything that does not fit: the loss the targets, the output activation
            the loss or the targets, the network the memory, and so on.
    """
    problems = [
        *_check_classes(dataset),
        *_check_range(config, dataset),
        *_check_loss(config, dataset),
        *_check_class_weight(config, dataset),
        *_check_weights(config, dataset),
        *_check_output(config),
        *_check_size(config, sum(feature.width for feature in dataset.features), encoding),
        *_check_batches(config, dataset),
        *check_held_out(config, dataset, encoding),
    ]
    problems = problems or list(_check_reach(config, dataset, encoding))
    if problems:
        raise config.error(*problems)


def _check_classes(dataset: Dataset) -> Iterator[Problem]:
    if dataset.classes is None:
        return
    trained = np.unique(dataset.splits["train"].targets)
    if len(trained) == 1:
        only = label_text(dataset.classes[trained[0]])
        rule = f"has only one class to train on, {only}; nothing can be learned from it"
        yield Problem(rule, "dataset")


def _check_range(config: Config, dataset: Dataset) -> Iterator[Problem]:
    """Finds numbers whose squares overflow; what is scaled is squared in float64."""
    settings = config.dataset
    for key, part in (("scaling", "inputs"), ("target_scaling", "targets")):
        arrays = [getattr(split, part) for split in dataset.splits.values()]
        is_as_it_is = getattr(settings, key, "none") == "none"
        if key == "target_scaling":
            is_as_it_is &= getattr(settings, "target_transform", "none") == "none"
        dtype = config.dtype if is_as_it_is else "float64"
        limit = float(np.sqrt(np.finfo(dtype).max))
        # As a Python float, since a limit of float64 overflows in float32.
        if any(
            float(np.nanmax(np.abs(a), initial=0.0)) > limit for a in arrays if a.dtype.kind == "f"
        ):
            yield Problem(
                f"has numbers above {limit:.0e}, whose squares overflow {dtype}", "dataset"
            )
            return


def _check_loss(config: Config, dataset: Dataset) -> Iterator[Problem]:
    name, classes = config.loss.name, dataset.classes
    if classes is not None:
        if name == _LABELS_LOSS and len(classes) > 2:
            rule = f"cannot be {name} for {len(classes)} classes"
            yield Problem(rule, "loss", "cross_entropy fits")
        return
    if LOSSES[name].output_activation == "linear" and not LOSSES[name].codes:
        return
    number = _find_number_that_is_no_label(dataset)
    rule = f"cannot be {name}, which needs classes: the targets are numbers"
    if name == _LABELS_LOSS:
        if number is None:
            return
        rule = f"cannot be {name}, which needs classes or labels that are 0 and 1: {number}"
    remedy = f"{_LABELS_LOSS if number is None else 'mean_squared_error'} fits"
    if dataset.numbers == 1:
        remedy += ", or dataset.task=classification makes them classes"
    elif not dataset.target_names and all(is_one_hot(s.targets) for s in dataset.splits.values()):
        remedy = "dataset.task=classification makes classes of targets with one 1 in each row"
    yield Problem(rule, "loss", remedy)


def _find_number_that_is_no_label(dataset: Dataset) -> str | None:
    """Returns a sentence about the first target other than 0 and 1; None if there is none."""
    targets = np.concatenate([split.targets for split in dataset.splits.values()])
    others = np.argwhere((targets != 0) & (targets != 1))
    if not len(others):
        return None
    row, column = others[0]
    name = label_text(dataset.target_names[column]) if dataset.target_names else column + 1
    return f"column {name} of the targets holds {targets[row, column]:g}"


def _check_class_weight(config: Config, dataset: Dataset) -> Iterator[Problem]:
    name, given = config.loss.name, config.class_weight
    if LOSSES[name].output_activation == "linear":
        rule = f"needs binary_cross_entropy or cross_entropy; the loss is {name}"
        for key in ("class_weight", "label_smoothing"):
            if getattr(config, key) not in (None, 0.0):
                yield Problem(rule, key)
    elif given is not None and dataset.classes is None:
        rule = "needs one class for each row; a row may have several of these labels"
        yield Problem(rule, "class_weight")
    elif isinstance(given, dict) and dataset.classes is not None:
        named: dict[int, str] = {}
        for key in given:
            index = find_class(dataset.classes, key)
            if index is None:
                rule = f"names {label_text(key)}; the classes are {some(dataset.classes, 20)}"
                yield Problem(rule, "class_weight")
            elif named.setdefault(index, key) != key:
                both = f"{label_text(named[index])} and {label_text(key)}"
                yield Problem(f"names one class twice: {both}", "class_weight")
        if not any(class_weights(config, dataset) or ()):
            yield Problem("gives every class the weight 0", "class_weight")


def _check_weights(config: Config, dataset: Dataset) -> Iterator[Problem]:
    for part, split in dataset.splits.items():
        if split.weights is None:
            continue
        with np.errstate(over="ignore"):
            total = split.weights.astype(config.dtype).sum()
        if not total:
            rule = f"gives every row of the {part} part the weight 0"
            yield Problem(f"{rule} in {config.dtype}", "dataset.weight")
        elif not np.isfinite(total):
            rule = f"has a sum over the {part} part that is too large for {config.dtype}"
            yield Problem(rule, "dataset.weight", "divide all weights by the same number")


def _check_output(config: Config) -> Iterator[Problem]:
    loss, output = config.loss.name, config.output_activation.name
    implied = LOSSES[loss].output_activation
    rule = ""
    if implied not in ("linear", output):
        rule = f"must be {implied} (or auto) for the loss {loss}; {output} fits mean_squared_error"
    elif implied == "linear" and output == "softmax":
        rule = f"cannot be softmax for the loss {loss}, only for cross_entropy"
    if rule:
        yield Problem(rule, "output_activation")


def check_embedded_size(
    config: Config, inputs: int, embedding: NumericEmbedding, encoding: TargetEncoding
) -> None:
    """Checks that a network fits the memory with what an embedding appends to its inputs.

    Raises:
        ConfigError: It does not.
    """
    parameters = size_of(embedding.shapes)
    problems = list(_check_size(config, inputs + embedding.appended, encoding, parameters))
    if problems:
        raise config.error(*problems)


def _check_size(
    config: Config, inputs: int, encoding: TargetEncoding, parameters: int = 0
) -> Iterator[Problem]:
    """Finds a network that is too large, with `parameters` before its first layer."""
    widths = [inputs, *(layer.units for layer in config.architecture), encoding.outputs]
    parameters += sum((a + config.use_bias) * b for a, b in pairwise(widths))
    vectors = build_optimizer(config).vectors()
    # The limit is meant for Adam, which keeps two vectors.
    limit = MAX_PARAMETERS if vectors <= 2 else 6 * MAX_PARAMETERS // (vectors + 3)
    if parameters > limit:
        rule = f"makes {parameters:,} parameters; at most {limit:,} are allowed"
        if vectors > 2:
            rule += f" with the {vectors:,} vectors of that size that {config.optimizer.name} keeps"
        yield Problem(rule, "architecture")


def _check_batches(config: Config, dataset: Dataset) -> Iterator[Problem]:
    rows, optimizer = len(dataset.splits["train"]), config.optimizer.name
    size = config.batch_rows(rows)
    if OPTIMIZERS[optimizer].full_batch and size < rows:
        rule = f"must be full for {optimizer}, which compares the gradients of different steps"
        yield Problem(f"{rule}; got {size:,} of {rows:,} rows", "batch_size")
    layers = [layer.batch_norm for layer in config.architecture]
    normalizes = any(config.batch_norm if own is None else own for own in layers)
    if normalizes and (size == 1 or rows % size == 1):
        rule = f"makes a batch of one row of {rows:,}, which has no variance for batch_norm"
        others = [other for other in range(2, rows + 1) if rows % other != 1]
        nearest = min(others, key=lambda other: abs(other - size), default=None)
        yield Problem(rule, "batch_size", f"{nearest} does not" if nearest else "")


def _check_reach(config: Config, dataset: Dataset, encoding: TargetEncoding) -> Iterator[Problem]:
    """Finds an output activation that can never give some of the targets."""
    if encoding.probabilities:
        return
    name = config.output_activation.name
    low, high = create(ACTIVATIONS, config.output_activation.model_dump()).bounds
    targets = encoding.encode(dataset.splits["train"].targets)
    if targets.min() < low - _ROUNDING or targets.max() > high + _ROUNDING:
        span = f"{targets.min():g} to {targets.max():g}"
        rule = f"cannot be {name}, which gives {low:g} to {high:g}, but the targets go from {span}"
        remedy = "linear has no bounds"
        if dataset.classes is None and hasattr(config.dataset, "target_scaling"):
            remedy = "dataset.target_scaling=minmax brings them to 0 to 1"
        yield Problem(rule, "output_activation", remedy)
