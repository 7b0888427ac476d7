"""Runs on disk: writing one, reading one back, and finding them again."""

from nnscratch.runs.run import CONFIG, WEIGHTS, Run, read_metrics, read_record
from nnscratch.runs.store import Found, find, list_runs

__all__ = ["CONFIG", "WEIGHTS", "Found", "Run", "find", "list_runs", "read_metrics", "read_record"]
