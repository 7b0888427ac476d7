"""Where a config meets its data: what `auto` comes to, and what does not fit together."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from nnscratch import data
from nnscratch.config import Config
from nnscratch.config.components import PlainLoss, PlainOutputActivation
from nnscratch.config.datasets import (
    CsvSettings,
    OpenMLSettings,
    PreparedSettings,
    SplitSettings,
)
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.encoding import Encoding
from nnscratch.data.preprocessing import Preprocessing, fit_scaling
from nnscratch.data.splitting import forget_unseen_words, hold_out, note_unlearnt_classes
from nnscratch.errors import SettingError
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create
from nnscratch.wording import label_text

# In float32 with Adam, whose state and scratch make six vectors of them, almost 5 GB.
MAX_PARAMETERS = 200_000_000

_TEST_SHARE = 0.2
# What is done to any data set once it is loaded.
_AFTER_LOADING = {"validation", "test", "scaling", "target_scaling"}

# A key, and the rule that its value breaks.
Broken = tuple[str, str]


def load_dataset(
    config: Config, *, download: bool = True, report: Report = lambda _: None
) -> Dataset:
    """Returns the data set that a config names, its rows held out.

    Args:
        config: Resolved or not.
        download: Whether data that lies on the network may be fetched.
        report: Told what is being done if it takes long.

    Raises:
        ConfigError: A setting does not fit the data.
        DataError: The data cannot be had.
    """
    settings = config.dataset.model_dump(exclude=_AFTER_LOADING)
    loss = LOSSES.get(config.loss.name)
    if settings.get("task") == "auto" and loss is not None and loss.output_activation == "linear":
        # Who asks for a squared error means numbers by numbers; words stay classes.
        settings["task"] = "numbers_if_possible"
    try:
        dataset = data.load(**settings, download=download, report=report)
        if isinstance(config.dataset, PreparedSettings):
            shares = dict(_shares(config.dataset, dataset))
            dataset = hold_out(dataset, **shares, seed=config.seed)
        return note_unlearnt_classes(forget_unseen_words(dataset))
    except SettingError as error:
        raise config.error((f"dataset.{error.key}", error.rule)) from None


def _shares(settings: PreparedSettings, dataset: Dataset) -> Iterator[tuple[str, float]]:
    """Yields what to hold out for validation and test."""
    shares: dict[str, float | None] = {"validation": settings.validation}
    if isinstance(settings, SplitSettings):
        shares["test"] = settings.test
    for part, share in shares.items():
        if part not in dataset.splits:
            yield part, _TEST_SHARE if share is None else share
        elif share:
            raise SettingError(part, f"cannot be given: the data has a {part} part of its own")


def fit_preprocessing(config: Config, dataset: Dataset) -> Preprocessing:
    """Returns what a resolved config does to the inputs, learnt from the training part."""
    settings = config.dataset
    if not isinstance(settings, PreparedSettings):
        return Preprocessing.none(dataset.features)
    impute = isinstance(settings, CsvSettings | OpenMLSettings) and settings.missing == "impute"
    return Preprocessing.fit(dataset, settings.scaling, impute=impute)


def choose_encoding(config: Config, dataset: Dataset) -> Encoding:
    """Returns how the targets reach the loss of a resolved config."""
    loss = create(LOSSES, config.loss.model_dump())
    encoding = Encoding(loss, dataset.classes, dataset.numbers, dataset.codes)
    if dataset.classes is not None or not isinstance(config.dataset, PreparedSettings):
        return encoding
    shift, scale = fit_scaling(dataset.splits["train"].targets, config.dataset.target_scaling)
    return replace(encoding, shift=tuple(shift.tolist()), scale=tuple((1 / scale).tolist()))


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
        *_check_test(resolved, dataset),
        *_check_schedule(resolved),
        *_check_monitor(resolved, dataset),
    ]
    if not broken:
        broken += _check_reach(resolved, dataset)
    if broken:
        raise config.error(*broken)
    return resolved


def _fill(config: Config, dataset: Dataset) -> Config:
    changes: dict[str, Any] = {}
    dataset_changes = _fill_dataset(config, dataset)
    if dataset_changes:
        changes["dataset"] = config.dataset.model_copy(update=dataset_changes)
    loss: str = config.loss.name
    if loss == "auto":
        loss = _implied_loss(dataset)
        changes["loss"] = PlainLoss.model_validate({"name": loss})
    if config.output_activation.name == "auto":
        name = LOSSES[loss].output_activation
        changes["output_activation"] = PlainOutputActivation.model_validate({"name": name})
    return config.model_copy(update=changes)


def _fill_dataset(config: Config, dataset: Dataset) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "task" in type(config.dataset).model_fields:
        changes["task"] = "numbers" if dataset.classes is None else "classes"
    if isinstance(config.dataset, PreparedSettings) and config.dataset.scaling == "auto":
        changes["scaling"] = "minmax" if dataset.image else "standardize"
    if isinstance(config.dataset, SplitSettings) and "test" in dataset.held_out:
        changes["test"] = _TEST_SHARE if config.dataset.test is None else config.dataset.test
    return changes


def _implied_loss(dataset: Dataset) -> str:
    if dataset.classes is None:
        return "mean_squared_error"
    return "binary_cross_entropy" if len(dataset.classes) == 2 else "cross_entropy"


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
            if array.dtype.kind == "f" and np.nanmax(np.abs(array), initial=0.0) > limit:
                yield "dataset", f"has numbers above {limit:.0e}, whose squares overflow {dtype}"
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
    inputs = sum(feature.width for feature in dataset.features)
    outputs = choose_encoding(config, dataset).outputs
    widths = [inputs, *(layer.units for layer in config.architecture), outputs]
    parameters = sum((a + config.use_bias) * b for a, b in pairwise(widths))
    if parameters > MAX_PARAMETERS:
        rule = f"makes {parameters:,} parameters; at most {MAX_PARAMETERS:,} are allowed"
        yield "architecture", rule


def _check_test(config: Config, dataset: Dataset) -> Iterator[Broken]:
    if config.log_test and "test" not in dataset.splits:
        yield "log_test", "needs a test part, which the data does not have"


def _check_schedule(config: Config) -> Iterator[Broken]:
    if config.schedule.warmup_epochs >= config.epochs:
        rule = f"must be below `epochs`, {config.epochs:,}, or the warm-up never ends"
        yield "schedule.warmup_epochs", f"{rule}; got {config.schedule.warmup_epochs:g}"


def _check_monitor(config: Config, dataset: Dataset) -> Iterator[Broken]:
    if config.early_stopping is None:
        return
    metric = choose_encoding(config, dataset).metric().name
    prefixes = ("", "val_") if "validation" in dataset.splits else ("",)
    known = [prefix + name for prefix in prefixes for name in ("loss", metric)]
    monitor = config.early_stopping.monitor
    if monitor not in known:
        hint = ""
        if monitor.startswith("val_") and len(prefixes) == 1:
            hint = "; the data has no validation part, which dataset.validation=0.1 makes"
        rule = f"must be one of {', '.join(known)}; got {monitor}{hint}"
        yield "early_stopping.monitor", rule


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
