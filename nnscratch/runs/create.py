"""A run directory: what one training run writes, made new each time and never written over.

config.yaml      the resolved config; training it again gives the same weights
metrics.csv      one row per epoch
run.json         what happened: status, versions, figures
checkpoint.npz   the state of the training after an epoch, to go on from
weights.npz      the model
initial.npz      the model whose weights it began with, where that was another run's
plots/           plots of it
notes.json       what people wrote about it: a note and tags
snapshots/       the model after some of the epochs, where the config asks for it
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nnscratch.errors import RunError, UsageError
from nnscratch.files.atomic import sweep, sync_directory, write_text
from nnscratch.runs.annotations import Annotations
from nnscratch.runs.directories import CONFIG, RECORD, TIME_FORMAT
from nnscratch.runs.environment import Environment, read_environment
from nnscratch.runs.metrics import METRICS_FILE, MetricsWriter, is_locked
from nnscratch.runs.record import Resumption, RunRecord, read_record

WEIGHTS = "weights.npz"
CHECKPOINT = "checkpoint.npz"
INITIAL = "initial.npz"
PLOTS = "plots"
SNAPSHOTS = "snapshots"
_ATTEMPTS = 1000


class RunDirectory:
    """A run directory while a training run writes it.

    Attributes:
        path: The directory.
        record: What run.json holds.
        metrics: Its metrics.csv.
    """

    def __init__(self, path: Path, record: RunRecord, metrics: MetricsWriter) -> None:
        self.path = path
        self.record = record
        self.metrics = metrics

    @classmethod
    def create(
        cls,
        parent: Path,
        name: str,
        config: str,
        record: RunRecord,
        annotations: Annotations | None = None,
    ) -> "RunDirectory":
        """Makes `<parent>/<name>-<YYYYmmdd-HHMMSS>` and puts config.yaml and run.json into it.

        A number is added where the name is taken, so two runs of one second have two directories.

        Args:
            parent: The directory of all runs.
            name: The run's name.
            config: The text of its config.yaml.
            record: What is known of it already.
            annotations: What the user wrote about it.

        Raises:
            RunError: The directory cannot be made or written.
        """
        started = datetime.now().astimezone()
        # Before anything is made: this imports, which may fail where few files may be open.
        environment = read_environment()
        try:
            path = make_directory(parent, f"{name}-{started:{TIME_FORMAT}}")
            if annotations and annotations != Annotations():
                annotations.write(path)
            run = cls._fill(path, name, config, record, started, environment)
        except OSError as error:
            where = error.filename or parent
            raise RunError(f"{where}: cannot write the run: {error.strerror}") from None
        return run

    @classmethod
    def create_at(cls, path: Path, name: str, config: str, record: RunRecord) -> "RunDirectory":
        """Makes a run directory of this very path, in which no run has begun.

        What a process that was killed has left of its beginning is replaced.

        Raises:
            UsageError: A run has begun there, or is about to.
            RunError: It cannot be made or written.
        """
        environment = read_environment()
        try:
            path.mkdir(parents=True, exist_ok=True)
            if (path / RECORD).exists():
                raise UsageError(f"{path}: is a run already")
            if is_locked(path):
                raise UsageError(f"{path}: another process is training it")
            sweep(path)
            (path / METRICS_FILE).unlink(missing_ok=True)
            started = datetime.now().astimezone()
            run = cls._fill(path, name, config, record, started, environment)
        except OSError as error:
            where = error.filename or path
            raise RunError(f"{where}: cannot write the run: {error.strerror}") from None
        return run

    @classmethod
    def _fill(
        cls,
        path: Path,
        name: str,
        config: str,
        record: RunRecord,
        started: datetime,
        environment: Environment,
    ) -> "RunDirectory":
        write_text(path / CONFIG, config)
        record.update(name=name, started=_text(started))
        run = cls(path, record, MetricsWriter(path, is_new=True))
        run._begin(environment)
        return run

    @classmethod
    def reopen(
        cls, path: Path, record: RunRecord, config: str, epochs: int, command: Sequence[str]
    ) -> "RunDirectory":
        """Opens a run again after some epochs; later rows are cut off its metrics.csv.

        Args:
            path: Its directory.
            record: What its run.json held when it was read.
            config: What its config.yaml becomes.
            epochs: How many epochs are done.
            command: What the user typed, for the record.

        Raises:
            RunError: metrics.csv or run.json is damaged.
            UsageError: Another process writes it, or has written it since it was read.
            OSError: It cannot be written.
        """
        environment = read_environment()
        metrics = MetricsWriter(path, is_new=False)
        try:
            if read_record(path) != record:
                raise UsageError(f"{path}: another process has just trained it; try again")
            metrics.cut(epochs)
            # No other process writes here, so what is half-written was left by a killed one.
            for folder in (path, path / PLOTS, path / SNAPSHOTS):
                if folder.is_dir():
                    sweep(folder)
            at = _text(datetime.now().astimezone())
            now = Resumption(epoch=epochs + 1, at=at, command=[*command])
            run = cls(path, record.without_ending(), metrics)
            run.record.resumed = [*(record.resumed or []), now]
            write_text(path / CONFIG, config)
            run._begin(environment)
        except BaseException:
            metrics.close()
            raise
        return run

    def _begin(self, environment: Environment) -> None:
        """Records that this process trains."""
        self.record.update(status="running", pid=os.getpid(), **environment._asdict())
        try:
            self.save_record()
        except BaseException:
            self.metrics.close()
            raise

    def finish(self, status: str, **values: Any) -> None:
        """Writes the last rows and the last run.json, even if the first fails, and closes both.

        Raises:
            RunError: The rows cannot be written.
            OSError: run.json cannot be written.
        """
        self.record.update(status=status, **values)
        try:
            self.metrics.flush()
        except RunError as error:
            self.record.update(status="failed", stop_reason=str(error))
            raise
        finally:
            # As long as metrics.csv is locked, the run is not taken for one that was killed.
            try:
                self.save_record()
            finally:
                self.metrics.close()

    def save_record(self) -> None:
        """Replaces run.json."""
        self.record.write(self.path)


def make_directory(parent: Path, stem: str) -> Path:
    """Makes and returns a directory of this name, to which a number is added where it is taken.

    Raises:
        RunError: The name is taken a thousand times.
        OSError: It cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, _ATTEMPTS + 1):
        path = parent / (stem if attempt == 1 else f"{stem}-{attempt}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        sync_directory(parent)
        return path
    raise RunError(f"{parent / stem}: exists {_ATTEMPTS} times already")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
