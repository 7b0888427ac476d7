"""Resuming a run: it goes on from its checkpoint as if it had never stopped."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nnscratch.config import load
from nnscratch.data.dataset import Report
from nnscratch.errors import DataError, FileFormatError, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.model.model import Model
from nnscratch.nn.training.interruption import Interruption
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
from nnscratch.training.resume_rules import check_changes, epochs_rules, new_run_remedy
from nnscratch.training.trainer import StopReason, Trainer
from nnscratch.training.training_run import TrainingRun


def resume(
    files: RunFiles,
    changes: Sequence[str] = (),
    *,
    command: Sequence[str] = (),
    interruption: Interruption | None = None,
    report: Report = lambda _: None,
) -> TrainingRun:
    """Returns the training run that goes on with a run; nothing is written before it is entered.

    Args:
        files: The run.
        changes: `epochs=80` and whatever else leaves the epochs so far as they are.
        command: What the user typed, for the record.
        interruption: What may end an epoch; see `fit`.
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
    experiment = prepare(config, report=report)
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
    return TrainingRun(trainer, reopen, interruption=interruption, earlier=record)


def begin_again(run: Path, record: RunRecord, experiment: Experiment) -> Trainer:
    """Returns the trainer of a run as it was before the first epoch.

    Raises:
        FileFormatError: The weights that it began with are damaged.
        UsageError: They are missing, or do not fit the config.
    """
    trainer = Trainer(experiment)
    if record.initial:
        trainer.begin_with(Model.load(run / INITIAL).network)
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
