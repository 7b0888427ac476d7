"""Opening a user's file: a regular one, or an error at once.

Opening a named pipe waits until somebody writes into it, and some devices never end.
"""

import errno
import stat
from pathlib import Path
from typing import BinaryIO, Literal

_OTHERS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def open_regular(path: Path, mode: Literal["rb", "r+b"] = "rb") -> BinaryIO:
    """Opens a file that is there already, or that a link leads to.

    Raises:
        OSError: It cannot be opened, or is a directory, a pipe, a device or a socket.
    """
    # Asked before it is opened, because already that waits for a pipe and wakes up a device.
    other = _OTHERS.get(stat.S_IFMT(path.stat().st_mode))
    if other:
        raise OSError(errno.EINVAL, f"it is {other}, not a file", str(path))
    return path.open(mode)
