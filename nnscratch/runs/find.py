"""Finding runs: by directory, by weights file, by name, or the latest of all."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nnscratch.errors import UsageError
from nnscratch.runs.create import CONFIG, WEIGHTS
from nnscratch.runs.metrics import is_locked
from nnscratch.runs.record import RECORD, RunRecord, read_record

_DIRECTORY = re.compile(r"(?P<name>.+)-(?P<time>\d{8}-\d{6})(?:-(?P<number>\d+))?")


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
        raise UsageError(f"{path}: is a config; nnscratch train {path} makes a run of it")
    if path.is_file():
        return RunFiles(path, path.parent if (path.parent / RECORD).is_file() else None)
    if path.is_dir() and any((path / name).is_file() for name in (RECORD, WEIGHTS)):
        return RunFiles(path / WEIGHTS, path)
    directory = _newest(reference, runs_directory)
    return RunFiles(directory / WEIGHTS, directory)


def find_weights(reference: str, runs_directory: Path) -> RunFiles:
    """Looks up a run that has weights to load, as `find` does.

    Raises:
        UsageError: There is no such run, or it ended before it saved any.
    """
    found = find(reference, runs_directory)
    if found.directory and not found.weights.exists():
        status = status_of(found.directory, read_record(found.directory))
        raise UsageError(f"{found.directory}: has saved no weights; its status is {status}")
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


def list_runs(runs_directory: Path) -> list[Path]:
    """Returns the run directories in `runs_directory`, oldest first; none if it is not there.

    Raises:
        UsageError: It is a file.
    """
    if not runs_directory.exists():
        return []
    if not runs_directory.is_dir():
        raise UsageError(f"{runs_directory}: not a directory of runs")
    return sorted(filter(_is_run, runs_directory.iterdir()), key=_age_key)


def _newest(reference: str, runs_directory: Path) -> Path:
    runs = list_runs(runs_directory)
    matching = [path for path in runs if reference in ("latest", path.name, name_of(path))]
    if matching:
        return matching[-1]
    known = list(dict.fromkeys(name_of(path) for path in reversed(runs)))
    near = get_close_matches(reference, [*known, *(path.name for path in runs)], n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known[:10])}"
    if not known:
        hint = "there is none yet; nnscratch train configs/xor.yaml makes one"
    what = f"{reference or 'an empty name'}: no run, weights file or run name in {runs_directory}"
    raise UsageError(f"{what}; {hint}")


def _is_run(path: Path) -> bool:
    try:
        return (path / RECORD).is_file()
    except OSError:  # another user's, closed to this one
        return False


def name_of(path: Path) -> str:
    """Returns the name that a run was given, which its directory has before the time."""
    match = _DIRECTORY.fullmatch(path.name)
    return match["name"] if match else path.name


def _age_key(path: Path) -> tuple[str, int, int, str]:
    """Sorts by the time in the name, and runs of the same second by when their config was written.

    A copy of a run keeps the first and may lose the second.
    """
    match = _DIRECTORY.fullmatch(path.name)
    if not match:
        return "", 0, 0, path.name
    config = path / CONFIG
    written = config.stat().st_mtime_ns if config.is_file() else 0
    return match["time"], written, int(match["number"] or 1), path.name
