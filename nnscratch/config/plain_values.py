"""A config's settings as plain values: shortened as people write them, or one by one."""

from typing import Any


def shorten(value: Any) -> Any:
    """Returns a mapping in its short form, such as a name alone, if it has one."""
    if not isinstance(value, dict):
        return value
    # What a part is comes before how it is set.
    ordered = {**({"name": value["name"]} if "name" in value else {}), **value}
    parts = {key: shorten(part) for key, part in ordered.items()}
    return next(iter(parts.values())) if parts.keys() in ({"name"}, {"units"}) else parts


def flatten(value: Any, key: str = "") -> dict[str, Any]:
    """Returns the leaves of mappings by their path of dots, a `name` by that of its mapping."""
    if not isinstance(value, dict):
        return {key: value}
    paths = {part: f"{key}.{part}" if key and part != "name" else key or part for part in value}
    return {
        name: leaf
        for part, inner in value.items()
        for name, leaf in flatten(inner, paths[part]).items()
    }
