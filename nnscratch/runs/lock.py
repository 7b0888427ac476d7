"""Who writes a run: a lock that ends with its process, however that ends."""

import sys
from pathlib import Path
from typing import BinaryIO


def lock(file: BinaryIO) -> bool:
    """Locks an open file until it is closed and says whether it could; others may hold it."""
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
    """Says whether a process holds the lock of a file; yes, where that cannot be known."""
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
