"""Atomic file replacement: a reader, or a crash, finds the old file or the new one, whole.

The bytes are written to a temporary file in the same directory, synced to disk, and then renamed.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nnscratch.files.new_name import rename_to_new

_DIGITS = 8
# How much of a file's name the temporary one has: in UTF-8 it fits into 255 bytes.
_SHOWN_NAME = 60
# A file system that cannot sync a directory says one of these; one that can says EIO or ENOSPC.
_REFUSALS = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF, errno.EISDIR}
_TEMPORARY = re.compile(rf"\..+\.[0-9a-f]{{{_DIGITS}}}\.tmp")


@contextmanager
def replacing(path: Path, *, exclusive: bool = False) -> Iterator[BinaryIO]:
    """Opens a file for writing that becomes `path` if the block ends without an exception.

    Args:
        path: The file to replace or create.
        exclusive: Whether `path` must not exist, even if it was created while the block ran.

    Raises:
        FileExistsError: `exclusive` is true and `path` exists.
        OSError: The disk is full, the directory is not writable, …. `path` is unchanged; only if
            syncing the directory was what failed, it is already the new file.
    """
    name = path.name[:_SHOWN_NAME]
    temporary = path.with_name(f".{name}.{secrets.token_hex(_DIGITS // 2)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if exclusive:
            rename_to_new(temporary, path)
        else:
            temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # the name that the user knows
            error.filename2 = None
        raise
    sync_directory(path.parent)


def check_new(path: Path) -> None:
    """Raises early what `replacing` would raise, at the end, for a file that must not exist.

    Raises:
        OSError: Something has that name, or there is no folder to put it into.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        path.lstat()  # raises also for a name that is too long
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if not path.parent.is_dir():
        number = errno.ENOTDIR if path.parent.exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), str(path))


def write_text(path: Path, text: str, *, exclusive: bool = False) -> None:
    """Replaces or creates `path` with `text` in UTF-8.

    Raises:
        OSError: As for `replacing`.
    """
    with replacing(path, exclusive=exclusive) as file:
        file.write(text.encode())


def sweep(directory: Path) -> None:
    """Removes temporary files that a killed process left; no other process may be writing here."""
    for path in directory.iterdir():
        if _TEMPORARY.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


def sync_directory(directory: Path) -> None:
    """Syncs a directory's entries to disk: a new file survives a crash only if its name does.

    Raises:
        OSError: The disk failed; a file system that has no such operation is no error.
    """
    # Windows cannot open a directory.
    with suppress(PermissionError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
        finally:
            os.close(descriptor)
