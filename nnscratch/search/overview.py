"""What is known of a search, as one object, beside `nnscratch.runs.summarize` for a run."""

from pathlib import Path

from nnscratch.runs.summary import Summary
from nnscratch.search.directory import read_search, status_of
from nnscratch.search.ledger import Ledger
from nnscratch.search.objective import value_of


def summarize_search(path: Path) -> Summary:
    """Returns what is known of a search under the names that `summarize` has for a run, and more.

    `best` holds the objective of the best trial, `point` its values, and `trials` how many there
    are.

    Args:
        path: Its directory.

    Raises:
        RunError: search.json or a trial.json is damaged.
    """
    record, ledger = read_search(path), Ledger(path)
    objective = str(record.settings.get("search.objective"))
    best = ledger.best
    value = value_of(best.last.cost, objective) if best and best.last else None
    return {
        "run": str(path),
        "name": record.name,
        "status": status_of(path, record),
        "stop_reason": None,
        "started": record.started,
        "seconds": record.seconds,
        "epochs": None,
        "parameters": None,
        "seed": record.settings.get("seed"),
        "final": None,
        "best_epoch": None,
        "best": None if best is None else {objective: value},
        "test": None,
        "tags": [],
        "note": "",
        "trials": len(ledger.searched),
        "best_trial": best.number if best else None,
        "point": best.point if best else None,
    }
