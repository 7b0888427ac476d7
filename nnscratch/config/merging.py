"""One config file over another: the upper one has the last word, key by key."""

from typing import Any

from nnscratch.config.base import NAMED_KEYS, SHORT_KEYS
from nnscratch.config.document import Document, KeyPath


def lay_over(lower: Document, upper: Document) -> None:
    """Adds to `lower` all that `upper` says.

    A mapping over a mapping of the same name, or without one, replaces the keys that it has; any
    other value replaces the whole.
    """
    lower.problems += upper.problems
    for key, value in upper.data.items():
        old = _spell_out(key, lower.data.get(key))
        if _is_same_part(old, value):
            lower.data[key] = {**old, **value}
            replaced: list[KeyPath] = [(key, part) for part in value]
        else:
            lower.data[key] = value
            replaced = [(key,)]
        for path in [p for p in lower.places if any(p[: len(r)] == r for r in replaced)]:
            del lower.places[path]
    lower.places |= {path: place for path, place in upper.places.items() if path}


def _is_same_part(old: Any, new: Any) -> bool:
    mappings = isinstance(old, dict) and isinstance(new, dict)
    return mappings and new.get("name", old.get("name")) == old.get("name")


def _spell_out(key: str, value: Any) -> Any:
    """Returns the mapping that a short form stands for."""
    if isinstance(value, str) and key in NAMED_KEYS:
        return {"name": value}
    if isinstance(value, int | float) and not isinstance(value, bool) and key in SHORT_KEYS:
        return {SHORT_KEYS[key]: value}
    return value
