"""What may change when a run is resumed: only what leaves the epochs so far as they are."""

from pathlib import Path

from nnscratch.config import Config
from nnscratch.errors import Problem

_REASON = "cannot change, as the epochs so far would have come out differently"
_NAME_REASON = "cannot change, as it is part of the name of the run's directory"
# What leaves the epochs so far as they are.
_FREE = {
    "epochs",
    "max_seconds",
    "checkpoint_seconds",
    "threads",
    "early_stopping.patience",
    "snapshots",
    # Whether the rows are still the same is checked by their fingerprint.
    "dataset.path",
    "dataset.validation_path",
    "dataset.test_path",
}


def new_run_remedy(run: Path) -> str:
    """Returns how to train on from a run's weights where the run itself cannot go on."""
    return f"a new run can begin with the weights of {run}"


def check_changes(config: Config, before: Config, done: int, run: Path) -> None:
    """Compares a config with what it was when the epochs so far were trained.

    Args:
        config: With the changes.
        before: Without them.
        done: How many epochs are done.
        run: The run's directory, for messages.

    Raises:
        ConfigError: With a line for each key that would have changed the epochs so far.
    """
    old, new = before.settings(), config.settings()
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    # Where a whole part is another one, its settings need not be listed too.
    changed = [key for key in changed if key.rpartition(".")[0] not in changed]
    broken = [
        (key, _NAME_REASON if key == "name" else _REASON) for key in changed if key not in _FREE
    ]
    if "epochs" in changed and done:
        broken += [("epochs", rule) for rule in epochs_rules(config, before.epochs, done)]
    patience = old.get("early_stopping.patience", 0)
    if new.get("early_stopping.patience", patience) < patience:
        broken.append(("early_stopping.patience", f"must be at least {patience}, as it was"))
    if broken:
        raise config.error(*(Problem(rule, key, new_run_remedy(run)) for key, rule in broken))


def epochs_rules(config: Config, before: int, done: int) -> list[str]:
    """Returns why the number of epochs cannot be changed to that of `config`; none if it can."""
    from nnscratch.nn.training.schedules import SCHEDULES

    schedule = config.schedule.name
    if config.epochs < done:
        return [f"must be at least {done}, which are done"]
    if SCHEDULES[schedule].spans_training:
        return [f"cannot change, as the {schedule} schedule is spread over all of them"]
    # The last epoch is evaluated whatever its number, and no other one may be for that reason.
    if done in (before, config.epochs) and done > 1 and done % config.validate_every:
        if done == before:
            return [f"cannot change, as epoch {done} was evaluated only for being the last"]
        return [f"cannot change, as epoch {done} would be evaluated for being the last"]
    return []
