"""Taking up a run again: it goes on from its checkpoint as if it had never stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnscratch.config import load
from nnscratch.data.dataset import Report
from nnscratch.errors import DataError, FileFormatError, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.model.model import Model
from nnscratch.nn.training.fit import EpochRecord
from nnscratch.runs import CHECKPOINT, INITIAL, Found, Run, read_record, status_of
from nnscratch.runs.environment import describe
from nnscratch.training.checkpoint_reading import Checkpoint, load_checkpoint
from nnscratch.training.learner import Learning, Reason
from nnscratch.training.result import Outcome
from nnscratch.training.resume_rules import check_changes, epochs_rules, other_way
from nnscratch.training.threads import Threads
from nnscratch.training.trainer import carry_on, choose_threads
from nnscratch.training.warm_start import take_weights


@dataclass(frozen=True)
class Resumption:
    """A run that can go on.

    Attributes:
        path: Its directory.
        learning: How far it has come.
        record: What its run.json holds.
    """

    path: Path
    learning: Learning
    record: dict[str, Any]


def take_up(
    found: Found, changes: Sequence[str] = (), *, report: Report = lambda _: None
) -> Resumption:
    """Reads how far a run has come and prepares its training to go on; writes nothing.

    Args:
        found: The run.
        changes: `epochs=80` and whatever else leaves the epochs so far as they are.
        report: Told what is being done if it takes long.

    Raises:
        ConfigError: A change would have made the epochs so far come out differently.
        DataError: The data are not those of the run any more.
        FileFormatError: The checkpoint is damaged.
        RunError: run.json is damaged.
        UsageError: There is nothing to go on with, or nothing left to do.
    """
    path = found.directory
    if path is None or found.config is None:
        raise UsageError(f"{found.weights}: belongs to no run that could go on")
    record = read_record(path)
    status = status_of(path, record)
    if status == "running":
        raise UsageError(f"{path}: process {record.get('pid')} is training it")
    if status == "diverged":
        raise UsageError(f"{path}: has diverged and would again; {other_way(path)}")
    config, saved = load(found.config, changes), _read_checkpoint(path, record)
    before = saved.config if saved else load(found.config, find_files=False)
    check_changes(config, before, saved.progress.last.epoch if saved else 0, path)
    experiment = prepare(config, report=report)
    fingerprint = saved.data_fingerprint if saved else record.get("data_fingerprint")
    if experiment.data_fingerprint != fingerprint:
        raise DataError(f"{path}: the data have changed since it began; {other_way(path)}")
    learning = _restore(path, saved, experiment) if saved else begin(path, record, experiment)
    reason = learning.why_stop()
    if status == "completed" and reason:
        raise UsageError(f"{path}: is completed, {reason.text}; {_way_on(learning, reason, path)}")
    return Resumption(path, learning, record)


def resume(
    resumption: Resumption,
    *,
    command: Sequence[str] = (),
    report: Report = lambda _: None,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Goes on with a run, to the same weights as if it had never stopped.

    Args:
        resumption: From `take_up`.
        command: What the user typed, for the record.
        report: Told why the last bits may come out differently all the same.
        on_epoch: Called after each epoch with its record.
        should_stop: Asked after each epoch; the run is then saved as interrupted.

    Raises:
        RunError: metrics.csv lacks rows.
        UsageError: Another process trains it, or has done so since `take_up`.
        Others as `experiment.train` does.
    """
    learning, record = resumption.learning, resumption.record
    config, done = learning.experiment.config, learning.epochs_done
    run = Run.reopen(resumption.path, record, config.to_yaml(), done, command)
    earlier = {e: n for e, n in Threads.recorded(record).items() if e <= done + 1}
    threads = choose_threads(learning.experiment, earlier=earlier, since=done + 1)
    for change in differences(record, threads):
        report(f"warning: {change}, so the last bits of the weights may differ")
    return carry_on(learning, run, threads=threads, on_epoch=on_epoch, should_stop=should_stop)


def begin(run: Path, record: dict[str, Any], experiment: Experiment) -> Learning:
    """Returns a run's training before its first epoch.

    Raises:
        FileFormatError: The weights that it began with are damaged.
        UsageError: They are not there, or do not fit the config.
    """
    learning = Learning(experiment)
    if "initial" in record:
        take_weights(learning.network, Model.load(run / INITIAL).network)
    return learning


def differences(record: dict[str, Any], threads: Threads) -> list[str]:
    """Returns what is another now than when a run was recorded, and may change the last bits."""
    now, before = describe(), record.get("versions")
    lines = [
        f"{name} is {version} now and was {before[name]}"
        for name, version in now["versions"].items()
        if isinstance(before, dict) and before.get(name, version) != version
    ]
    if record.get("blas", now["blas"]) != now["blas"]:
        lines.append("NumPy has another BLAS than it had")
    numbers = [*threads.chosen.values()] or [now["threads"]]
    earlier = [*Threads.recorded(record).values()]
    if earlier and numbers[-1] != earlier[-1]:
        lines.append(f"BLAS computes with {numbers[-1]} threads and did with {earlier[-1]}")
    return lines


def _read_checkpoint(run: Path, record: dict[str, Any]) -> Checkpoint | None:
    """Returns a run's checkpoint; None where it was stopped before the first."""
    try:
        return load_checkpoint(run / CHECKPOINT)
    except FileNotFoundError:
        if record.get("checkpoint_epoch"):
            raise FileFormatError(f"{run / CHECKPOINT}: is not there any more") from None
        return None


def _restore(run: Path, saved: Checkpoint, experiment: Experiment) -> Learning:
    learning = Learning(experiment)
    try:
        learning.restore(saved.progress)
    except (KeyError, ValueError) as error:
        message = f"{run / CHECKPOINT}: does not fit the config: {error}"
        raise FileFormatError(message) from None
    return learning


def _way_on(learning: Learning, reason: Reason, path: Path) -> str:
    """Returns what to type for more."""
    config, done = learning.experiment.config, learning.epochs_done
    match reason.key:
        case "epochs":
            more = config.model_copy(update={"epochs": 2 * config.epochs})
            if epochs_rules(more, config.epochs, done):
                return other_way(path)
            return f"epochs={more.epochs} would go on"
        case "early_stopping" if config.early_stopping and learning.best:
            patience = done - learning.best.epoch + config.early_stopping.patience
            return f"early_stopping.patience={patience} would go on"
        case "max_seconds":
            return f"max_seconds={2 * learning.seconds:.0f} would go on"
    return "more epochs would change nothing"
