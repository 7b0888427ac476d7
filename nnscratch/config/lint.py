"""What a config may say and surely does not mean: warnings, where nothing is wrong."""

from collections.abc import Iterator

from nnscratch.config import Config
from nnscratch.errors import Problem

# Beyond these a training hardly ever learns.
_LARGE_RATE, _SMALL_RATE = 1.0, 1e-7
_LARGE_DROPOUT, _LARGE_PENALTY = 0.9, 1.0

Doubt = tuple[str, str]


def find_doubts(config: Config, rows: int | None = None) -> list[Problem]:
    """Returns the settings that were written down and are surely not meant.

    Args:
        config: Resolved or not.
        rows: The number of rows to train on, if it is known.
    """
    doubts = [*_steps(config, rows), *_ends(config), *_weights(config)]
    problems = (Problem(rule, key, place=config.place_of(key)) for key, rule in doubts)
    return [problem for problem in problems if problem.place]


def _steps(config: Config, rows: int | None) -> Iterator[Doubt]:
    rate = config.learning_rate
    if rate > _LARGE_RATE:
        yield "learning_rate", f"{rate:g} is so large that the loss will hardly fall"
    if rate < _SMALL_RATE:
        yield "learning_rate", f"{rate:g} is so small that nothing will be learnt"
    if rows is not None and config.batch_size != "full" and config.batch_size > rows:
        yield (
            "batch_size",
            f"{config.batch_size:,} is more than all {rows:,} rows: the same as full",
        )


def _ends(config: Config) -> Iterator[Doubt]:
    epochs, stopping = config.epochs, config.early_stopping
    if epochs == 1:
        yield "epochs", "1 shows each row to the network only once"
    if stopping and stopping.patience >= epochs:
        yield "early_stopping", f"never ends {epochs:,} epochs with a patience of as many"
    if config.validate_every > epochs:
        yield "validate_every", f"{config.validate_every:,} is more than all epochs, {epochs:,}"


def _weights(config: Config) -> Iterator[Doubt]:
    for key in ("l1", "l2"):
        value = getattr(config, key)
        if value >= _LARGE_PENALTY:
            yield key, f"{value:g} is so large that the weights will vanish"
    if config.dropout >= _LARGE_DROPOUT:
        yield "dropout", f"{config.dropout:g} leaves hardly anything to learn from"
