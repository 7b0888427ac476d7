"""A file is locked by one at a time, on Windows too, until it is closed or the process is gone."""

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import pytest

from nnscratch.runs import RunRecord, lock, read_record, status_of
from nnscratch.runs.lock import try_lock, unlock
from tests.conftest import Command
from tests.processes import start, wait_for_line

BYTE = 2**31 - 2
# What stands for Windows: its module, which locks a byte where the file stands. A lock of a whole
# file has the same properties here: it ends with the opening of the file and with the process.
FAKE = f"""
import errno, fcntl, os
LK_NBLCK, LK_UNLCK = 2, 0
def locking(descriptor, mode, count):
    assert (os.lseek(descriptor, 0, os.SEEK_CUR), count) == ({BYTE}, 1)
    try:
        kind = fcntl.LOCK_EX | fcntl.LOCK_NB if mode == LK_NBLCK else fcntl.LOCK_UN
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "Permission denied") from None
"""


@pytest.fixture(params=["this system", "windows"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "windows":
        module = ModuleType("msvcrt")
        exec(FAKE, module.__dict__)  # noqa: S102 - written above
        monkeypatch.setitem(sys.modules, "msvcrt", module)
        monkeypatch.setattr(lock, "_WINDOWS", True)
    return str(request.param)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The same file, opened twice, as two processes would."""
    (tmp_path / "file").write_bytes(b"0123456789")
    with (tmp_path / "file").open("r+b") as one, (tmp_path / "file").open("rb") as two:
        yield one, two


def test_one_has_the_lock_until_the_file_is_closed(
    system: str, files: tuple[BinaryIO, BinaryIO]
) -> None:
    one, two = files
    assert try_lock(one) is True
    assert try_lock(two) is False
    assert try_lock(two, shared=True) is False
    one.close()
    assert try_lock(two) is True


def test_locking_leaves_the_place_in_the_file(
    system: str, files: tuple[BinaryIO, BinaryIO]
) -> None:
    one, _ = files
    one.read(3)
    assert try_lock(one) is True
    assert one.read(2) == b"34"
    one.write(b"x")
    one.flush()
    unlock(one)
    assert Path(one.name).read_bytes() == b"01234x6789"


def test_a_lock_that_was_only_tried_is_given_back(
    system: str, files: tuple[BinaryIO, BinaryIO]
) -> None:
    one, two = files
    assert try_lock(two, shared=True) is True
    unlock(two)
    if system == "this system":
        two.close()  # which ends it at once
    assert try_lock(one) is True


def test_unlocking_what_is_not_locked_is_nothing(
    system: str, files: tuple[BinaryIO, BinaryIO]
) -> None:
    one, two = files
    assert try_lock(one) is True
    unlock(two)
    assert try_lock(two) is False


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.EINVAL])
def test_a_file_system_without_locks_says_so(
    code: int, system: str, files: tuple[BinaryIO, BinaryIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    if system == "windows":
        monkeypatch.setattr(sys.modules["msvcrt"], "locking", refuse)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)
    assert try_lock(files[0]) is None


# A training process of such a system.
ON_WINDOWS = f"""
import subprocess, sys, types  # subprocess takes a system with msvcrt for Windows
sys.modules["msvcrt"] = module = types.ModuleType("msvcrt")
exec({FAKE!r}, module.__dict__)
from nnscratch.runs import lock
lock._WINDOWS = True
"""


def test_a_killed_run_is_interrupted_and_can_be_resumed(
    system: str, workplace: Path, nnscratch: Command
) -> None:
    arguments = ["train", "configs/xor.yaml", "epochs=100000000", "--no-plots"]
    patch = ON_WINDOWS if system == "windows" else "pass"
    process = start(*arguments, cwd=workplace, patch=patch)
    wait_for_line(process, "epoch 1/")
    (run,) = (workplace / "runs").iterdir()
    record = RunRecord(status="running")
    try:
        assert status_of(run, record) == "running"
        refused = nnscratch("resume", run, "epochs=100000001")
        assert refused.code == 2
        assert "is training it" in refused.err
    finally:
        process.kill()
        process.communicate()
    assert status_of(run, record) == "interrupted"
    assert "interrupted" in nnscratch("runs").out
    result = nnscratch("resume", run, "max_seconds=0.2", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    assert status_of(run, read_record(run)) == "completed"
