"""The runs that a directory of many runs consists of, each an ordinary run directory in it."""

from pathlib import Path

from nnscratch.errors import RunError
from nnscratch.runs.directories import list_runs
from nnscratch.runs.record import Many, read_record

MEMBERS = "runs"


def many_of(run: Path | None) -> Many | None:
    """Returns what the runs in a directory are; None for an ordinary run, or for no directory.

    Nothing is known of a damaged run.json either; `read_record` reports it where it is needed.
    """
    if run is None:
        return None
    try:
        return read_record(run).many
    except RunError:
        return None


def list_members(run: Path) -> list[Path]:
    """Returns the directories of its runs, oldest first; none for an ordinary run."""
    folder = run / MEMBERS
    return list_runs(folder) if folder.is_dir() else []


def find_member(run: Path, name: str) -> Path | None:
    """Returns the directory of the run of a name; None if it has not begun."""
    folder = run / MEMBERS
    found = list_runs(folder, name) if folder.is_dir() else []
    return found[-1] if found else None


def list_leaves(run: Path) -> list[Path]:
    """Returns the directories of the ordinary runs in a directory, at whatever depth."""
    members = list_members(run)
    if not members:
        return [run]
    return [leaf for member in members for leaf in list_leaves(member)]
