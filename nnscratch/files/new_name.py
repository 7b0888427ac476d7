"""Giving a finished file a name that nothing has yet, in one step wherever the system can."""

import errno
import os
import sys
from pathlib import Path

# Of Linux: a path is relative to the current folder, and what is there is not replaced.
_AT_FDCWD, _RENAME_NOREPLACE = -100, 1


def rename_to_new(old: Path, new: Path) -> None:
    """Renames a file within its folder; unlike `Path.rename`, it never replaces anything.

    Where there are neither hard links nor such a rename, the name is taken by an empty file first:
    a process that is killed in that moment leaves it, as does a disk that no longer removes files.

    Raises:
        FileExistsError: Something has the new name.
        OSError: It cannot be renamed; nothing, or that empty file, has the new name.
    """
    try:
        os.link(old, new)
    except FileExistsError:
        raise
    except OSError:  # FAT, exFAT and some network drives have no links
        if not _rename_in_one_step(old, new):
            _rename_in_two_steps(old, new)
        return
    try:
        old.unlink()
    except OSError:
        new.unlink()
        raise


def _rename_in_one_step(old: Path, new: Path) -> bool:
    """Returns whether the system can do that."""
    if sys.platform == "win32":
        old.rename(new)  # there it fails if the name is taken
        return True
    try:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        rename = library.renameat2
    except (ImportError, OSError, AttributeError):
        return False
    paths = os.fsencode(old), os.fsencode(new)
    failed = rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_NOREPLACE)
    if failed and ctypes.get_errno() == errno.EEXIST:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
    return not failed


def _rename_in_two_steps(old: Path, new: Path) -> None:
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        old.replace(new)
    except BaseException:
        new.unlink()
        raise
