"""What is laid over a config file: other files, key by key, and KEY=VALUE from the command line.

In KEY=VALUE the key is a path of dots (`optimizer.beta_1`, `architecture.0.units`), the value is
YAML, and a list of numbers can be `4,4`, `4 4`, `4;4` or `4x4`. Where the file has a short form
(`dataset: xor`), setting a part (`dataset.inputs=3`) spells it out.
"""

import re
from collections.abc import Sequence
from typing import Any

from nnscratch.config.reading.document import (
    CommandLine,
    Document,
    KeyPath,
    dotted,
    parse,
    refusal,
)
from nnscratch.config.settings.base import (
    DEFAULT_NAMES,
    KEY_ALIASES,
    PARTED_KEYS,
    SHORT_KEYS,
    spell_out_name,
)
from nnscratch.errors import ConfigError, Place
from nnscratch.formatting import abridge

_SHOWN = 60
_NUMBER_LISTS: tuple[KeyPath, ...] = (("architecture",), ("dataset", "targets"))


def lay_over(lower: Document, upper: Document) -> None:
    """Sets in `lower` everything that `upper` sets.

    A mapping over a mapping with the same name, or without one, replaces only the keys that it has;
    any other value replaces the whole.
    """
    lower.problems += upper.problems
    for key, value in upper.data.items():
        old = lower.data.get(key)
        if key in SHORT_KEYS and not isinstance(old, dict | list | bool | None):
            old = {SHORT_KEYS[key]: old}
            lower.places[key, SHORT_KEYS[key]] = lower.where((key,))
        if _is_same_part(key, old, value):
            lower.data[key] = {**old, **value}
            replaced: list[KeyPath] = [(key, part) for part in value]
        else:
            lower.data[key] = value
            replaced = [(key,)]
        for path in replaced:
            lower.forget(path)
    lower.places |= upper.places


def _is_same_part(key: str, old: Any, new: Any) -> bool:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return False
    if SHORT_KEYS.get(key) != "name" or "name" not in new:
        return True
    name = old.get("name", DEFAULT_NAMES.get(key))
    return spell_out_name(name) == spell_out_name(new["name"])


def apply(document: Document, overrides: Sequence[str]) -> None:
    """Sets each `KEY=VALUE` in `document`, in order.

    One that does not have that form, is not YAML, or names a part of something that has no parts
    becomes a problem of the document.
    """
    for override in overrides:
        try:
            _apply(document, override)
        except ConfigError as error:
            document.problems += error.problems


def is_for(key: str, override: str) -> bool:
    """Returns whether a `KEY=VALUE` sets a key at the top or a part of it."""
    path, _, _ = override.partition("=")
    return path.strip().split(".")[0] == key


def _apply(document: Document, override: str) -> None:
    shown = abridge(" ".join(override.split()), _SHOWN, end=0)
    place = CommandLine(f"command line, {shown}")
    key, equals, text = override.partition("=")
    first, *others = key.strip().split(".")
    if not equals or not first or "" in others:
        rule = "an override has the form KEY=VALUE, such as epochs=100; a config file ends in .yaml"
        raise refusal(rule, place)
    path: KeyPath = (KEY_ALIASES.get(first, first), *(_index(part) for part in others))
    parsed = parse(text, place)
    if parsed.problems:
        raise ConfigError(parsed.problems)
    value = _as_list(parsed.data) if path in _NUMBER_LISTS else parsed.data
    set_value(document.data, path, value, place)
    document.forget(path)
    # A problem of a part may be reported for the whole, which need not be in the file.
    for length in range(1, len(path) + 1):
        document.places.setdefault(path[:length], place)


def _as_list(value: Any) -> Any:
    """Returns the list of numbers that a number or a text stands for; other values as they are."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, str):
        return value
    words = re.split(r"\s*[,;x×]\s*|\s+", value.strip())
    numbers = [parse(word, CommandLine()).data for word in words]
    are_numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
    return numbers if are_numbers else value


def _index(part: str) -> str | int:
    # No list has an index of more digits, and Python refuses to convert thousands of them.
    return int(part) if part.isascii() and part.isdecimal() and len(part) < 10 else part


def set_value(data: dict[str, Any], path: KeyPath, value: object, place: Place) -> None:
    """Sets the value at a path of plain data; a short form on the way to it is spelled out.

    Raises:
        ConfigError: Something on the way has no parts, or no such part.
    """
    target: Any = data
    for depth, part in enumerate(path, start=1):
        key = str(part) if isinstance(target, dict) else part  # a mapping's key is text, even `0`
        child = _get(target, key, place)
        if depth == len(path):
            child = target[key] = value
        elif not isinstance(child, dict | list):
            child = target[key] = _spell_out(child, path[:depth], place)
        target = child


def _get(target: Any, key: str | int, place: Place) -> Any:
    if isinstance(target, dict):
        return target.get(key)
    if isinstance(key, int) and key < len(target):
        return target[key]
    items = f"items 0 to {len(target) - 1}" if target else "no items"
    rule = f"the list has {items}; to add one, write the whole list, such as architecture=8,4"
    raise refusal(rule, place)


def _spell_out(value: object, path: KeyPath, place: Place) -> dict[str, Any]:
    """Returns the mapping that a short form stands for."""
    part = "layer" if path[0] == "architecture" and len(path) == 2 else str(path[-1])
    is_short = part in SHORT_KEYS and value is not None
    if part in PARTED_KEYS and not (is_short and isinstance(value, str)):
        return {}
    if is_short:
        return {SHORT_KEYS[part]: value}
    if part in SHORT_KEYS:
        return {}
    rule = (
        "is not given, so it has no parts to set"
        if value is None
        else "is one value, which has no parts to set"
    )
    raise refusal(rule, place, dotted(path))
