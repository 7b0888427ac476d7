"""Writing a file so that a reader, or a crash, sees the old one or the new one and nothing between.

The bytes go to a temporary file in the same directory, reach the disk, and take the name at once.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DIGITS = 8
_TEMPORARY = re.compile(rf"\..+\.[0-9a-f]{{{_DIGITS}}}\.tmp")


@contextmanager
def replacing(path: Path, *, exclusive: bool = False) -> Iterator[BinaryIO]:
    """Opens a file for writing that becomes `path` when the block ends without an exception.

    Args:
        path: What is replaced, or made.
        exclusive: Whether `path` must not exist, at the end of the block either.

    Raises:
        FileExistsError: `path` exists and `exclusive` is asked for.
        OSError: The disk is full, the directory cannot be written, …; `path` is as it was, or,
            where only the directory could not be synced, new.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(_DIGITS // 2)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if exclusive:
            # A link fails where the name is taken, even if it was taken a moment ago.
            path.hardlink_to(temporary)
            temporary.unlink()
        else:
            temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None  # the name that the user knows
        raise
    sync_directory(path.parent)


def check_new(path: Path) -> None:
    """Says of a file that must not exist what `replacing` would say once all its work is done.

    Raises:
        OSError: Something has that name, or there is no folder to put it into.
    """
    if path.exists() or path.is_symlink():
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if not path.parent.is_dir():
        number = errno.ENOTDIR if path.parent.exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), str(path))


def write_text(path: Path, text: str, *, exclusive: bool = False) -> None:
    """Replaces `path` by `text` in UTF-8, or makes it.

    Raises:
        OSError: As `replacing` does.
    """
    with replacing(path, exclusive=exclusive) as file:
        file.write(text.encode())


def sweep(directory: Path) -> None:
    """Removes the temporary files that a killed process left; nobody else may be writing there."""
    for path in directory.iterdir():
        if _TEMPORARY.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


def sync_directory(directory: Path) -> None:
    """Has the names in a directory reach the disk; what is in a file is safe only with its name."""
    # Windows cannot open a directory.
    with suppress(PermissionError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
