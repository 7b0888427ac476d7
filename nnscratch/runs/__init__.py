"""Runs on disk: writing one, reading one back, and finding them again."""

from nnscratch.runs.create import (
    CHECKPOINT,
    INITIAL,
    PLOTS,
    SNAPSHOTS,
    WEIGHTS,
    RunDirectory,
)
from nnscratch.runs.find import RunFiles, find, find_weights, list_runs, status_of
from nnscratch.runs.metrics import read_metrics
from nnscratch.runs.record import RunRecord, read_record

__all__ = [
    "CHECKPOINT",
    "INITIAL",
    "PLOTS",
    "SNAPSHOTS",
    "WEIGHTS",
    "RunDirectory",
    "RunFiles",
    "RunRecord",
    "find",
    "find_weights",
    "list_runs",
    "read_metrics",
    "read_record",
    "status_of",
]
