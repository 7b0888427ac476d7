"""A run: the directory that one training writes, made new each time and never written over.

config.yaml    the resolved config; training it again gives the same weights
metrics.csv    one row per epoch
run.json       what happened: status, versions, figures
weights.npz    the model
plots/         pictures of it
"""

import csv
import io
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nnscratch.errors import RunError
from nnscratch.files.atomic import write_text
from nnscratch.nn.training import EpochRecord
from nnscratch.runs import environment

CONFIG, METRICS, RECORD, WEIGHTS = "config.yaml", "metrics.csv", "run.json", "weights.npz"
_FLUSH_SECONDS = 1.0
_ATTEMPTS = 1000


class Run:
    """A run directory while its training writes it.

    Attributes:
        path: The directory.
        record: What run.json holds.
    """

    def __init__(self, path: Path, record: dict[str, Any]) -> None:
        self.path = path
        self.record = record
        self._metrics = (path / METRICS).open("xb")
        self._rows: list[str] = []
        self._flushed = time.monotonic()

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
            run = cls(
                path,
                {
                    **record,
                    "status": "running",
                    "name": name,
                    "started": started.isoformat(timespec="seconds"),
                    "pid": os.getpid(),
                    **environment.describe(),
                },
            )
            run.save_record()
        except OSError as error:
            where = error.filename or directory
            raise RunError(f"{where}: cannot write the run: {error.strerror}") from None
        return run

    def log(self, epoch: EpochRecord) -> None:
        """Adds a row to metrics.csv; rows are written together, once a second at most."""
        row = {"epoch": epoch.epoch, **epoch.scores, "learning_rate": epoch.learning_rate}
        if epoch.epoch == 1:
            self._columns = tuple(row)
            self._rows.append(_csv_line([*row, "seconds"]))
        # An epoch that is not validated leaves those cells empty.
        cells = (row.get(name, "") for name in self._columns)
        self._rows.append(_csv_line([*cells, f"{epoch.seconds:.6f}"]))
        if time.monotonic() - self._flushed >= _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes the rows that wait, whole lines in one call.

        Raises:
            RunError: The disk is full.
        """
        rows, self._rows = self._rows, []
        try:
            self._metrics.write("".join(rows).encode())
            self._metrics.flush()
        except OSError as error:
            raise RunError(f"{self.path / METRICS}: {error.strerror}") from None
        self._flushed = time.monotonic()

    def finish(self, status: str, **figures: Any) -> None:
        """Closes metrics.csv and writes the last run.json, even if the first fails.

        Raises:
            RunError: The rows cannot be written.
            OSError: run.json cannot be written.
        """
        self.record |= {"status": status, **figures}
        try:
            self.flush()
            self._metrics.close()
        except (OSError, RunError) as error:
            self.record |= {"status": "failed", "stop_reason": str(error)}
            raise
        finally:
            with suppress(OSError):  # it tries once more to write what could not be written
                self._metrics.close()
            self.save_record()

    def save_record(self) -> None:
        """Replaces run.json."""
        write_text(self.path / RECORD, json.dumps(self.record, indent=2, allow_nan=False) + "\n")


def read_record(path: Path) -> dict[str, Any]:
    """Returns what the run.json of the run directory `path` holds.

    Raises:
        RunError: It is missing or damaged.
    """
    try:
        record = json.loads((path / RECORD).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path / RECORD}: cannot be read: {error}") from None
    if not isinstance(record, dict):
        raise RunError(f"{path / RECORD}: must hold a JSON object")
    return record


def read_metrics(path: Path) -> dict[str, list[float]]:
    """Returns the columns of metrics.csv of the run directory `path`, a list for each.

    A figure that was not measured after an epoch is nan. A last line that a crash cut short is left
    out.

    Raises:
        RunError: It is missing or damaged, or has no finished epoch.
    """
    try:
        text = (path / METRICS).read_text("utf-8")
        reader = csv.reader(io.StringIO(text[: text.rfind("\n") + 1]))
        header, *rows = list(reader) or [[]]
        columns = {name: [float(row[i] or "nan") for row in rows] for i, name in enumerate(header)}
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise RunError(f"{path / METRICS}: cannot be read: {error}") from None
    if not (columns.get("epoch") and columns.get("loss")):
        raise RunError(f"{path / METRICS}: has no finished epoch")
    return columns


def _make_directory(parent: Path, stem: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, _ATTEMPTS + 1):
        path = parent / (stem if attempt == 1 else f"{stem}-{attempt}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise RunError(f"{parent / stem}: exists {_ATTEMPTS} times already")


def _csv_line(values: list[Any]) -> str:
    return ",".join(map(str, values)) + "\n"
