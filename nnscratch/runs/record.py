"""run.json: what happened in a run."""

import json
from pathlib import Path
from typing import Any

from nnscratch.errors import RunError

RECORD = "run.json"
# What a reader of run.json takes for granted of what is there.
_KINDS: dict[str, type] = {
    "epochs_done": int,
    "versions": dict,
    "final": dict,
    "best": dict,
    "test": dict,
    "resumed": list,
}


def read_record(path: Path) -> dict[str, Any]:
    """Returns what the run.json of the run directory `path` holds.

    Raises:
        RunError: It is missing or damaged.
    """
    file = path / RECORD
    try:
        record = json.loads(file.read_text("utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{file}: cannot be read: {error}") from None
    if not isinstance(record, dict):
        raise RunError(f"{file}: must hold a JSON object")
    for key, kind in _KINDS.items():
        if not isinstance(record.get(key, kind()), kind | None):
            raise RunError(f"{file}: `{key}` must be a {kind.__name__}; got {record[key]!r:.60}")
    return record


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
