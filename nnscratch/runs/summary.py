"""What is known of a run, as one object, and the figures in it by which runs are chosen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnscratch.runs.annotations import read_annotations
from nnscratch.runs.lookup import status_of
from nnscratch.runs.record import read_record

# A run as `summarize` returns it.
Summary = dict[str, Any]


def summarize(run: Path) -> Summary:
    """Returns what is known of a run, by name; None for what is not known, or not so.

    `final`, `best` and `test` hold scores by name; a score that was nan or infinite is None. Of
    many runs they are the means, and `many` says what the runs are and how their scores vary.

    Args:
        run: Its directory.

    Raises:
        RunError: run.json or notes.json is damaged.
    """
    record, annotations = read_record(run), read_annotations(run)
    summary = {
        "run": str(run),
        "name": record.name,
        "status": status_of(run, record),
        "stop_reason": record.stop_reason,
        "started": record.started,
        "seconds": record.seconds,
        "epochs": record.epochs_done,
        "parameters": record.parameters,
        "seed": record.seed,
        "final": record.final,
        "best_epoch": record.best_epoch,
        "best": record.best,
        "test": record.test,
        "tags": annotations.tags,
        "note": annotations.note,
    }
    if record.many:
        summary["many"] = record.many.model_dump(exclude_unset=True)
    return summary


def figures_of(summary: Mapping[str, Any]) -> dict[str, float | str]:
    """Returns the numbers and texts that a run has, by the name that a condition gives them.

    The scores of the last epoch are called as they are, `accuracy`; those of the best epoch
    `best.val_accuracy`, and those of the test rows `test.accuracy`.
    """
    figures: dict[str, float | str | None] = {}
    for name, value in summary.items():
        if name == "many":
            continue
        if isinstance(value, dict):
            prefix = "" if name == "final" else f"{name}."
            figures |= {f"{prefix}{score}": number for score, number in value.items()}
        elif not isinstance(value, list):
            figures[name] = value
    return {name: value for name, value in figures.items() if value is not None}
