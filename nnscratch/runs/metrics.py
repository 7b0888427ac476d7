"""metrics.csv: one row per epoch, appended while a training goes on and read back afterwards.

As long as it is open for writing it is locked, so that a run is never written by two at once.
"""

import csv
import io
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from nnscratch.errors import RunError
from nnscratch.nn.training import EpochRecord
from nnscratch.runs.lock import lock

METRICS = "metrics.csv"
_FLUSH_SECONDS = 1.0
# Whoever only looks whether the file is locked holds its lock for a moment.
_LOCK_ATTEMPTS, _LOCK_PAUSE = 10, 0.05


class MetricsWriter:
    """Writes rows together, once a second at most."""

    def __init__(self, path: Path, file: BinaryIO, columns: tuple[str, ...] = ()) -> None:
        self._path, self._file, self._columns = path, file, columns
        self._rows: list[str] = []
        self._flushed = time.monotonic()

    @classmethod
    def create(cls, run: Path) -> "MetricsWriter":
        """Makes the file of a new run.

        Raises:
            OSError: It cannot be made.
        """
        path = run / METRICS
        file = path.open("xb")
        lock(file)
        return cls(path, file)

    @classmethod
    def reopen(cls, run: Path, epochs: int) -> "MetricsWriter":
        """Opens the file of an old run and cuts off what is behind the rows of so many epochs.

        Raises:
            RunError: Another process writes it, or rows are missing.
            OSError: It cannot be opened.
        """
        path = run / METRICS
        file = path.open("r+b")
        try:
            _lock(run, file)
            columns = _cut(path, file, epochs)
        except BaseException:
            file.close()
            raise
        return cls(path, file, columns)

    def append(self, epoch: EpochRecord) -> None:
        """Adds the row of an epoch.

        Raises:
            RunError: The disk is full.
        """
        row: dict[str, float | str] = {
            "epoch": epoch.epoch,
            **epoch.scores,
            "learning_rate": epoch.learning_rate,
            "seconds": f"{epoch.seconds:.6f}",
        }
        if not self._columns:
            self._columns = tuple(row)
            self._rows.append(_line(self._columns))
        # An epoch that is not validated leaves those cells empty.
        self._rows.append(_line([row.get(name, "") for name in self._columns]))
        if time.monotonic() - self._flushed >= _FLUSH_SECONDS:
            self.flush()

    def flush(self, *, to_disk: bool = False) -> None:
        """Writes the rows that wait, whole lines in one call; to the disk itself, if asked to.

        Raises:
            RunError: The disk is full.
        """
        rows, self._rows = self._rows, []
        try:
            self._file.write("".join(rows).encode())
            self._file.flush()
            if to_disk:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise RunError(f"{self._path}: {error.strerror}") from None
        self._flushed = time.monotonic()

    def close(self) -> None:
        """Writes the rows that wait and lets go of the file, even if that fails.

        Raises:
            RunError: The disk is full.
        """
        try:
            self.flush()
        finally:
            with suppress(OSError):  # it tries once more to write what could not be written
                self._file.close()


def read_metrics(run: Path) -> dict[str, list[float]]:
    """Returns the columns of metrics.csv of a run directory, a list for each.

    A figure that was not measured after an epoch is nan. A last line that a crash cut short is left
    out.

    Raises:
        RunError: It is missing or damaged, or has no finished epoch.
    """
    path = run / METRICS
    try:
        text = path.read_text("utf-8")
        reader = csv.reader(io.StringIO(text[: text.rfind("\n") + 1]))
        header, *rows = list(reader) or [[]]
        columns = {name: [float(row[i] or "nan") for row in rows] for i, name in enumerate(header)}
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise RunError(f"{path}: cannot be read: {error}") from None
    if not (columns.get("epoch") and columns.get("loss")):
        raise RunError(f"{path}: has no finished epoch")
    return columns


def _lock(run: Path, file: BinaryIO) -> None:
    for _ in range(_LOCK_ATTEMPTS):
        if lock(file):
            return
        time.sleep(_LOCK_PAUSE)
    raise RunError(f"{run}: another process is training it")


def _cut(path: Path, file: BinaryIO, epochs: int) -> tuple[str, ...]:
    """Leaves the header and the rows of so many epochs, or nothing for 0; returns the columns."""
    header = file.readline() if epochs else b""
    for epoch in range(1, epochs + 1):
        row = file.readline()
        if not (row.startswith(b"%d," % epoch) and row.endswith(b"\n")):
            raise RunError(f"{path}: the row of epoch {epoch} is missing, or is not in its place")
    file.truncate(file.tell())
    return tuple(header.decode().strip().split(",")) if epochs else ()


def _line(values: Any) -> str:
    return ",".join(map(str, values)) + "\n"
