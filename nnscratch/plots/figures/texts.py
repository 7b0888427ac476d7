"""Texts of figures: shortened, wrapped and measured in letters."""

from math import isclose, log10
from textwrap import wrap
from unicodedata import east_asian_width

# What follows a wide character while lines are wrapped; no name has it.
_FILL = "\0"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def first_of(shown: int, count: int, noun: str) -> str:
    """Returns `12 units`, or `the first 16 of 1,024 units` if fewer are shown than there are."""
    return f"{count} {noun}" if shown == count else f"the first {shown} of {count:,} {noun}"


def letters(text: str) -> int:
    """Returns how many letters wide a text is; a wide one, such as a Chinese one, counts twice."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def wrap_lines(text: str, width: int) -> list[str]:
    """Returns the lines of a text, each of at most `width` characters; a wide one counts twice."""
    filled = "".join(c + _FILL if east_asian_width(c) in "WF" else c for c in text)
    parts = [part for line in filled.splitlines() for part in wrap(line, width) or [""]]
    return [part.replace(_FILL, "") for part in parts]


def power_text(value: float) -> str:
    """Returns a power of ten such as 10⁻³; matplotlib's own starts its engine for formulas."""
    exponent = round(log10(value)) if value > 0 else 0
    if not isclose(value, 10.0**exponent):
        return f"{value:g}"
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"
