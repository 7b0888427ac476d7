"""The directories of runs: which there are, what they are called, and which is the newest.

This is all that a shell's completion needs to know of runs, so nothing slow is imported.
"""

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from nnscratch.errors import UsageError
from nnscratch.files.regular import open_regular

CONFIG = "config.yaml"
RECORD = "run.json"
SEARCH_CONFIG = "search.yaml"
SEARCH_RECORD = "search.json"
# What the directory of a run is called while it is deleted.
REMOVED = ".removed-"
TIME_FORMAT = "%Y%m%d-%H%M%S"
_DIRECTORY = re.compile(r"(?P<name>.+)-(?P<time>\d{8}-\d{6})(?:-(?P<number>\d+))?")


def list_runs(
    runs_directory: Path, name: str | None = None, records: Sequence[str] = (RECORD,)
) -> list[Path]:
    """Returns the run directories in `runs_directory`, oldest first; none if it is not there.

    Args:
        runs_directory: The directory of all runs.
        name: The name of the runs to list, or of the directory of one; all by default.
        records: The files of which one makes a directory a run: searches have another.

    Raises:
        UsageError: It is a file.
    """
    directories = directory_names(runs_directory, records)
    if name is not None:
        directories = [one for one in directories if name in (one, name_of(one))]
    runs = (runs_directory / one for one in directories)
    return sorted(runs, key=_age_key)


def directory_names(runs_directory: Path, records: Sequence[str] = (RECORD,)) -> list[str]:
    """Returns the names of the run directories, by the time in them, without reading any of them.

    That is the local time where a run began, so it need not tell which is older.

    Raises:
        UsageError: It is a file.
    """
    if not runs_directory.exists():
        return []
    if not runs_directory.is_dir():
        raise UsageError(f"{runs_directory}: not a directory of runs")
    # isfile is true for no directory of another user's that is closed to this one.
    runs = (
        name
        for name in os.listdir(runs_directory)  # noqa: PTH208 - a path for each takes long
        if not name.startswith(REMOVED)
        and any(os.path.isfile(f"{runs_directory}/{name}/{file}") for file in records)  # noqa: PTH113 - likewise
    )
    return sorted(runs, key=_name_key)


def name_of(directory: str) -> str:
    """Returns the name that a run was given, which that of its directory has before the time."""
    match = _DIRECTORY.fullmatch(directory)
    return match["name"] if match else directory


def _name_key(directory: str) -> tuple[str, int, str]:
    match = _DIRECTORY.fullmatch(directory)
    return (match["time"], int(match["number"] or 1), directory) if match else ("", 0, directory)


def _age_key(run: Path) -> tuple[float, int, tuple[str, int, str]]:
    """Sorts by when runs began, and those of the same second by when their config was written.

    A copy of a run keeps the first and may lose the second.
    """
    written = 0
    config = SEARCH_CONFIG if (run / SEARCH_RECORD).is_file() else CONFIG
    with suppress(OSError):
        written = os.stat(run / config).st_mtime_ns  # noqa: PTH116 - likewise
    return _began(run), written, _name_key(run.name)


def _began(run: Path) -> float:
    """Returns when a run began, in seconds since 1970.

    Where run.json does not say so it is the time in the directory's name, and 0 without one.
    """
    record = run / SEARCH_RECORD
    try:
        with open_regular(record if record.is_file() else run / RECORD) as file:
            return datetime.fromisoformat(json.load(file)["started"]).timestamp()
    except (OSError, ValueError, OverflowError, RecursionError, KeyError, TypeError):
        pass
    match = _DIRECTORY.fullmatch(run.name)
    try:
        if match is None:
            return 0.0
        return datetime.strptime(match["time"], TIME_FORMAT).timestamp()  # noqa: DTZ007 - local time
    except (ValueError, OverflowError):
        return 0.0
