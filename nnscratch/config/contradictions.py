"""Settings that contradict each other, whatever the data."""

from collections.abc import Iterator

from nnscratch.config import Config
from nnscratch.config.settings.components import AUTO
from nnscratch.errors import Problem
from nnscratch.nn.optimizers import OPTIMIZERS


def refuse_contradictions(config: Config) -> None:
    """Does nothing if the settings fit together.

    Raises:
        ConfigError: With everything that does not, whatever the data.
    """
    problems = list(find_contradictions(config))
    if problems:
        raise config.error(*problems)


def find_contradictions(config: Config) -> Iterator[Problem]:
    """Yields a problem for each key whose value does not fit the other settings."""
    for key in ("dropout", "batch_norm"):
        if getattr(config, key) and not config.architecture:
            yield Problem("needs a hidden layer; `architecture` has none", key)
    yield from _check_folds(config)
    warmup = config.schedule.warmup_epochs
    if warmup >= config.epochs:
        rule = f"must be below `epochs`, {config.epochs:,}, or the warm-up never ends"
        yield Problem(f"{rule}; got {warmup:g}", "schedule.warmup_epochs")
    every = config.validate_every
    for key in ("early_stopping", "schedule"):
        part = getattr(config, key)
        patience = getattr(part, "patience", every)
        # A patience that is over before the next evaluation.
        if getattr(part, "monitor", "").startswith(("val_", AUTO)) and patience < every:
            rule = f"counts epochs, and must be at least `validate_every`, {every:,}"
            yield Problem(f"{rule}; got {patience}", f"{key}.patience")
    if OPTIMIZERS[config.optimizer.name].line_search:
        yield from _check_line_search(config)


def _check_folds(config: Config) -> Iterator[Problem]:
    folds, fold = (getattr(config.dataset, key, None) for key in ("folds", "fold"))
    if (folds is None) != (fold is None):
        given, other = ("fold", "folds") if folds is None else ("folds", "fold")
        yield Problem(f"needs `{other}` beside it", f"dataset.{given}")
    elif folds is not None and fold is not None:
        if fold > folds:
            yield Problem(f"must be at most `folds`, {folds:,}; got {fold:,}", "dataset.fold")
        if getattr(config.dataset, "test", None):
            rule = "cannot be given beside `fold`, which is the test part"
            yield Problem(rule, "dataset.test", "dataset.test=0 takes it back")


def _check_line_search(config: Config) -> Iterator[Problem]:
    """Finds what would mislead the line search, or has no effect on it."""
    optimizer = config.optimizer.name
    dropouts = {
        f"architecture.{i}.dropout": layer.dropout for i, layer in enumerate(config.architecture)
    }
    if None in dropouts.values():
        dropouts["dropout"] = config.dropout
    for key, dropout in dropouts.items():
        if dropout:
            rule = f"cannot be used with {optimizer}, whose loss must be the same in each step"
            yield Problem(rule, key)
    if config.schedule.name != "constant" or config.schedule.warmup_epochs:
        rule = f"cannot be used with {optimizer}, whose line search finds each step's length"
        yield Problem(rule, "schedule")
    for key in ("clip_norm", "max_norm", "rate_factors"):
        if getattr(config, key) is not None:
            yield Problem(f"cannot be used with {optimizer}, which needs the exact gradient", key)
