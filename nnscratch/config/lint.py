"""Settings that are allowed but probably a mistake: they get a warning."""

from collections.abc import Iterator
from dataclasses import replace

from nnscratch.config import Config
from nnscratch.config.presets import PRESETS, PresetPlace
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
    warnings = [replace(w, place=config.place_of(w.key)) for w in _check(config, rows)]
    # Nobody has chosen a default, nor what a preset sets.
    chosen = [w for w in warnings if w.place and not isinstance(w.place, PresetPlace)]
    return [w for w in chosen if not _is_written_out(config, w.key)]


def _is_written_out(config: Config, key: str) -> bool:
    """Returns whether a value is that of a preset, written out as in the config of a run."""
    if config.preset is None or not config.preset.applied:
        return False
    values = PRESETS[config.preset.name].values
    return key in values and bool(getattr(config, key) == values[key])


def _check(config: Config, rows: int | None) -> Iterator[Problem]:
    """Yields a warning for each setting that is probably a mistake, or its default if that is."""
    rate = config.learning_rate
    if rate > _LARGE_RATE:
        yield Problem(f"{rate:g} is so large that the loss may hardly fall", "learning_rate")
    if rate < _SMALL_RATE:
        yield Problem(f"{rate:g} is so small that nothing will be learned", "learning_rate")
    size = config.batch_size
    if rows is not None and size != "full" and size > rows:
        yield Problem(f"{size:,} is more than all {rows:,} rows: the same as full", "batch_size")
    epochs = config.epochs
    if epochs == 1:
        yield Problem("1 shows each row to the network only once", "epochs")
    if config.early_stopping and config.early_stopping.patience >= epochs:
        rule = f"never stops before the last of {epochs:,} epochs: its patience is as long"
        yield Problem(rule, "early_stopping")
    if config.validate_every > epochs:
        rule = f"{config.validate_every:,} is more than all epochs, {epochs:,}"
        yield Problem(rule, "validate_every")
    for key, penalty in {"l1": config.l1, "l2": config.l2}.items():
        if penalty >= _LARGE_PENALTY:
            yield Problem(f"{penalty:g} is so large that the weights will vanish", key)
    if not config.draws_validation:
        rule = "has no effect, as no random rows are held out for validation"
        if config.own_validation and config.ensemble > 1:
            yield Problem(rule, "own_validation")
        if getattr(config.dataset, "validation_seed", None) is not None:
            yield Problem(rule, "dataset.validation_seed")
    if config.dropout >= _LARGE_DROPOUT:
        yield Problem(f"{config.dropout:g} leaves hardly anything to learn from", "dropout")
