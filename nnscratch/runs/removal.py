"""Removing runs: a run is whole or gone, whenever the process that removes it ends.

Its directory is renamed in one step to a name that no list of runs has, and then deleted.
"""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from nnscratch.files.atomic import sync_directory
from nnscratch.files.regular import open_regular
from nnscratch.runs.directories import REMOVED
from nnscratch.runs.lock import try_lock, unlock
from nnscratch.runs.lookup import status_of
from nnscratch.runs.members import list_members
from nnscratch.runs.metrics import METRICS_FILE
from nnscratch.runs.record import read_record

# How many files a process has open besides those that are locked here.
_OTHER_FILES = 200


def remove(run: Path) -> bool:
    """Removes a run directory, or the link to one, unless a process trains it.

    Args:
        run: A directory as `list_runs` returns it.

    Returns:
        Whether it is removed.

    Raises:
        RunError: Its run.json is damaged, or that of a run in it.
        OSError: It cannot be renamed or deleted.
    """
    # Of many runs as one result, each of them may be trained on by itself.
    runs = list(_runs_within(run))
    if any(status_of(one, read_record(one)) == "running" for one in runs):
        return False
    _allow_open_files(len(runs))
    hidden = run.with_name(f"{REMOVED}{secrets.token_hex(8)}")
    with ExitStack() as stack:
        for one in runs:
            if not (one / METRICS_FILE).is_file():
                continue
            file = stack.enter_context(open_regular(one / METRICS_FILE))
            # A process that is about to resume the run has to wait, and then finds it gone.
            if try_lock(file) is False:
                return False
            if sys.platform == "win32":  # which renames no directory with an open file
                unlock(file)
                file.close()
        run.rename(hidden)
    sync_directory(run.parent)
    _delete(hidden)
    return True


def sweep_removed(runs_directory: Path) -> None:
    """Deletes what was being removed when a process was killed.

    Raises:
        OSError: It cannot be deleted.
    """
    for path in runs_directory.glob(f"{REMOVED}*"):
        _delete(path)


def _runs_within(run: Path) -> Iterator[Path]:
    """Yields a run and all that it consists of, at whatever depth."""
    yield run
    for member in list_members(run):
        yield from _runs_within(member)


def _allow_open_files(count: int) -> None:
    """Lets this process have more files open than usual, as far as the system allows it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # A system may allow fewer than it says.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _delete(directory: Path) -> None:
    if directory.is_symlink():
        directory.unlink(missing_ok=True)
    # Another process may be deleting it, too, and be the first to delete some of the files.
    while directory.exists():
        with suppress(FileNotFoundError):
            shutil.rmtree(directory)
