"""Finding runs: by directory, by weights file, by name, or the latest of all."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nnscratch.errors import UsageError
from nnscratch.formatting import typed
from nnscratch.runs.create import WEIGHTS
from nnscratch.runs.directories import (
    CONFIG,
    RECORD,
    SEARCH_RECORD,
    directory_names,
    list_runs,
    name_of,
)
from nnscratch.runs.metrics import is_locked
from nnscratch.runs.record import RunRecord, read_record


@dataclass(frozen=True)
class RunFiles:
    """The files of a run, or a weights file on its own.

    Attributes:
        weights: The weights file; it need not exist.
        directory: The run that it belongs to; None for a weights file on its own.
    """

    weights: Path
    directory: Path | None

    @property
    def config(self) -> Path | None:
        """The run's config, if there is one."""
        path = self.directory / CONFIG if self.directory else None
        return path if path and path.is_file() else None


def find(reference: str, runs_directory: Path) -> RunFiles:
    """Looks up a run.

    Args:
        reference: A run directory, a weights file, the name of a run (the newest of that name),
            or `latest`.
        runs_directory: Where names are looked up.

    Raises:
        UsageError: There is no such run.
    """
    path = Path(reference)
    if path.suffix in (".yaml", ".yml"):
        raise UsageError(f"{path}: is a config; nnscratch train {typed(path)} makes a run of it")
    if path.is_file():
        return RunFiles(path, path.parent if (path.parent / RECORD).is_file() else None)
    if path.is_dir() and any((path / name).is_file() for name in (RECORD, WEIGHTS)):
        return RunFiles(path / WEIGHTS, path)
    directory = _newest(reference, runs_directory)
    return RunFiles(directory / WEIGHTS, directory)


def find_search(reference: str, runs_directory: Path) -> Path | None:
    """Returns the directory of a search, found as `find` finds a run; None if it is no search.

    A name that runs and searches have, or `latest`, is the newest of them all.

    Raises:
        UsageError: The directory of all runs is a file.
    """
    path = Path(reference)
    if path.is_dir() and reference != "latest":
        return path if (path / SEARCH_RECORD).is_file() else None
    name = None if reference == "latest" else reference
    matching = list_runs(runs_directory, name, records=(RECORD, SEARCH_RECORD))
    return matching[-1] if matching and (matching[-1] / SEARCH_RECORD).is_file() else None


def find_weights(reference: str, runs_directory: Path) -> RunFiles:
    """Looks up a run that has weights to load, as `find` does.

    Raises:
        UsageError: There is no such run, or it ended before it saved any.
    """
    found = find(reference, runs_directory)
    if found.directory and not found.weights.exists():
        status = status_of(found.directory, read_record(found.directory))
        goes_on = f"; nnscratch resume {typed(found.directory)} goes on with it"
        remedy = goes_on if status == "interrupted" else ""
        rule = f"has saved no weights; its status is {status}"
        raise UsageError(f"{found.directory}: {rule}{remedy}")
    return found


def status_of(run: Path, record: RunRecord) -> str:
    """Returns the status of a run, given its record; a process that died could not record its end.

    Raises:
        RunError: run.json has been damaged since it was read.
    """
    status = record.status or "unknown"
    if status != "running" or is_locked(run):
        return status
    # It may have ended in order since its record was read.
    status = read_record(run).status or "unknown"
    return "interrupted" if status == "running" else status


def _newest(reference: str, runs_directory: Path) -> Path:
    matching = list_runs(runs_directory, None if reference == "latest" else reference)
    if matching:
        return matching[-1]
    directories = directory_names(runs_directory)
    known = list(dict.fromkeys(name_of(name) for name in reversed(directories)))
    near = get_close_matches(reference, [*known, *directories], n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known[:10])}"
    if not known:
        hint = "there is none yet; nnscratch train configs/xor.yaml makes one"
    what = f"{reference or 'an empty name'}: no run, weights file or run name in {runs_directory}"
    raise UsageError(f"{what}; {hint}")
