"""A lock on an open file, which ends with its process, however that ends."""

import errno
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

_WINDOWS = sys.platform == "win32"
# Windows locks bytes, and keeps others from reading them: this one is behind all that is written.
_LOCKED_BYTE = 2**31 - 2


def try_lock(file: BinaryIO, *, shared: bool = False) -> bool | None:
    """Locks a file until it is closed, unless another process has.

    Args:
        file: The file; to Windows, two openings of it are two processes.
        shared: Whether others may have a shared lock at once; Windows knows no such locks.

    Returns:
        Whether the lock could be had; None on a system or file system without locks.
    """
    if _WINDOWS:
        return _try_lock_byte(file)
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def unlock(file: BinaryIO) -> None:
    """Ends a lock before the file is closed: Windows may do that a while later."""
    if _WINDOWS:
        with suppress(OSError):
            _change_byte(file, "LK_UNLCK")


def _try_lock_byte(file: BinaryIO) -> bool | None:
    try:
        _change_byte(file, "LK_NBLCK")
    except OSError as error:
        return False if error.errno in (errno.EACCES, errno.EDEADLK) else None
    return True


def _change_byte(file: BinaryIO, mode: str) -> None:
    msvcrt: Any = import_module("msvcrt")
    descriptor = file.fileno()
    before = os.lseek(descriptor, 0, os.SEEK_CUR)
    os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, getattr(msvcrt, mode), 1)
    finally:
        os.lseek(descriptor, before, os.SEEK_SET)
