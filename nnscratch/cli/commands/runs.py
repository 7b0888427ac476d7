"""`nnscratch runs`: a table of all runs."""

from datetime import datetime
from typing import Any

from nnscratch.cli import output
from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory
from nnscratch.cli.output import console
from nnscratch.cli.tables import print_table
from nnscratch.formatting import cell, number, part_scores, scores

POSITION_IN_HELP = 90

_MINUTE = 60
# What a narrow terminal can do without.
_FIRST_TO_GO = ("took", "age", "loss")


def runs(runs_dir: RunsDirectory = DEFAULT_RUNS) -> None:
    """List the runs, oldest first.

    Example: nnscratch runs
    """
    from nnscratch.errors import RunError
    from nnscratch.runs import list_runs, read_record, status_of

    rows: list[list[Any]] = []
    for path in list_runs(runs_dir):
        try:
            record = read_record(path)
            rows.append([path.name, status_of(path, record), *_row(record)])
        except (RunError, AttributeError, TypeError, ValueError) as error:
            output.say(f"warning: {path}: left out: {error}")
    if not rows:
        output.say(f"no runs in {runs_dir}; make one with: nnscratch train configs/xor.yaml")
        return
    header = ["run", "status", "epochs", "loss", "metric", "val", "test", "took", "age"]
    # A column that says nothing of any run is left out.
    filled = [i for i in range(len(header)) if any(row[i] not in ("", None) for row in rows)]
    for name in _FIRST_TO_GO:
        if _width(header, rows, filled) > console().width:
            filled = [i for i in filled if header[i] != name]
    print_table([header[i] for i in filled], [[row[i] for i in filled] for row in rows])


def _width(header: list[str], rows: list[list[Any]], columns: list[int]) -> int:
    """Returns how wide a table of these columns is."""
    return sum(max(len(cell(row[i])) for row in [header, *rows]) + 2 for i in columns)


def _row(record: dict[str, Any]) -> list[Any]:
    final = part_scores(dict(record.get("final") or {}))
    return [
        record.get("epochs_done"),
        number(final.pop("loss")) if "loss" in final else "",
        _metric(final),
        _metric(part_scores(dict(record.get("best") or {}), "val_")),
        _metric(dict(record.get("test") or {})),
        _duration(record.get("seconds")),
        _age(record),
    ]


def _metric(values: dict[str, float]) -> str:
    """Returns the first figure beside the loss; a percentage says itself that it is accuracy."""
    others = {name: value for name, value in values.items() if name != "loss"}
    return scores(dict(list(others.items())[:1])).removeprefix("accuracy ")


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
