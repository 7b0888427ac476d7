"""A disk that fails at its n-th operation, for tests that try every n."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest


class FailingDisk:
    """Counts what is done to files, and fails the n-th of it, or all from the n-th on.

    Args:
        fail_at: Which operation fails, counted from 1.
        code: With which error, such as errno.ENOSPC.
        stays: Whether all operations after it fail too.

    Attributes:
        failed: The operation that failed first, such as `write run.json`; empty if none did.
    """

    def __init__(self, fail_at: int, code: int, *, stays: bool) -> None:
        self._fail_at, self._code, self.stays = fail_at, code, stays
        self._count, self.failed = 0, ""
        self.names: dict[object, str] = {}

    def fails(self, operation: str, file: object) -> bool:
        self._count += 1
        due = self._count == self._fail_at or (self.stays and self._count > self._fail_at)
        if due and not self.failed:
            name = Path(self.names.get(file, str(file))).name
            # A temporary file is called .run.json.1a2b3c4d.tmp.
            self.failed = f"{operation} {name[1:-13] if name.endswith('.tmp') else name}"
        return due

    def error(self, *file: object) -> OSError:
        return OSError(self._code, os.strerror(self._code), *map(str, file))

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Stands between Python and the disk in a `with` block."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("replace", "unlink", "link", "mkdir", "fsync"):
                patch.setattr(os, name, self._failing(name, getattr(os, name)))
            patch.setattr(os, "open", self._failing("open", os.open))
            patch.setattr(Path, "open", self._open_failing(Path.open))
            yield

    def _failing(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def operate(file: object, *others: Any, **named: Any) -> Any:
            if self.fails(name, file):
                raise self.error(*([] if isinstance(file, int) else [file]))
            result = function(file, *others, **named)
            if name == "open":
                self.names[result] = str(file)
            return result

        return operate

    def _open_failing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def open_file(path: Path, mode: str = "r", *others: Any, **named: Any) -> Any:
            if self.fails("open", path):
                raise self.error(path)
            if mode in ("wb", "xb"):
                return io.BufferedWriter(_FailingFile(self, path, mode))
            if mode == "r+b":
                return io.BufferedRandom(_FailingFile(self, path, mode))
            return function(path, mode, *others, **named)

        return open_file


class _FailingFile(io.FileIO):
    """A file of a failing disk; half of a write that fails has reached it, as on a full disk."""

    def __init__(self, disk: FailingDisk, path: Path, mode: str) -> None:
        super().__init__(path, mode)
        self._disk, self._path, self._rest_fails = disk, path, False
        disk.names[self.fileno()] = str(path)

    def write(self, data: Any) -> int:
        if self._rest_fails:
            self._rest_fails = self._disk.stays
            raise self._disk.error()
        if self._disk.fails("write", self._path):
            self._rest_fails = True
            return super().write(memoryview(data)[: len(data) // 2])
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        if self._disk.fails("truncate", self._path):
            raise self._disk.error()
        return super().truncate(size)

    def close(self) -> None:
        fails = not self.closed and self._disk.fails("close", self._path)
        super().close()
        if fails:
            raise self._disk.error()


def failing_disks(code: int, *, stays: bool, step: int = 1) -> Iterator[FailingDisk]:
    """Yields disks that fail at the first operation, at the second, … until one does not fail.

    With a `step` of 3 every third operation is tried, and so on.
    """
    for fail_at in count(1, step):
        disk = FailingDisk(fail_at, code, stays=stays)
        yield disk
        if not disk.failed:
            return
