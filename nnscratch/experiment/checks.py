"""What does not fit together in a resolved config and its data, found before any training."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nnscratch.config import Config
from nnscratch.config.contradictions import Broken, find_contradictions
from nnscratch.config.settings.components import LBFGSSettings
from nnscratch.config.settings.datasets import PreparedSettings
from nnscratch.data.dataset import Dataset
from nnscratch.experiment.loading import choose_encoding, class_weights
from nnscratch.formatting import label_text, plain_text, some
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create

# In float32 with Adam, whose state and scratch make six vectors of them, almost 5 GB.
MAX_PARAMETERS = 200_000_000

# The loss that takes labels, of which a row may have several.
_LABELS_LOSS = "binary_cross_entropy"


def find_misfits(config: Config, dataset: Dataset) -> list[Broken]:
    """Returns each key whose value does not fit the others or the data, and the rule it breaks."""
    broken = [
        *find_contradictions(config),
        *_check_classes(dataset),
        *_check_range(config, dataset),
        *_check_loss(config, dataset),
        *_check_class_weight(config, dataset),
        *_check_output(config),
        *_check_size(config, dataset),
        *_check_test(config, dataset),
        *_check_batches(config, dataset),
        *_check_monitor(config, dataset),
    ]
    return broken or list(_check_reach(config, dataset))


def _check_classes(dataset: Dataset) -> Iterator[Broken]:
    if dataset.classes is not None:
        trained = np.flatnonzero(np.bincount(dataset.splits["train"].targets))
        if len(trained) < 2:
            only = label_text(dataset.classes[trained[0]])
            yield "dataset", f"has one class only to train on, {only}; nothing can be learnt"


def _check_range(config: Config, dataset: Dataset) -> Iterator[Broken]:
    """Yields what would overflow when it is squared, in float64 where it is scaled first."""
    settings = config.dataset
    inputs_scaled = targets_scaled = False
    if isinstance(settings, PreparedSettings):
        inputs_scaled = settings.scaling != "none"
        targets_scaled = dataset.classes is None and settings.target_scaling != "none"
    for split in dataset.splits.values():
        for array, scaled in ((split.inputs, inputs_scaled), (split.targets, targets_scaled)):
            dtype = "float64" if scaled else config.dtype
            limit = float(np.sqrt(np.finfo(dtype).max))
            # As a float of Python, since a limit of float64 overflows in float32.
            if array.dtype.kind == "f" and float(np.nanmax(np.abs(array), initial=0.0)) > limit:
                yield "dataset", f"has numbers above {limit:.0e}, whose squares overflow {dtype}"
                return


def _check_loss(config: Config, dataset: Dataset) -> Iterator[Broken]:
    name, classes = config.loss.name, dataset.classes
    needs_classes = LOSSES[name].output_activation != "linear" or LOSSES[name].codes
    if classes is None and needs_classes and (stray := _find_stray(name, dataset)):
        rule = f"cannot be {name}, which needs {stray}"
        hint = ", dataset.task=classes makes them classes" if dataset.numbers == 1 else ""
        fitting = "mean_squared_error" if _find_stray(_LABELS_LOSS, dataset) else _LABELS_LOSS
        yield "loss", f"{rule}; {fitting} fits them{hint}"
    if name == "binary_cross_entropy" and classes is not None and len(classes) > 2:
        yield "loss", f"cannot be {name} for {len(classes)} classes; cross_entropy fits them"


def _find_stray(loss: str, dataset: Dataset) -> str:
    """Says what a loss of classes needs instead of these numbers; nothing if it can take them."""
    if loss != _LABELS_LOSS:
        return "classes: the targets are numbers"
    targets = np.concatenate([split.targets for split in dataset.splits.values()])
    strays = np.argwhere((targets != 0) & (targets != 1))
    if not len(strays):
        return ""
    row, column = strays[0]
    name = f" {label_text(dataset.target_names[column])}" if dataset.target_names else ""
    which = f"column{name or f' {column + 1}'} has {targets[row, column]:g}"
    return f"classes, or labels that are 0 and 1: the targets are numbers, {which}"


def _check_class_weight(config: Config, dataset: Dataset) -> Iterator[Broken]:
    name, given = config.loss.name, config.class_weight
    if LOSSES[name].output_activation == "linear":
        rule = f"needs binary_cross_entropy or cross_entropy; the loss is {name}"
        if given is not None:
            yield "class_weight", rule
        if config.label_smoothing:
            yield "label_smoothing", rule
    elif given is not None and dataset.classes is None:
        rule = "needs one class for each row; these are labels, of which a row may have any"
        yield "class_weight", rule
    elif isinstance(given, dict) and dataset.classes is not None:
        known = list(map(plain_text, dataset.classes))
        for label in given:
            if label not in known:
                yield (
                    "class_weight",
                    f"names {label_text(label)}; the classes are {some(known, 20)}",
                )
        if not any(class_weights(config, dataset) or ()):
            yield "class_weight", "makes no class count"


def _check_output(config: Config) -> Iterator[Broken]:
    loss, output = config.loss.name, config.output_activation.name
    implied = LOSSES[loss].output_activation
    if implied not in ("linear", output):
        rule = f"must be {implied} (or auto) for the loss {loss}; got {output}"
        yield "output_activation", f"{rule}, which fits mean_squared_error"
    if implied == "linear" and output == "softmax":
        yield "output_activation", f"cannot be softmax for the loss {loss}, only for cross_entropy"


def _check_size(config: Config, dataset: Dataset) -> Iterator[Broken]:
    inputs = sum(feature.width for feature in dataset.features)
    outputs = choose_encoding(config, dataset).outputs
    widths = [inputs, *(layer.units for layer in config.architecture), outputs]
    parameters = sum((a + config.use_bias) * b for a, b in pairwise(widths))
    most, why = MAX_PARAMETERS, ""
    if isinstance(config.optimizer, LBFGSSettings):
        # Two vectors for each pair that it remembers, and five besides, instead of six.
        most = 6 * most // (2 * config.optimizer.history_size + 5)
        why = f" with the {config.optimizer.history_size:,} steps that lbfgs remembers"
    if parameters > most:
        rule = f"makes {parameters:,} parameters; at most {most:,} are allowed{why}"
        yield "architecture", rule


def _check_test(config: Config, dataset: Dataset) -> Iterator[Broken]:
    if config.log_test and "test" not in dataset.splits:
        yield "log_test", "needs a test part, which the data does not have"


def _check_batches(config: Config, dataset: Dataset) -> Iterator[Broken]:
    rows, optimizer = len(dataset.splits["train"]), config.optimizer.name
    size = config.rows_per_step(rows)
    if OPTIMIZERS[optimizer].full_batch and size < rows:
        rule = f"must be full (or at least {rows:,}, all rows) for {optimizer}, which compares the"
        yield "batch_size", f"{rule} gradients of different steps; got {size:,}"
    layers = [layer.batch_norm for layer in config.architecture]
    normalized = any(config.batch_norm if own is None else own for own in layers)
    if normalized and (size == 1 or rows % size == 1):
        rule = f"makes a batch of one row of {rows:,}, which has no variance for batch_norm"
        other = "" if rows == 1 else f"; {_without_rest(rows, size)} does not"
        yield "batch_size", f"{rule}{other}"


def _without_rest(rows: int, size: int) -> int:
    """Returns the batch size nearest to `size` that leaves no batch of one row."""
    return min((n for n in range(2, rows + 1) if rows % n != 1), key=lambda n: abs(n - size))


def _check_monitor(config: Config, dataset: Dataset) -> Iterator[Broken]:
    metric = choose_encoding(config, dataset).metric().name
    prefixes = ("", "val_") if "validation" in dataset.splits else ("",)
    known = [prefix + name for prefix in prefixes for name in ("loss", metric)]
    for key in ("early_stopping", "schedule"):
        monitor = getattr(getattr(config, key), "monitor", None)
        if monitor is not None and monitor not in known:
            hint = ""
            if monitor.startswith("val_") and len(prefixes) == 1:
                can = isinstance(config.dataset, PreparedSettings)
                way = "which dataset.validation=0.1 makes" if can else f"so {key}.monitor=loss does"
                hint = f"; the data has no validation part, {way}"
            rule = f"must be one of {', '.join(known)}; got {monitor}{hint}"
            yield f"{key}.monitor", rule
    if config.validate_every > 1 and len(prefixes) == 1 and not config.log_test:
        rule = "needs a validation part, which the data does not have, or log_test"
        yield "validate_every", rule


def _check_reach(config: Config, dataset: Dataset) -> Iterator[Broken]:
    """Finds an output activation that can never give some of the targets."""
    encoding, output = choose_encoding(config, dataset), config.output_activation
    if encoding.probabilities:
        return
    low, high = create(ACTIVATIONS, output.model_dump()).bounds
    targets = encoding.encode(dataset.splits["train"].targets)
    if targets.min() < low or targets.max() > high:
        span = f"but the targets go from {targets.min():g} to {targets.max():g}"
        scaled = encoding.scale != (1.0,) and "; dataset.target_scaling=none leaves them unscaled"
        rule = f"cannot be {output.name}, which gives {low:g} to {high:g}, {span}{scaled or ''}"
        yield "output_activation", rule
