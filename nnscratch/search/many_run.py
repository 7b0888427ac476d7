"""Many training runs in order, and the directory that holds them.

They are an iteration, as the epochs of one run are: each run is handed to the loop, which carries
it out. Whatever ends the loop or the process, the runs that are done stay done, and the one that
was under way goes on from its checkpoint.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from nnscratch.data.dataset import Dataset
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.loading import split_dataset, what_decides_rows
from nnscratch.experiment.prepare import prepare
from nnscratch.runs import WEIGHTS, RunDirectory, RunFiles, RunRecord, read_record, status_of
from nnscratch.runs.members import MEMBERS, find_member
from nnscratch.search.plan import Job, Plan, list_networks
from nnscratch.search.results import ManyRuns
from nnscratch.training.resume import resume
from nnscratch.training.start import start
from nnscratch.training.training_run import TrainingRun

_STOPPED = "stopped by the program"
# What Ctrl-C and the other signals raise between two runs.
_SIGNALS = (KeyboardInterrupt, SystemExit)
# A run of which nothing is left to do.
_ENDED = ("completed", "diverged")


class Part(NamedTuple):
    """A run that is to be carried out."""

    name: str
    """Its name among all runs: `seed-43`, or `fold-1/seed-43` for a member of a member."""
    run: TrainingRun


@dataclass(frozen=True)
class ManyResult:
    """How many training runs ended.

    Attributes:
        path: Their directory.
        status: `completed` or `interrupted`.
        stop_reason: Why they stopped.
        record: What run.json holds.
    """

    path: Path
    status: str
    stop_reason: str
    record: RunRecord


class ManyRun:
    """A context to train many runs in, and in it an iterator over those that are left.

    Args:
        plan: What the runs are.
        first: The experiment of the first run; its dataset is that run's.
        jobs: What is to be done.
        dataset: The data before any rows are held out.
        seen: The data as all runs together know it.
        open_directory: Opens the directory in which the runs are.
        command: What the user typed, for the record.

    Attributes:
        path: The directory, once the context has begun.
        result: How it ended; there once the context has ended.
    """

    path: Path
    result: ManyResult

    def __init__(
        self,
        plan: Plan,
        first: Experiment,
        jobs: Sequence[Job],
        dataset: Dataset,
        seen: Dataset,
        open_directory: Callable[[], RunDirectory],
        command: Sequence[str] = (),
    ) -> None:
        self.plan = plan
        self.jobs = list(jobs)
        self.first = first
        self._dataset = dataset
        self._seen = seen
        self._open_directory = open_directory
        self._command = command
        self._inner: ManyRun | None = None
        self._parts: Generator[Part, None, None] | None = None
        self._ending = ("interrupted", _STOPPED)
        self._is_stopped = False

    def __enter__(self) -> Self:
        """Opens the directory.

        Raises:
            RunError: It cannot be made.
            UsageError: Another process trains in it.
            OSError: It cannot be written.
        """
        self._directory = self._open_directory()
        self.path = self._directory.path
        return self

    def __iter__(self) -> Iterator[Part]:
        """Yields each run that is left; the loop carries it out before it asks for the next.

        Raises:
            ConfigError: The config does not fit the data of a run.
            DataError: The data of a run cannot be learned from.
        """
        self._parts = self._train()
        return self._parts

    @property
    def names(self) -> list[str]:
        """The names of all parts, also of those that are done, in their order."""
        return [network.name for network in list_networks(self.jobs)]

    @property
    def rows_differ(self) -> bool:
        """Whether they hold out different rows."""
        rows = {what_decides_rows(network.config) for network in list_networks(self.jobs)}
        return bool(self.first.dataset.held_out) and len(rows) > 1

    def stop(self, reason: str) -> None:
        """Has the iteration end as interrupted, after the run that was yielded last."""
        self._is_stopped = True
        self._ending = ("interrupted", reason)
        if self._inner:
            self._inner.stop(reason)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, *_: object
    ) -> None:
        try:
            if self._parts:
                self._parts.close()  # which ends the runs of a run, too
            if error is None and not self._is_stopped and not self._is_left():
                runs = ManyRuns(self.path, self.plan, self.jobs)
                runs.save(self._directory, self._dataset, self._seen)
                self._ending = ("completed", "all runs done")
            elif isinstance(error, _SIGNALS):
                self._ending = ("interrupted", "stopped by the user")
            elif error is not None and not isinstance(error, GeneratorExit):
                self._ending = ("failed", str(error) or type(error).__name__)
        except _SIGNALS:
            self._ending = ("interrupted", "stopped by the user")
            raise
        except BaseException as second:
            self._ending = ("failed", str(second) or type(second).__name__)
            raise
        finally:
            status, reason = self._ending
            self._directory.finish(status, stop_reason=reason)
        self.result = ManyResult(self.path, *self._ending, self._directory.record)

    def _is_left(self) -> list[Job]:
        """Returns the jobs that are not done."""
        return [job for job in self.jobs if self._status(job) not in _ENDED]

    def _status(self, job: Job) -> str:
        run = find_member(self.path, job.name)
        return status_of(run, read_record(run)) if run else ""

    def _train(self) -> Generator[Part, None, None]:
        for job in self.jobs:
            if self._is_stopped:
                return
            if self._status(job) in _ENDED:
                continue
            if job.config.ensemble == 1:
                yield Part(job.name, self._open(job))
                continue
            with self._open_many(job) as inner:
                self._inner = inner
                for name, run in inner:
                    yield Part(f"{job.name}/{name}", run)
            self._inner = None

    def _open(self, job: Job) -> TrainingRun:
        """Returns the run of a job, new or as it was left."""
        found = find_member(self.path, job.name)
        if found:
            return resume(RunFiles(found / WEIGHTS, found), command=self._command)
        experiment = self._prepare(job)
        return start(experiment, self.path / MEMBERS, command=self._command)

    def _open_many(self, job: Job) -> "ManyRun":
        """Returns the runs of a job that is an ensemble."""
        from nnscratch.search.start import reopen_many, start_many

        found = find_member(self.path, job.name)
        plan = Plan(ensemble=job.config.ensemble)
        if found:
            return reopen_many(found, self._dataset, command=self._command)
        return start_many(
            job.config, plan, self.path / MEMBERS, dataset=self._dataset, command=self._command
        )

    def _prepare(self, job: Job) -> Experiment:
        if job.config == self.first.config:
            return self.first
        return prepare(job.config, dataset=split_dataset(job.config, self._dataset))
