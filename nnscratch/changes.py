"""What may change when a run is taken up again: only what leaves the epochs so far as they are."""

from pathlib import Path

from nnscratch.checkpoint import Checkpoint
from nnscratch.config import Config

# What may change without any epoch so far coming out differently.
_FREE = ("epochs", "max_seconds", "checkpoint_seconds", "threads", "early_stopping.patience")


def other_way(run: Path) -> str:
    """Returns how to learn on from a run's weights where the run itself cannot go on."""
    return f"for a new run from its weights: nnscratch train CONFIG --init-from {run}"


def check_changes(config: Config, saved: Checkpoint, run: Path) -> None:
    """Compares a config with that of a checkpoint.

    Raises:
        ConfigError: With a line for each key that would have made the epochs so far others.
    """
    before, after = saved.config.settings(), config.settings()
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    broken = [
        (key, "cannot change, as the epochs so far would have come out differently")
        for key in changed
        if key not in _FREE
    ]
    if "epochs" in changed:
        broken += [("epochs", rule) for rule in _epochs_rules(config, saved)]
    if broken:
        raise config.error(*((key, f"{rule}; {other_way(run)}") for key, rule in broken))


def _epochs_rules(config: Config, saved: Checkpoint) -> list[str]:
    """Returns why there can be no other number of epochs, if it is so."""
    from nnscratch.nn.schedules import SCHEDULES

    done, schedule = saved.progress.last.epoch, config.schedule.name
    if config.epochs < done:
        return [f"must be at least {done}, which are done"]
    if SCHEDULES[schedule].spans_training:
        return [f"cannot change, as the {schedule} schedule is spread over all of them"]
    if done == saved.config.epochs and done > 1 and done % config.validate_every:
        return [f"cannot change, as epoch {done} was evaluated only for being the last"]
    return []
