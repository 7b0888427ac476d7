"""Runs on disk: writing one, reading one back, and finding them again."""

from nnscratch.runs.metrics import read_metrics
from nnscratch.runs.run import (
    CHECKPOINT,
    CONFIG,
    INITIAL,
    PLOTS,
    SNAPSHOTS,
    WEIGHTS,
    Run,
    read_record,
)
from nnscratch.runs.store import Found, find, find_weights, list_runs, name_of, status_of

__all__ = [
    "CHECKPOINT",
    "CONFIG",
    "INITIAL",
    "PLOTS",
    "SNAPSHOTS",
    "WEIGHTS",
    "Found",
    "Run",
    "find",
    "find_weights",
    "list_runs",
    "name_of",
    "read_metrics",
    "read_record",
    "status_of",
]
