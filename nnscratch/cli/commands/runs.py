"""`nnscratch runs`: a table of all runs or of some, and the end of those that are not needed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli import EXIT_FAILED
from nnscratch.cli.options import DEFAULT_RUNS, Format, ReportFormat, RunsDirectory, TagFilter
from nnscratch.cli.output import ask, can_ask, print_document, print_message, print_text
from nnscratch.cli.run_table import print_run_table
from nnscratch.errors import RunError, UsageError
from nnscratch.formatting import cell, number, plural

if TYPE_CHECKING:
    from nnscratch.runs.record import Figures
    from nnscratch.runs.selection import Condition
    from nnscratch.runs.summary import Summary

POSITION_IN_HELP = 90

_MINUTE = 60
# The columns that a narrow terminal leaves out, in this order.
_FIRST_TO_GO = ("note", "took", "age", "loss", "tags")
# `nnscratch note` shows the whole of it.
_NOTE_WIDTH = 40


class Status(StrEnum):
    """How a run ended, or that it goes on."""

    COMPLETED = "completed"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"
    FAILED = "failed"
    RUNNING = "running"


Conditions = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="FIGURE>NUMBER",
        help='Only runs whose figure compares so, by > >= < <= = or !=, such as "accuracy>0.98" '
        'or "test.loss<0.1"; can be repeated.',
    ),
]
Pattern = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Only runs with this in their name; * is a wildcard."),
]
Statuses = Annotated[
    list[Status] | None,
    typer.Option(metavar="STATUS", help=f"Only those {', '.join(Status)}; can be repeated."),
]
Sort = Annotated[
    str | None,
    typer.Option(metavar="FIGURE", help="Sort by a figure; -loss begins with the largest loss."),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="At most N runs: the newest, or the first with --sort."),
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Remove the runs that are chosen, after asking.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remove them without asking.")]


def runs(
    where: Conditions = None,
    name: Pattern = None,
    status: Statuses = None,
    tags: TagFilter = None,
    sort: Sort = None,
    limit: Limit = None,
    prune: Prune = False,
    yes: Yes = False,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """List the runs and searches, oldest first, or remove some runs.

    Figures are those that --format json prints: accuracy is the one of the last epoch,
    best.val_accuracy the one of the best epoch, test.accuracy the one of the test rows.

    Example: nnscratch runs --where "accuracy>0.98" --sort -accuracy --limit 3
    """
    from nnscratch.runs.selection import Selection

    if yes and not prune:
        raise UsageError("--yes is for --prune")
    conditions = _parse_conditions(where or [])
    statuses = [*map(str, status or [])]
    selection = Selection(conditions, name, statuses, tags or [], sort, limit)
    if prune and not selection.is_narrow:
        options = "--where, --name, --status, --tag or --limit"
        raise UsageError(f"--prune removes the runs that {options} choose; give one of them")
    found = _summarize_all(runs_dir)
    try:
        chosen = selection.choose(found)
    except UsageError as error:
        raise UsageError(f"--where or --sort: {error}") from None
    if prune:
        # A search is not a run; it is removed as any folder is.
        chosen = [summary for summary in chosen if "trials" not in summary]
        _prune(chosen, runs_dir, yes=yes, output_format=output_format)
    elif output_format is ReportFormat.JSON:
        print_document({"runs": chosen})
    elif chosen:
        _print_runs(chosen)
    elif found:
        print_message(f"no run matches, of {len(found):,} in {runs_dir}")
    else:
        print_message(f"no runs in {runs_dir}; make one with: nnscratch train configs/xor.yaml")


def _parse_conditions(texts: Sequence[str]) -> "list[Condition]":
    from nnscratch.runs.selection import parse_condition

    try:
        return [parse_condition(text) for text in texts]
    except UsageError as error:
        raise UsageError(f"--where {error}") from None


def _summarize_all(runs_dir: Path) -> "list[Summary]":
    """Returns what is known of each run; warns of those that are damaged."""
    from nnscratch.runs import list_runs, summarize
    from nnscratch.runs.directories import RECORD, SEARCH_RECORD

    summaries = []
    for path in list_runs(runs_dir, records=(RECORD, SEARCH_RECORD)):
        try:
            if (path / SEARCH_RECORD).is_file():
                from nnscratch.search.overview import summarize_search

                summaries.append(summarize_search(path))
            else:
                summaries.append(summarize(path))
        except RunError as error:
            print_message(f"warning: {path}: left out: {error}")
    return summaries


def _prune(
    chosen: "Sequence[Summary]", runs_dir: Path, *, yes: bool, output_format: ReportFormat
) -> None:
    """Removes runs, and says which; those that are being trained are kept."""
    from nnscratch.runs.removal import remove, sweep_removed

    if chosen and not yes:
        what = plural(len(chosen), "run")
        if not can_ask():
            raise UsageError(f"--prune asks before it removes {what}; with no terminal, add --yes")
        for summary in chosen:
            print_message(summary["run"])
        if not ask(f"remove {what}?"):
            print_message("nothing is removed")
            raise typer.Exit(EXIT_FAILED)
    outcomes: dict[str, list[str]] = {"removed": [], "kept": []}
    try:
        sweep_removed(runs_dir)
    except OSError as error:
        # What cannot be deleted, such as a file of another user's, must not keep the others here.
        print_message(f"warning: {error.filename}: cannot be deleted: {error.strerror}")
    for path in (summary["run"] for summary in chosen):
        problem = "a process is training it"
        try:
            is_removed = remove(Path(path))
        except RunError as error:
            is_removed, problem = False, str(error)
        outcomes["removed" if is_removed else "kept"].append(path)
        if not is_removed:
            print_message(f"kept     {path}: {problem}")
        elif output_format is ReportFormat.TABLE:
            print_text(f"removed  {path}")
    if output_format is ReportFormat.JSON:
        print_document(outcomes)
    elif not chosen:
        print_message("no run is to be removed")


def _print_runs(chosen: "Sequence[Summary]") -> None:
    rows = [[Path(one["run"]).name, one["status"], _count(one), *_row(one)] for one in chosen]
    header = ["run", "status", "runs", "epochs", "loss", "metric", "val", "test", "took", "age"]
    header += ["tags", "note"]
    columns = zip(*(map(cell, row) for row in rows), strict=True)
    print_run_table(dict(zip(header, columns, strict=True)), first_to_go=_FIRST_TO_GO)


def _count(summary: "Summary") -> int | str:
    """Returns how many runs it consists of; nothing for a single one."""
    count: int | str = summary.get("many", {}).get("completed", "")
    return count


def _row(summary: "Summary") -> list[Any]:
    from nnscratch.model.scores import brief_text, scores_of

    final = scores_of(_known(summary["final"]))
    best = scores_of(_known(summary["best"]), "val_")
    seconds = summary["seconds"]
    is_search = "trials" in summary
    return [
        plural(summary["trials"], "trial") if is_search else summary["epochs"],
        number(final["loss"]) if "loss" in final else "",
        _metric(final),
        "".join(brief_text(*figure) for figure in best.items()) if is_search else _metric(best),
        _metric(_known(summary["test"])),
        "" if seconds is None else _rough(seconds, decimals=2),
        _age(summary["started"]),
        ", ".join(summary["tags"]),
        shorten(summary["note"], _NOTE_WIDTH, placeholder=" …"),
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
