"""metrics.csv: one row per epoch, appended in the course of a training run and read back later.

As long as it is open for writing it is locked, so that a run is never written by two at once; the
lock ends with its process, however that ends.
"""

import csv
import io
import os
import shutil
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from nnscratch.errors import RunError, UsageError
from nnscratch.files.atomic import replacing
from nnscratch.files.regular import open_regular
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs.lock import try_lock, unlock

METRICS_FILE = "metrics.csv"
# The first and the last columns; between them are the other scores.
_FIRST = ("epoch", "loss")
_LAST = ("learning_rate", "seconds")
_FLUSH_SECONDS = 1.0
# So many rows are turned into numbers together.
_ROWS_AT_ONCE = 10_000
# A process that only checks whether the file is locked holds its lock for a moment.
_LOCK_ATTEMPTS = 10
_LOCK_PAUSE_SECONDS = 0.05


class MetricsWriter:
    """Writes rows together, once a second at most.

    Args:
        run: The run directory.
        is_new: Whether to make the file; in an old one, `cut` must be called before `append`.

    Raises:
        UsageError: Another process writes it.
        OSError: It cannot be made or opened.
    """

    def __init__(self, run: Path, *, is_new: bool) -> None:
        self._path = run / METRICS_FILE
        self._columns: tuple[str, ...] = ()
        self._rows: list[str] = []
        self._flushed = time.monotonic()
        if is_new:
            self._path.open("xb").close()
        for _ in range(_LOCK_ATTEMPTS):
            file = _open_locked(self._path)
            if file:
                self._file = file
                return
            time.sleep(_LOCK_PAUSE_SECONDS)
        raise UsageError(f"{run}: another process is training it")

    def cut(self, epochs: int) -> None:
        """Checks the rows of the first epochs and cuts off what comes after them.

        Raises:
            RunError: Rows are missing or damaged.
        """
        if epochs:
            header = self._file.readline().decode("utf-8", "replace")
            self._columns = tuple(header.strip().split(","))
            if self._columns[:2] != _FIRST or self._columns[-2:] != _LAST:
                raise RunError(f"{self._path}: has another header than a training run writes")
        for epoch in range(1, epochs + 1):
            if not _is_row(self._file.readline(), epoch, len(self._columns)):
                raise RunError(f"{self._path}: the row of epoch {epoch} is missing or damaged")
        self._file.truncate(self._file.tell())

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
        """Writes the rows that wait, whole lines in one call; through to the disk if `to_disk`.

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
        """Closes the file; rows that could not be written are lost."""
        with suppress(OSError):  # it tries once more to write them
            self._file.close()


def read_metrics(run: Path) -> dict[str, list[float]]:
    """Returns the columns of metrics.csv of a run directory, a list for each.

    A figure that was not measured in an epoch is nan. A last line cut short by a crash is left out.

    Raises:
        RunError: It is missing or damaged, or has no finished epoch.
    """
    path = run / METRICS_FILE
    try:
        with open_regular(path) as file:
            text = io.TextIOWrapper(file, "utf-8", newline="")
            lines = csv.reader(line for line in text if line.endswith("\n"))
            columns: dict[str, list[float]] = {name: [] for name in next(lines, [])}
            while rows := list(islice(lines, _ROWS_AT_ONCE)):
                cells = zip(*rows, strict=True)
                for column, texts in zip(columns.values(), cells, strict=True):
                    column.extend([float(text or "nan") for text in texts])
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise RunError(f"{path}: cannot be read: {error}") from None
    if not (columns.get("epoch") and columns.get("loss")):
        raise RunError(f"{path}: has no finished epoch")
    return columns


def is_locked(run: Path) -> bool:
    """Returns whether a process writes a run; True where that cannot be known."""
    path = run / METRICS_FILE
    try:
        if not path.is_file():
            return False
        with open_regular(path) as file:
            is_free = try_lock(file, shared=True)
            unlock(file)
            return is_free is not True
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _open_locked(path: Path) -> BinaryIO | None:
    """Returns a file, locked and with no other name; None if it is locked, or is another file now.

    Of a run that was copied as hard links, the file is that of the original too; the rows of the
    copy must not go there.
    """
    file = open_regular(path, "r+b")
    try:
        if try_lock(file) is not False:
            if os.fstat(file.fileno()).st_nlink > 1:
                with replacing(path) as copy:
                    shutil.copyfileobj(file, copy)
            # Another process may have replaced it before it was locked.
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _is_row(line: bytes, epoch: int, cells: int) -> bool:
    """Returns whether a line is the whole row of an epoch."""
    if not (line.startswith(b"%d," % epoch) and line.endswith(b"\n")):
        return False
    try:
        return len([float(cell or b"nan") for cell in line.split(b",")]) == cells
    except ValueError:
        return False


def _line(values: Any) -> str:
    return ",".join(map(str, values)) + "\n"
