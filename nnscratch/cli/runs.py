"""`nnscratch runs`: a table of all runs."""

from datetime import datetime
from typing import Any

from nnscratch.cli import output
from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory
from nnscratch.cli.tables import print_table
from nnscratch.wording import number, scores

_MINUTE = 60


def runs(runs_dir: RunsDirectory = DEFAULT_RUNS) -> None:
    """List the runs, oldest first.

    Example: nnscratch runs
    """
    from nnscratch.errors import RunError
    from nnscratch.runs import list_runs, read_record

    rows: list[list[Any]] = []
    for path in list_runs(runs_dir):
        try:
            rows.append([path.name, *_row(read_record(path))])
        except (RunError, AttributeError, TypeError, ValueError) as error:
            output.say(f"warning: {path}: left out: {error}")
    if not rows:
        output.say(f"no runs in {runs_dir}; make one with: nnscratch train configs/xor.yaml")
        return
    print_table(["run", "status", "epochs", "loss", "metric", "took", "age"], rows)


def _row(record: dict[str, Any]) -> list[Any]:
    final = dict(record.get("final") or {})
    return [
        str(record.get("status", "unknown")),
        record.get("epochs_done"),
        number(final.pop("loss")) if "loss" in final else "",
        scores(final).removeprefix("accuracy "),  # a percentage says so itself
        _duration(record.get("seconds")),
        _age(record),
    ]


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds < _MINUTE else _rough(seconds)


def _age(record: dict[str, Any]) -> str:
    """Returns how long ago a run began."""
    try:
        started = datetime.fromisoformat(record["started"]).astimezone()
    except (KeyError, TypeError, ValueError):
        return ""
    return _rough((datetime.now().astimezone() - started).total_seconds())


def _rough(seconds: float) -> str:
    for unit, length in (("d", 24 * 60 * _MINUTE), ("h", 60 * _MINUTE), ("min", _MINUTE)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
