"""What may change when a run is taken up again: only what leaves the epochs so far as they are."""

from pathlib import Path

from nnscratch.config import Config
from nnscratch.errors import Problem

_REASON = "cannot change, as the epochs so far would have come out differently"
_REASONS = {"name": "cannot change, as the run's directory has it"}
# What may change without any epoch so far coming out differently.
_FREE = (
    *("epochs", "max_seconds", "checkpoint_seconds", "threads", "early_stopping.patience"),
    "snapshots",
    # Whether the rows are still the same, their fingerprint tells.
    *("dataset.path", "dataset.validation_path", "dataset.test_path"),
)


def other_way(run: Path) -> str:
    """Returns how to learn on from a run's weights where the run itself cannot go on."""
    return f"for a new run from its weights: nnscratch train CONFIG --init-from {run}"


def check_changes(config: Config, before: Config, done: int, run: Path) -> None:
    """Compares a config with what it was when the epochs so far were trained.

    Args:
        config: With what is to change.
        before: Without.
        done: How many epochs are done.
        run: The run's directory, for messages.

    Raises:
        ConfigError: With a line for each key that would have made the epochs so far others.
    """
    old, new = before.settings(), config.settings()
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    # Of a part that is another one altogether, its settings need not be told too.
    changed = [key for key in changed if key.rpartition(".")[0] not in changed]
    broken = [(key, _REASONS.get(key, _REASON)) for key in changed if key not in _FREE]
    if "epochs" in changed and done:
        broken += [("epochs", rule) for rule in epochs_rules(config, before.epochs, done)]
    patience = old.get("early_stopping.patience", 0)
    if new.get("early_stopping.patience", patience) < patience:
        broken.append(("early_stopping.patience", f"must be at least {patience}, as it was"))
    if broken:
        raise config.error(*(Problem(rule, key, other_way(run)) for key, rule in broken))


def epochs_rules(config: Config, before: int, done: int) -> list[str]:
    """Returns why there can be no other number of epochs, if it is so."""
    from nnscratch.nn.training.schedules import SCHEDULES

    schedule = config.schedule.name
    if config.epochs < done:
        return [f"must be at least {done}, which are done"]
    if SCHEDULES[schedule].spans_training:
        return [f"cannot change, as the {schedule} schedule is spread over all of them"]
    # The last epoch is evaluated whatever its number, and no other one may be for that reason.
    if done in (before, config.epochs) and done > 1 and done % config.validate_every:
        only = "only" if done == before else "not, as it would be"
        return [f"cannot change, as epoch {done} was evaluated {only} for being the last"]
    return []
