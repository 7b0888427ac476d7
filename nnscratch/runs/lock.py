"""The lock of a run that is being written: it ends with its process, however that ends."""

import sys
from pathlib import Path
from typing import BinaryIO


def lock(file: BinaryIO) -> bool:
    """Locks an open file until it is closed; returns False if another process has locked it."""
    return _try_lock(file) is not False


def is_locked(path: Path) -> bool:
    """Returns whether a process has locked a file; True where that cannot be known."""
    try:
        with path.open("rb") as file:
            return _try_lock(file, shared=True) is not True
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _try_lock(file: BinaryIO, *, shared: bool = False) -> bool | None:
    """Returns whether the lock could be had; None on a system or file system without locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
