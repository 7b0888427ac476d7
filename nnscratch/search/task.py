"""A task: training in a run directory of its own, from its beginning or from where it stopped.

It is plain data and may be carried out in this process, in another or on another machine.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset, Report
from nnscratch.errors import DivergedError, NNScratchError, RunError
from nnscratch.experiment.loading import load_dataset, load_rows
from nnscratch.experiment.prepare import prepare
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.interruption import Interruption
from nnscratch.runs import WEIGHTS, RunFiles, read_record, status_of
from nnscratch.runs.directories import RECORD
from nnscratch.runs.metrics import is_locked
from nnscratch.search.plan import Plan
from nnscratch.search.start import reopen_many, start_many
from nnscratch.training.resume import resume
from nnscratch.training.start import start
from nnscratch.training.training_run import TrainingRun

_MOST_DATASETS = 2
# A process whose coordinator is gone ends its epoch and saves it.
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Task:
    """What is to be trained, and where.

    Attributes:
        config: The config, as plain values.
        where: The run directory.
        until: After how many epochs it pauses; None to train to its end.
        command: What the user typed, for the record.
        plan: Of many runs, if it is more than one: `folds`, `repeat`.
    """

    config: dict[str, Any]
    where: str
    until: int | None = None
    command: tuple[str, ...] = ()
    plan: dict[str, Any] | None = None

    def to_json(self) -> str:
        """Returns it as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Task":
        """Returns what `to_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "command": tuple(values["command"])})


class Outcome(NamedTuple):
    """How a task ended."""

    status: str
    """`done` at its end or where it was to pause, `stopped` before, `failed` for reasons of its
    own, `broken` for reasons that other tasks would meet too, such as a full disk, or `lost` with
    the process that trained it."""
    reason: str = ""
    """Why, where it is not done."""
    seconds: float = 0.0
    """How long it took, with all that goes with training."""


class DataCache:
    """The data sets that tasks share, so that each is loaded once."""

    def __init__(self) -> None:
        self._loaded: dict[str, Dataset] = {}

    @staticmethod
    def key(config: Config, *, is_whole: bool = False) -> str:
        """Returns a text that two configs have in common if their data are the same."""
        seed = None if is_whole else config.seed
        return json.dumps([config.dataset.model_dump(), seed, config.loss.name], default=str)

    def get(
        self, config: Config, report: Report = lambda _: None, *, is_whole: bool = False
    ) -> Dataset:
        """Returns the data of a config; before any rows are held out if `is_whole`.

        Raises:
            ConfigError: A setting does not fit the data.
            DataError: The data is not available.
        """
        key = self.key(config, is_whole=is_whole)
        if key not in self._loaded:
            while len(self._loaded) >= _MOST_DATASETS:
                self._loaded.pop(next(iter(self._loaded)))
            load = load_rows if is_whole else load_dataset
            self._loaded[key] = load(config, report=report)
        return self._loaded[key]

    def put(self, key: str, dataset: Dataset) -> None:
        """Adds data that was loaded elsewhere."""
        self._loaded[key] = dataset


def carry_out(
    task: Task,
    data: DataCache,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    on_start: Callable[[Interruption], None] = lambda _: None,
) -> Outcome:
    """Trains a task to its end, or until it is to pause or to stop.

    Args:
        task: What to train, which may have begun.
        data: Where its data is, or will be.
        should_stop: Called after each epoch; if it returns True, the run is left to be resumed.
        on_epoch: Called after each epoch.
        on_start: Called before the first epoch with what may end one before its time.
    """
    try:
        _wait_until_free(Path(task.where))
        train = _carry_out_many if task.plan else _carry_out_one
        return find_end(task) or train(task, data, should_stop, on_epoch, on_start)
    except DivergedError as error:
        return Outcome("failed", str(error).split("\n", 1)[0])
    except (OSError, RunError) as error:
        return Outcome("broken", str(error))
    except NNScratchError as error:
        return Outcome("failed", "; ".join(map(str, error.problems)))
    except MemoryError:
        return Outcome("failed", "not enough memory")


def find_end(task: Task) -> Outcome | None:
    """Returns how a task ended, if its run directory says that it did.

    Raises:
        RunError: run.json is damaged.
    """
    where = Path(task.where)
    if not (where / RECORD).exists():
        return None
    record = read_record(where)
    reason = record.stop_reason or ""
    match status_of(where, record):
        case "completed":
            return Outcome("done", reason)
        case "diverged":
            return Outcome("failed", reason)
        case "interrupted":
            done = record.checkpoint_epoch or 0
            if task.until is not None and done == record.epochs_done and done >= task.until:
                return Outcome("done", reason)
    return None


def _wait_until_free(where: Path) -> None:
    """Waits for a process that still saves what it did for a coordinator that was killed.

    Raises:
        RunError: It takes too long.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while is_locked(where):
        if time.monotonic() > end:
            raise RunError(f"{where}: another process is training it")
        time.sleep(_PAUSE_SECONDS)


def _prepare(task: Task, data: DataCache) -> TrainingRun:
    """Returns the training run, with its first epochs done or not."""
    config = Config.model_validate(task.config)
    where = Path(task.where)
    dataset = data.get(config)
    if not (where / RECORD).exists():
        experiment = prepare(config, dataset=dataset)
        return start(experiment, command=task.command, where=where)
    files = RunFiles(where / WEIGHTS, where)
    return resume(files, command=task.command, dataset=dataset)


def _carry_out_one(
    task: Task,
    data: DataCache,
    should_stop: Callable[[], bool],
    on_epoch: Callable[[EpochRecord], None],
    on_start: Callable[[Interruption], None],
) -> Outcome:
    run = _prepare(task, data)
    on_start(run.interruption)
    with run:
        _train(run, task, should_stop, on_epoch)
    is_done = run.result.status == "completed" or _is_far_enough(run, task)
    return Outcome("done" if is_done else "stopped", run.result.stop_reason)


def _carry_out_many(
    task: Task,
    data: DataCache,
    should_stop: Callable[[], bool],
    on_epoch: Callable[[EpochRecord], None],
    on_start: Callable[[Interruption], None],
) -> Outcome:
    """Trains all runs of a task; it has failed as soon as one of them diverges."""
    config, where = Config.model_validate(task.config), Path(task.where)
    dataset = data.get(config, is_whole=True)
    if (where / RECORD).exists():
        many = reopen_many(where, dataset, command=task.command)
    else:
        plan = Plan(**(task.plan or {}))
        many = start_many(config, plan, where=where, dataset=dataset, command=task.command)
    with many as parts:
        for part in parts:
            on_start(part.run.interruption)
            with part.run:
                _train(part.run, task, should_stop, on_epoch)
            if part.run.result.status == "interrupted":
                many.stop("stopped by the user")
    status = "done" if many.result.status == "completed" else "stopped"
    return Outcome(status, many.result.stop_reason)


def _train(
    run: TrainingRun,
    task: Task,
    should_stop: Callable[[], bool],
    on_epoch: Callable[[EpochRecord], None],
) -> None:
    for record in run:
        on_epoch(record)
        if _is_far_enough(run, task):
            run.stop(_pause(task))
        elif should_stop():
            run.stop("stopped by the user")


def _is_far_enough(run: TrainingRun, task: Task) -> bool:
    return task.until is not None and run.trainer.epochs_done >= task.until


def _pause(task: Task) -> str:
    return f"waits after epoch {task.until} until it is known to be among the best"
