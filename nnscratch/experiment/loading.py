"""From a config to its data: loaded, held out, and ready for what learns from it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnscratch import data
from nnscratch.config import Config
from nnscratch.config.settings.datasets import PreparedSettings, SplitSettings
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.preprocessing import Preprocessing, fit_scaling
from nnscratch.data.splitting import forget_unseen_words, hold_out, note_unlearnt_classes
from nnscratch.data.target_encoding import Encoding
from nnscratch.errors import SettingError
from nnscratch.formatting import plain_text
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.registry import create

TEST_SHARE = 0.2
# What is done to any data set once it is loaded.
_AFTER_LOADING = {"validation", "test", "scaling", "target_scaling"}


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
            yield part, TEST_SHARE if share is None else share
        elif share:
            raise SettingError(part, f"cannot be given: the data has a {part} part of its own")


def fit_preprocessing(config: Config, dataset: Dataset) -> Preprocessing:
    """Returns what a resolved config does to the inputs, learnt from the training part."""
    settings = config.dataset
    if not isinstance(settings, PreparedSettings):
        return Preprocessing.none(dataset.features)
    impute = getattr(settings, "missing", "error") == "impute"
    return Preprocessing.fit(dataset, settings.scaling, impute=impute)


def choose_encoding(config: Config, dataset: Dataset) -> Encoding:
    """Returns how the targets reach the loss of a resolved config."""
    loss = _choose_loss(config, dataset)
    encoding = Encoding(
        loss, dataset.classes, dataset.numbers, dataset.codes, names=dataset.target_names
    )
    scaled = dataset.classes is None and not encoding.multi_label
    if not scaled or not isinstance(config.dataset, PreparedSettings):
        return encoding
    shift, scale = fit_scaling(dataset.splits["train"].targets, config.dataset.target_scaling)
    return replace(encoding, shift=tuple(shift.tolist()), scale=tuple((1 / scale).tolist()))


def _choose_loss(config: Config, dataset: Dataset) -> Loss:
    settings = config.loss.model_dump()
    if LOSSES[config.loss.name].output_activation != "linear":
        settings |= {
            "label_smoothing": config.label_smoothing,
            "class_weight": class_weights(config, dataset),
        }
    return create(LOSSES, settings)


def class_weights(config: Config, dataset: Dataset) -> tuple[float, ...] | None:
    """Returns how much each class counts in the loss, or None where all count 1.

    `balanced` is n / (K n_c) for the n_c of n rows trained on that are of class c, one of the K
    that there are: then all classes together weigh the same. King & Zeng 2001, as in scikit-learn.
    """
    if config.class_weight is None or dataset.classes is None:
        return None
    if config.class_weight == "balanced":
        counts = np.bincount(dataset.splits["train"].targets, minlength=len(dataset.classes))
        each = counts.sum() / np.count_nonzero(counts)
        return tuple(each / count if count else 1.0 for count in counts.tolist())
    given = config.class_weight
    return tuple(given.get(plain_text(label), 1.0) for label in dataset.classes)
