"""Settings that are allowed but probably a mistake: they get a warning."""

from collections.abc import Iterator
from dataclasses import replace

from nnscratch.config import Config
from nnscratch.errors import Problem

# Beyond these, training hardly ever learns anything.
_LARGE_RATE = 1.0
_SMALL_RATE = 1e-7
_LARGE_DROPOUT = 0.9
_LARGE_PENALTY = 1.0


def find_warnings(config: Config, rows: int | None = None) -> list[Problem]:
    """Returns a warning for each setting in the config that is probably a mistake.

    Args:
        config: Resolved or not.
        rows: The number of rows to train on, if it is known.
    """
    warnings = (
        *_check_learning_rate(config),
        *_check_batch_size(config, rows),
        *_check_epochs(config),
        *_check_penalties(config),
    )
    placed = [replace(warning, place=config.place_of(warning.key)) for warning in warnings]
    return [warning for warning in placed if warning.place]


def _check_learning_rate(config: Config) -> Iterator[Problem]:
    rate = config.learning_rate
    if rate > _LARGE_RATE:
        yield Problem(f"{rate:g} is so large that the loss will hardly fall", "learning_rate")
    if rate < _SMALL_RATE:
        yield Problem(f"{rate:g} is so small that nothing will be learned", "learning_rate")


def _check_batch_size(config: Config, rows: int | None) -> Iterator[Problem]:
    size = config.batch_size
    if rows is not None and size != "full" and size > rows:
        yield Problem(f"{size:,} is more than all {rows:,} rows: the same as full", "batch_size")


def _check_epochs(config: Config) -> Iterator[Problem]:
    epochs, stopping = config.epochs, config.early_stopping
    if epochs == 1:
        yield Problem("1 shows each row to the network only once", "epochs")
    if stopping and stopping.patience >= epochs:
        rule = f"never stops before the last of {epochs:,} epochs: its patience is as long"
        yield Problem(rule, "early_stopping")
    if config.validate_every > epochs:
        rule = f"{config.validate_every:,} is more than all epochs, {epochs:,}"
        yield Problem(rule, "validate_every")


def _check_penalties(config: Config) -> Iterator[Problem]:
    for key in ("l1", "l2"):
        value = getattr(config, key)
        if value >= _LARGE_PENALTY:
            yield Problem(f"{value:g} is so large that the weights will vanish", key)
    if config.dropout >= _LARGE_DROPOUT:
        yield Problem(f"{config.dropout:g} leaves hardly anything to learn from", "dropout")
