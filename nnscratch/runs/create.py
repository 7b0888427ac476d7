"""A run: the directory that one training writes, made new each time and never written over.

config.yaml      the resolved config; training it again gives the same weights
metrics.csv      one row per epoch
run.json         what happened: status, versions, figures
checkpoint.npz   how far the training has come, to go on from
weights.npz      the model
initial.npz      the model whose weights it began with, where that was another run's
plots/           pictures of it
snapshots/       the model after some of the epochs, where the config asks for it
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nnscratch.errors import RunError, UsageError
from nnscratch.files.atomic import sweep, sync_directory, write_text
from nnscratch.runs import environment
from nnscratch.runs.metrics import MetricsWriter
from nnscratch.runs.record import RECORD, read_record

CONFIG, WEIGHTS = "config.yaml", "weights.npz"
CHECKPOINT, INITIAL = "checkpoint.npz", "initial.npz"
PLOTS, SNAPSHOTS = "plots", "snapshots"
_ATTEMPTS = 1000


class Run:
    """A run directory while its training writes it.

    Attributes:
        path: The directory.
        record: What run.json holds.
        metrics: Its metrics.csv.
    """

    def __init__(self, path: Path, record: dict[str, Any], metrics: MetricsWriter) -> None:
        self.path, self.record, self.metrics = path, record, metrics

    @classmethod
    def create(cls, directory: Path, name: str, config: str, record: Mapping[str, Any]) -> "Run":
        """Makes `<directory>/<name>-<YYYYmmdd-HHMMSS>` and puts config.yaml and run.json into it.

        A number is added where the name is taken, so two trainings of one second have two runs.

        Raises:
            RunError: The directory cannot be made or written.
        """
        started = datetime.now().astimezone()
        try:
            path = _make_directory(directory, f"{name}-{started:%Y%m%d-%H%M%S}")
            write_text(path / CONFIG, config)
            about = {**record, "status": "running", "name": name, "started": _text(started)}
            run = cls(path, about, MetricsWriter.create(path))
            try:
                run.begin()
            except BaseException:
                run.metrics.close()
                raise
        except OSError as error:
            where = error.filename or directory
            raise RunError(f"{where}: cannot write the run: {error.strerror}") from None
        return run

    @classmethod
    def reopen(
        cls, path: Path, record: dict[str, Any], config: str, epochs: int, command: Sequence[str]
    ) -> "Run":
        """Takes up a run after so many epochs; what is behind them is cut off metrics.csv.

        Args:
            path: Its directory.
            record: What its run.json held when it was looked at.
            config: What its config.yaml becomes.
            epochs: So many are done.
            command: What the user typed, for the record.

        Raises:
            RunError: metrics.csv or run.json is damaged.
            UsageError: Another process writes it, or has written it since it was looked at.
            OSError: It cannot be written.
        """
        metrics = MetricsWriter.reopen(path)
        try:
            if read_record(path) != record:
                raise UsageError(f"{path}: another process has just trained it; try again")
            metrics.cut(epochs)
            # Nobody else writes here, so what is only half there was left by one who was killed.
            for folder in (path, path / PLOTS, path / SNAPSHOTS):
                if folder.is_dir():
                    sweep(folder)
            at = _text(datetime.now().astimezone())
            now = {"epoch": epochs + 1, "at": at, "command": [*command]}
            run = cls(path, {**record, "resumed": [*(record.get("resumed") or []), now]}, metrics)
            write_text(path / CONFIG, config)
            run.begin()
        except BaseException:
            metrics.close()
            raise
        return run

    def begin(self) -> None:
        """Notes that this process trains, and forgets how an earlier one ended."""
        for ending in ("stop_reason", "test", "diverged"):
            self.record.pop(ending, None)
        self.record |= {"status": "running", "pid": os.getpid(), **environment.describe()}
        self.save_record()

    def finish(self, status: str, **figures: Any) -> None:
        """Writes the last rows and the last run.json, even if the first fails, and lets go of both.

        Raises:
            RunError: The rows cannot be written.
            OSError: run.json cannot be written.
        """
        self.record |= {"status": status, **figures}
        try:
            self.metrics.flush()
        except RunError as error:
            self.record |= {"status": "failed", "stop_reason": str(error)}
            raise
        finally:
            # As long as metrics.csv is locked, nobody takes the run for one that was killed.
            try:
                self.save_record()
            finally:
                self.metrics.close()

    def save_record(self) -> None:
        """Replaces run.json."""
        write_text(self.path / RECORD, json.dumps(self.record, indent=2, allow_nan=False) + "\n")


def _make_directory(parent: Path, stem: str) -> Path:
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
