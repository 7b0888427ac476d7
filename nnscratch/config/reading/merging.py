"""One config file laid over another: the upper one takes precedence, key by key."""

from typing import Any

from nnscratch.config.reading.document import Document, KeyPath
from nnscratch.config.settings.base import DEFAULT_NAMES, NAMED_KEYS, SHORT_KEYS, spell_out_name


def lay_over(lower: Document, upper: Document) -> None:
    """Sets in `lower` everything that `upper` sets.

    A mapping over a mapping with the same name, or without one, replaces only the keys that it has;
    any other value replaces the whole.
    """
    lower.problems += upper.problems
    for key, value in upper.data.items():
        old = _spell_out(key, lower)
        if _is_same_part(key, old, value):
            lower.data[key] = {**old, **value}
            replaced: list[KeyPath] = [(key, part) for part in value]
        else:
            lower.data[key] = value
            replaced = [(key,)]
        for path in [p for p in lower.places if any(p[: len(r)] == r for r in replaced)]:
            del lower.places[path]
    lower.places |= {path: place for path, place in upper.places.items() if path}


def _is_same_part(key: str, old: Any, new: Any) -> bool:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return False
    if key not in NAMED_KEYS or "name" not in new:
        return True
    name, other = old.get("name", DEFAULT_NAMES.get(key)), new["name"]
    return name == other or spell_out_name(name) == spell_out_name(other)


def _spell_out(key: str, document: Document) -> Any:
    """Returns a value, or the mapping that it is short for, whose one key has the same place."""
    value = document.data.get(key)
    if isinstance(value, str) and key in NAMED_KEYS:
        part = "name"
    elif isinstance(value, int | float) and not isinstance(value, bool) and key in SHORT_KEYS:
        part = SHORT_KEYS[key]
    else:
        return value
    document.places[key, part] = document.where((key,))
    return {part: value}
