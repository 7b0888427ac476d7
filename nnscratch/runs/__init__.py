"""Runs on disk: writing one, reading one back, and finding them again."""

from nnscratch.runs.run import CONFIG, WEIGHTS, Run, read_metrics, read_record
from nnscratch.runs.store import Found, find, find_weights, list_runs

__all__ = [
    "CONFIG",
    "WEIGHTS",
    "Found",
    "Run",
    "find",
    "find_weights",
    "list_runs",
    "read_metrics",
    "read_record",
]
