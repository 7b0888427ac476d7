"""Runs side by side: the settings in which they differ, and their results."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnscratch.config import load
from nnscratch.errors import UsageError
from nnscratch.runs import RunFiles, RunRecord, read_record, status_of


@dataclass(frozen=True)
class Comparison:
    """What differs between runs, each value in the order of the runs; None where a run has none.

    Attributes:
        runs: Their directories.
        settings: The settings that are not the same in all of them.
        circumstances: What else may change numbers and is not the same in all of them.
        results: Their figures.
    """

    runs: list[Path]
    settings: dict[str, list[Any]]
    circumstances: dict[str, list[Any]]
    results: dict[str, list[Any]]


def compare(runs: Sequence[RunFiles]) -> Comparison:
    """Compares two or more runs.

    Raises:
        UsageError: One of them has no run directory with a config.
        ConfigError: A config is damaged.
        RunError: A run.json is damaged.
    """
    directories = []
    configs = []
    records = []
    for run in runs:
        if run.directory is None or run.config is None:
            raise UsageError(f"{run.weights}: belongs to no run with a config to compare")
        directories.append(run.directory)
        configs.append(load(run.config, find_files=False).settings())
        records.append(read_record(run.directory))
    return Comparison(
        directories,
        settings=_differing(_rows(configs)),
        circumstances=_differing(_rows([_circumstances(record) for record in records])),
        results=_rows(list(map(_results, directories, records))),
    )


def _rows(columns: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Returns a row for each key of any column."""
    keys = dict.fromkeys(key for column in columns for key in column)
    return {key: [column.get(key) for column in columns] for key in keys}


def _differing(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Returns the rows whose values are not all equal."""
    return {key: row for key, row in rows.items() if any(value != row[0] for value in row)}


def _circumstances(record: RunRecord) -> dict[str, Any]:
    versions = record.versions or {}
    return {
        **{f"{name} version": version for name, version in versions.items()},
        "BLAS threads": record.threads,
        "data": str(record.data_fingerprint)[:12],
        "first weights": (record.initial or "random")[:12],
    }


def _results(run: Path, record: RunRecord) -> dict[str, Any]:
    """Returns the figures of a run under the names that are shown when it is trained."""
    many = {"runs": record.many.completed} if record.many else {}
    figures = {
        "status": status_of(run, record),
        **many,
        "parameters": record.parameters,
        "epochs": record.epochs_done,
        "seconds": record.seconds,
        "best epoch": record.best_epoch,
    }
    for part, scores in (("last", record.final), ("best", record.best), ("test", record.test)):
        for name, value in (scores or {}).items():
            figures[f"{part} {name}"] = value
    return figures
