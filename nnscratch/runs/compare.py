"""Runs side by side: in which settings they differ, and what came of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnscratch.config import load
from nnscratch.errors import UsageError
from nnscratch.runs import Found, read_record, status_of


@dataclass(frozen=True)
class Comparison:
    """What differs between runs, each value in the order of the runs; None where there is none.

    Attributes:
        runs: Their directories.
        settings: Those of the config that are not the same in all.
        circumstances: What else may change numbers, and is not the same in all.
        results: What came of them.
    """

    runs: list[Path]
    settings: dict[str, list[Any]]
    circumstances: dict[str, list[Any]]
    results: dict[str, list[Any]]


def compare(found: Sequence[Found]) -> Comparison:
    """Compares two runs or more.

    Raises:
        UsageError: One of them has no run directory with a config.
        ConfigError: A config is damaged.
        RunError: A run.json is damaged.
    """
    runs, configs = [], []
    for one in found:
        if one.directory is None or one.config is None:
            raise UsageError(f"{one.weights}: belongs to no run with a config to compare")
        runs.append(one.directory)
        configs.append(load(one.config, find_files=False).settings())
    records = [read_record(run) for run in runs]
    results = [_results(run, record) for run, record in zip(runs, records, strict=True)]
    return Comparison(
        runs,
        _table(configs, differing=True),
        _table([_circumstances(record) for record in records], differing=True),
        _table(results),
    )


def _table(columns: list[dict[str, Any]], *, differing: bool = False) -> dict[str, list[Any]]:
    """Returns a row for each key of any column; or only those whose values are not all equal."""
    keys = dict.fromkeys(key for column in columns for key in column)
    rows = {key: [column.get(key) for column in columns] for key in keys}
    return {k: row for k, row in rows.items() if not differing or any(v != row[0] for v in row)}


def _circumstances(record: dict[str, Any]) -> dict[str, Any]:
    versions = record.get("versions")
    return {
        **({f"{name} version": v for name, v in versions.items()} if versions else {}),
        "BLAS threads": record.get("threads"),
        "data": str(record.get("data_fingerprint"))[:12],
        "first weights": str(record.get("initial", "random"))[:12],
    }


def _results(run: Path, record: dict[str, Any]) -> dict[str, Any]:
    """Returns the figures of a run under the names that a reader knows from its training."""
    figures = {
        "status": status_of(run, record),
        "parameters": record.get("parameters"),
        "epochs": record.get("epochs_done"),
        "seconds": record.get("seconds"),
        "best epoch": record.get("best_epoch"),
    }
    for part, prefix in (("last", "final"), ("best", "best"), ("test", "test")):
        for name, value in (record.get(prefix) or {}).items():
            figures[f"{part} {name}"] = value
    return figures
