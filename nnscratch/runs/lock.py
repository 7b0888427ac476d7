"""The lock of a run that is being written: it ends with its process, however that ends."""

import sys
from pathlib import Path
from typing import BinaryIO


def lock(file: BinaryIO) -> bool:
    """Locks an open file until it is closed; returns False if another process has locked it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def is_locked(path: Path) -> bool:
    """Returns whether a process has locked a file; True where that cannot be known."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
