"""`nnscratch runs`: a table of all runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory
from nnscratch.cli.output import print_message
from nnscratch.cli.run_table import print_run_table
from nnscratch.errors import RunError
from nnscratch.formatting import cell, number

if TYPE_CHECKING:
    from nnscratch.runs import RunRecord
    from nnscratch.runs.record import Figures

POSITION_IN_HELP = 90

_MINUTE = 60
# The columns that a narrow terminal leaves out, in this order.
_FIRST_TO_GO = ("took", "age", "loss")


def runs(runs_dir: RunsDirectory = DEFAULT_RUNS) -> None:
    """List the runs, oldest first.

    Example: nnscratch runs
    """
    from nnscratch.runs import list_runs, read_record, status_of

    rows: list[list[Any]] = []
    for path in list_runs(runs_dir):
        try:
            record = read_record(path)
            rows.append([path.name, status_of(path, record), *_row(record)])
        except RunError as error:
            print_message(f"warning: {path}: left out: {error}")
    if not rows:
        print_message(f"no runs in {runs_dir}; make one with: nnscratch train configs/xor.yaml")
        return
    header = ["run", "status", "epochs", "loss", "metric", "val", "test", "took", "age"]
    columns = zip(*(map(cell, row) for row in rows), strict=True)
    print_run_table(dict(zip(header, columns, strict=True)), first_to_go=_FIRST_TO_GO)


def _row(record: "RunRecord") -> list[Any]:
    from nnscratch.model.scores import scores_of

    final = scores_of(_known(record.final))
    return [
        record.epochs_done,
        number(final["loss"]) if "loss" in final else "",
        _metric(final),
        _metric(scores_of(_known(record.best), "val_")),
        _metric(_known(record.test)),
        "" if record.seconds is None else _rough(record.seconds, decimals=2),
        _age(record.started),
    ]


def _known(figures: "Figures | None") -> dict[str, float]:
    """Returns the figures without those that were nan or infinite, whose cells stay empty."""
    return {name: value for name, value in (figures or {}).items() if value is not None}


def _metric(scores: dict[str, float]) -> str:
    """Returns the first figure besides the loss."""
    from nnscratch.model.scores import brief_text

    return next((brief_text(name, scores[name]) for name in scores if name != "loss"), "")


def _age(started: str | None) -> str:
    """Returns how long ago a run began."""
    try:
        moment = datetime.fromisoformat(started or "").astimezone()
    except ValueError:
        return ""
    return _rough((datetime.now().astimezone() - moment).total_seconds())


def _rough(seconds: float, decimals: int = 0) -> str:
    """Returns a duration in its largest unit; `decimals` are those of seconds."""
    for unit, length in (("d", 24 * 60 * _MINUTE), ("h", 60 * _MINUTE), ("min", _MINUTE)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.{decimals}f} s"
