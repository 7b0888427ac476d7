"""Numbers and names as text, the same on the terminal and in plots."""

from collections.abc import Mapping, Sequence
from math import isfinite

_MANY_DIGITS = 100_000
_WITH_COMMAS = 10_000  # four digits are easy to read without
_IN_FULL = 1e9


def number(value: float) -> str:
    """Returns a number with four decimals, with none if it is large, or three digits if small."""
    if abs(value) >= _MANY_DIGITS:
        return _large_number(value)
    return f"{value:z.4f}" if abs(value) >= 0.001 else f"{value:.3g}"


def cell(value: object) -> str:
    """Returns a value as text for a table: fractions with four decimals."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) >= _WITH_COMMAS else f"{value}"
    if isinstance(value, float):
        return f"{value:z.4f}" if abs(value) < _MANY_DIGITS else _large_number(value)
    return label_text(value)


def _large_number(value: float) -> str:
    """Returns `400,912`, or six digits of a number beyond 10⁹."""
    return f"{value:,.0f}" if abs(value) < _IN_FULL else f"{value:.6g}"


def label_text(label: object) -> str:
    """Returns a class or a number as it is written in a config, with control characters escaped."""
    return escape(plain_text(label))


def escape(text: str, keep: str = "") -> str:
    """Returns text with what a terminal would obey, and what is invisible, as Python writes it.

    Args:
        text: Any text, such as a path or the name of a column.
        keep: Characters to leave as they are, such as a line break.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else repr(c)[1:-1] for c in text)


def abridge(text: str, length: int, end: int | None = None) -> str:
    """Returns a text of at most `length` characters; a longer one keeps its beginning and end.

    Args:
        text: Any text.
        length: At least 1.
        end: How many characters of the end are kept, less than `length`; half of them if None.
    """
    if len(text) <= length:
        return text
    tail = (length - 1) // 2 if end is None else end
    return f"{text[: length - 1 - tail]}…{text[len(text) - tail :]}"


def plain_text(label: object) -> str:
    """Returns a class or a number as it is written in a config; text as it is."""
    return str(label).lower() if isinstance(label, bool) else str(label)


def finite_or_none(values: Mapping[str, float]) -> dict[str, float | None]:
    """Returns the metrics for JSON, which has neither nan nor infinity."""
    return {name: value if isfinite(value) else None for name, value in values.items()}


def some(labels: Sequence[object], shown: int = 5, room: int | None = None) -> str:
    """Returns the first few of many: `a, b, c, d, e and 12 more`.

    Args:
        labels: All of them.
        shown: The most that are shown.
        room: The most characters, if there is a limit; one label is always shown.
    """
    first = ", ".join(map(label_text, labels[:shown]))
    text = f"{first} and {len(labels) - shown:,} more" if len(labels) > shown else first
    if room is None or len(text) <= room or shown <= 1:
        return text
    return some(labels, max(1, min(shown, len(labels)) - 1), room)


def some_names(names: Sequence[str]) -> str:
    """Returns the first twenty names of columns."""
    return some([name or "(no name)" for name in names], shown=20)


def typed(argument: object) -> str:
    """Returns an argument, such as a path, as it is typed into a shell: in quotes if need be.

    Double quotes are what bash, zsh, PowerShell and cmd agree on, unless there are signs between
    them that one of these replaces.
    """
    import os
    import re
    import shlex

    text, backslash = str(argument), "\\" if os.name == "nt" else ""
    if re.fullmatch(rf"[\w+=:./{re.escape(backslash)}-]+", text, re.ASCII):
        return text
    has_special = any(sign in text for sign in '"$`!\n') or "\\" in text.replace(backslash, "")
    return shlex.quote(text) if has_special else f'"{text}"'


def plural(count: int, noun: str) -> str:
    """Returns `1 row`, `2 rows`, `2 classes`."""
    ending = "" if count == 1 else "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}{ending}"


def size_text(count: int) -> str:
    """Returns a number of bytes with three digits: `1.5 GB`, `12 kB`, `1 byte`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= 0.9995 * size:  # three digits round this up to a whole unit
            return f"{count / size:.3g} {unit}"
    return plural(count, "byte")
