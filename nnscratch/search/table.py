"""trials.csv: a row for each trial, made of the trials and their runs."""

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from nnscratch.files.atomic import write_text
from nnscratch.search.objective import value_of
from nnscratch.search.trial import Trial

if TYPE_CHECKING:
    from nnscratch.search.search import Search

TABLE = "trials.csv"


def write_table(search: "Search") -> None:
    """Replaces trials.csv.

    Raises:
        OSError: It cannot be written.
    """
    text = io.StringIO()
    rows = table(search)
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["trial"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    write_text(search.directory.path / TABLE, text.getvalue())


def table(search: "Search") -> list[dict[str, Any]]:
    """Returns a row for each trial: how it ended, its figures and its values."""
    return [_row(search, trial) for trial in search.ledger.trials]


def status_of(search: "Search", trial: Trial) -> str:
    """Returns `completed`, `pruned`, `failed`, or `unfinished`."""
    result = search.ledger.result_of(trial)
    if result is None:
        return "unfinished"
    if result.reason:
        return "failed"
    return "completed" if result.is_whole else "pruned"


def _row(search: "Search", trial: Trial) -> dict[str, Any]:
    result, objective = search.ledger.result_of(trial), search.settings.objective
    return {
        "trial": trial.number,
        "status": status_of(search, trial),
        objective: value_of(result.cost, objective) if result else None,
        "epochs": result.epochs if result else None,
        "seconds": round(sum(r.seconds for r in trial.results.values()), 3),
        "same_as": trial.same_as,
        "reason": result.reason if result else "",
        **{key: trial.point.get(key) for key in search.settings.space},
    }


def _cell(value: object) -> object:
    return json.dumps(value) if isinstance(value, list | dict | bool) else value
