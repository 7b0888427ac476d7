"""Where a config meets its data: what `auto` comes to, and what does not fit together."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from nnscratch import data
from nnscratch.config import Config
from nnscratch.config.components import PlainLoss, PlainOutputActivation
from nnscratch.data.dataset import Dataset
from nnscratch.data.encoding import Encoding
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create

# In float32 with Adam, whose state and scratch make six vectors of them, almost 5 GB.
MAX_PARAMETERS = 200_000_000

# A top-level key, and the rule that its value breaks.
Broken = tuple[str, str]


def load_dataset(config: Config) -> Dataset:
    """Returns the data set that a config names."""
    settings = config.dataset.model_dump()
    loss = LOSSES.get(config.loss.name)
    numeric_loss = loss is not None and loss.output_activation == "linear"
    if settings.get("task") == "auto" and numeric_loss:
        # Who asks for a squared error means numbers by numbers; words stay classes.
        words = any(isinstance(target, str | bool) for target in settings["targets"])
        settings["task"] = "auto" if words else "numbers"
    return data.load(**settings)


def choose_encoding(config: Config, dataset: Dataset) -> Encoding:
    """Returns how the targets reach the loss of a resolved config."""
    loss = create(LOSSES, config.loss.model_dump())
    return Encoding(loss, dataset.classes, dataset.numbers, dataset.codes)


def resolve(config: Config, dataset: Dataset) -> Config:
    """Replaces each `auto` that the data decides: the task, the loss, the output activation.

    Raises:
        ConfigError: With a line for each thing that does not fit: the loss the targets, the output
            activation the loss or the targets, the network the memory.
    """
    resolved = _fill(config, dataset)
    broken = [
        *_check_classes(dataset),
        *_check_range(resolved, dataset),
        *_check_loss(resolved, dataset),
        *_check_output(resolved),
        *_check_size(resolved, dataset),
    ]
    if not broken:
        broken += _check_reach(resolved, dataset)
    if broken:
        raise config.error(*broken)
    return resolved


def _fill(config: Config, dataset: Dataset) -> Config:
    changes: dict[str, Any] = {}
    if "task" in type(config.dataset).model_fields:
        task = "numbers" if dataset.classes is None else "classes"
        changes["dataset"] = config.dataset.model_copy(update={"task": task})
    loss: str = config.loss.name
    if loss == "auto":
        loss = _implied_loss(dataset)
        changes["loss"] = PlainLoss.model_validate({"name": loss})
    if config.output_activation.name == "auto":
        name = LOSSES[loss].output_activation
        changes["output_activation"] = PlainOutputActivation.model_validate({"name": name})
    return config.model_copy(update=changes)


def _implied_loss(dataset: Dataset) -> str:
    if dataset.classes is None:
        return "mean_squared_error"
    return "binary_cross_entropy" if len(dataset.classes) == 2 else "cross_entropy"


def _check_classes(dataset: Dataset) -> Iterator[Broken]:
    if dataset.classes is not None and len(dataset.classes) < 2:
        yield "dataset", f"has one class only, {dataset.classes[0]!r}; nothing can be learnt"


def _check_range(config: Config, dataset: Dataset) -> Iterator[Broken]:
    limit = float(np.sqrt(np.finfo(config.dtype).max))
    for split in dataset.splits.values():
        if max(np.abs(split.inputs).max(), np.abs(split.targets).max()) > limit:
            yield "dataset", f"has numbers above {limit:.0e}, whose squares overflow {config.dtype}"
            return


def _check_loss(config: Config, dataset: Dataset) -> Iterator[Broken]:
    name, classes = config.loss.name, dataset.classes
    if classes is None and LOSSES[name].output_activation != "linear":
        rule = f"cannot be {name}, which needs classes: the targets are numbers"
        hint = ", dataset.task=classes makes them classes" if dataset.numbers == 1 else ""
        yield "loss", f"{rule}; mean_squared_error fits them{hint}"
    if name == "binary_cross_entropy" and classes is not None and len(classes) > 2:
        yield "loss", f"cannot be {name} for {len(classes)} classes; cross_entropy fits them"


def _check_output(config: Config) -> Iterator[Broken]:
    loss, output = config.loss.name, config.output_activation.name
    implied = LOSSES[loss].output_activation
    if implied not in ("linear", output):
        rule = f"must be {implied} (or auto) for the loss {loss}; got {output}"
        yield "output_activation", f"{rule}, which fits mean_squared_error"
    if implied == "linear" and output == "softmax":
        yield "output_activation", f"cannot be softmax for the loss {loss}, only for cross_entropy"


def _check_size(config: Config, dataset: Dataset) -> Iterator[Broken]:
    inputs, outputs = len(dataset.feature_names), choose_encoding(config, dataset).outputs
    widths = [inputs, *(layer.units for layer in config.architecture), outputs]
    parameters = sum((a + config.use_bias) * b for a, b in pairwise(widths))
    if parameters > MAX_PARAMETERS:
        rule = f"makes {parameters:,} parameters; at most {MAX_PARAMETERS:,} are allowed"
        yield "architecture", rule


def _check_reach(config: Config, dataset: Dataset) -> Iterator[Broken]:
    """Finds an output activation that can never give some of the targets."""
    encoding, output = choose_encoding(config, dataset), config.output_activation
    if encoding.probabilities:
        return
    low, high = create(ACTIVATIONS, output.model_dump()).bounds
    targets = encoding.encode(dataset.splits["train"].targets)
    if targets.min() < low or targets.max() > high:
        span = f"but the targets go from {targets.min():g} to {targets.max():g}"
        rule = f"cannot be {output.name}, which gives {low:g} to {high:g}, {span}"
        yield "output_activation", rule
