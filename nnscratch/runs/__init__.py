"""Runs on disk: writing one, reading one back, and finding them again.

The names are imported when they are used: who only lists runs need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnscratch.runs.annotations import Annotations as Annotations
    from nnscratch.runs.annotations import read_annotations as read_annotations
    from nnscratch.runs.create import CHECKPOINT as CHECKPOINT
    from nnscratch.runs.create import INITIAL as INITIAL
    from nnscratch.runs.create import PLOTS as PLOTS
    from nnscratch.runs.create import SNAPSHOTS as SNAPSHOTS
    from nnscratch.runs.create import WEIGHTS as WEIGHTS
    from nnscratch.runs.create import RunDirectory as RunDirectory
    from nnscratch.runs.directories import list_runs as list_runs
    from nnscratch.runs.lookup import RunFiles as RunFiles
    from nnscratch.runs.lookup import find as find
    from nnscratch.runs.lookup import find_search as find_search
    from nnscratch.runs.lookup import find_weights as find_weights
    from nnscratch.runs.lookup import status_of as status_of
    from nnscratch.runs.metrics import read_metrics as read_metrics
    from nnscratch.runs.record import RunRecord as RunRecord
    from nnscratch.runs.record import read_record as read_record
    from nnscratch.runs.summary import summarize as summarize

_MODULES = {
    "annotations": ("Annotations", "read_annotations"),
    "create": ("CHECKPOINT", "INITIAL", "PLOTS", "SNAPSHOTS", "WEIGHTS", "RunDirectory"),
    "directories": ("list_runs",),
    "lookup": ("RunFiles", "find", "find_search", "find_weights", "status_of"),
    "metrics": ("read_metrics",),
    "record": ("RunRecord", "read_record"),
    "summary": ("summarize",),
}
__all__ = [name for names in _MODULES.values() for name in names]


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
