"""Resuming a run: it goes on from its checkpoint as if it had never stopped.

Of its config only that may change which leaves the epochs so far as they are.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nnscratch.config import Config, load
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.errors import DataError, FileFormatError, Problem, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.model.model import Model
from nnscratch.runs import (
    CHECKPOINT,
    INITIAL,
    RunDirectory,
    RunFiles,
    RunRecord,
    read_record,
    status_of,
)
from nnscratch.training.checkpoint import Checkpoint, load_checkpoint
from nnscratch.training.trainer import StopReason, Trainer
from nnscratch.training.training_run import TrainingRun
from nnscratch.training.warm_start import begin_with

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
}


def resume(
    files: RunFiles,
    changes: Sequence[str] = (),
    *,
    command: Sequence[str] = (),
    dataset: Dataset | None = None,
    report: Report = lambda _: None,
) -> TrainingRun:
    """Returns the training run that goes on with a run; nothing is written before it is entered.

    Args:
        files: The run.
        changes: `epochs=80` and whatever else leaves the epochs so far as they are.
        command: What the user typed, for the record.
        dataset: Its data, if they are loaded already.
        report: Called with what is being done if it takes long.

    Raises:
        ConfigError: A change would have made the epochs so far come out differently.
        DataError: The data are no longer those of the run.
        FileFormatError: The checkpoint is damaged.
        RunError: run.json is damaged.
        UsageError: There is nothing to go on from, or nothing left to do.
    """
    path = files.directory
    if path is None or files.config is None:
        raise UsageError(f"{files.weights}: belongs to no run that could go on")
    record = read_record(path)
    status = status_of(path, record)
    if status == "running":
        raise UsageError(f"{path}: process {record.pid} is training it")
    if status == "diverged":
        raise UsageError(f"{path}: has diverged and would again; {new_run_remedy(path)}")
    config = load(files.config, changes)
    saved = _read_checkpoint(path, record)
    before = saved.config if saved else load(files.config, find_files=False)
    check_changes(config, before, saved.last.epoch if saved else 0, path)
    experiment = prepare(
        config, dataset=dataset, preprocessing=_saved_preprocessing(files), report=report
    )
    fingerprint = saved.data_fingerprint if saved else record.data_fingerprint
    if experiment.data_fingerprint != fingerprint:
        raise DataError(f"{path}: the data have changed since it began; {new_run_remedy(path)}")
    trainer = _restore(path, saved, experiment) if saved else begin_again(path, record, experiment)
    reason = trainer.stop_reason()
    if status == "completed" and reason:
        remedy = _way_on(trainer, reason, path)
        raise UsageError(f"{path}: is completed, {reason.text}; {remedy}")
    done = trainer.epochs_done
    reopen = partial(RunDirectory.reopen, path, record, experiment.config.to_yaml(), done, command)
    return TrainingRun(trainer, reopen, earlier=record)


def _saved_preprocessing(files: RunFiles) -> Preprocessing | None:
    """Returns what the run does to its inputs, which an earlier version may have learned otherwise.

    It is None where the run has no weights yet, or none that can be read.
    """
    try:
        return Model.load(files.weights).preprocessing
    except (UsageError, FileFormatError):
        return None


def begin_again(run: Path, record: RunRecord, experiment: Experiment) -> Trainer:
    """Returns the trainer of a run as it was before the first epoch.

    Raises:
        FileFormatError: The weights that it began with are damaged.
        UsageError: They are missing, or do not fit the config.
    """
    trainer = Trainer(experiment)
    if record.initial:
        begin_with(trainer.network, Model.load(run / INITIAL).network)
    return trainer


def _read_checkpoint(run: Path, record: RunRecord) -> Checkpoint | None:
    """Returns a run's checkpoint; None where it was stopped before the first."""
    try:
        return load_checkpoint(run / CHECKPOINT)
    except FileNotFoundError:
        if record.checkpoint_epoch:
            raise FileFormatError(f"{run / CHECKPOINT}: is missing") from None
        return None


def _restore(run: Path, saved: Checkpoint, experiment: Experiment) -> Trainer:
    trainer = Trainer(experiment)
    try:
        trainer.restore(saved)
    except (KeyError, ValueError) as error:
        message = f"{run / CHECKPOINT}: does not fit the config: {error}"
        raise FileFormatError(message) from None
    return trainer


def _way_on(trainer: Trainer, reason: StopReason, path: Path) -> str:
    """Returns the change with which a completed run would go on."""
    config, done = trainer.experiment.config, trainer.epochs_done
    match reason.setting:
        case "epochs":
            more = config.model_copy(update={"epochs": 2 * config.epochs})
            if epochs_rules(more, config.epochs, done):
                return new_run_remedy(path)
            return f"epochs={more.epochs} would go on"
        case "early_stopping" if config.early_stopping and trainer.best:
            patience = done - trainer.best.epoch + config.early_stopping.patience
            return f"early_stopping.patience={patience} would go on"
        case "max_seconds":
            return f"max_seconds={2 * trainer.seconds:.0f} would go on"
    return "more epochs would change nothing"


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
    # Whether the rows at another path are still the same is checked by their fingerprint.
    free = _FREE | {f"dataset.{key}" for key in config.dataset.path_keys}
    broken = [
        (key, _NAME_REASON if key == "name" else _REASON) for key in changed if key not in free
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
