"""Finding out how a column writes its numbers: `$1,500`, `12 %`, `1.234,5`, `20 kg`.

A notation is only proposed if all values of the column are numbers in it. Codes such as `A12`, or
`3A` beside `3B`, are not numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nnscratch.data.tables.notation import MINUS_SIGNS, Notation

# Texts that people write for an unknown value, besides those that are missing by default.
MISSING_MARKS = (
    *("k.A.", "k. A.", "n.d.", "N.D.", "s.o.", "无", "未知"),
    *("?", "??", "-", "--", "---", ".", "..", "*", "n.a.", "N.A.", "na", "none", "nil", "NONE"),
    *("unknown", "Unknown", "UNKNOWN", "missing", "Missing", "MISSING", "not available"),
    *("Not Available", "not known", "Not known", "undefined", "#DIV/0!", "#VALUE!", "#REF!"),
)
# The texts that are missing by default and that people really write.
COMMON_MISSING = ("NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None")
_CURRENCIES = ("US$", "R$", "A$", "USD", "EUR", "GBP", "CHF", "JPY", "INR", "Rs.", "Rs")
_SIGN = f"[-+{MINUS_SIGNS}]?"
_NUMBER = rf"{_SIGN}\d(?:[\d.,'\N{{RIGHT SINGLE QUOTATION MARK}} \xa0\u202f\u2009]*\d)?"
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_PARTS = (
    rf"(?P<before>(?:[^\d.,]|(?<=Rs)\.)*?)(?P<number>[.,]?{_NUMBER}[.,]?{_EXPONENT})(?P<after>\D*)"
)
_LONGEST_UNIT = 12
# What says more than a unit: less than, more than, and the minus sign behind a number.
_COMPARISONS = "<>\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}"
_MEANINGFUL = re.compile(f"[{_COMPARISONS}].*|[-{MINUS_SIGNS}]")
_ADDRESS = re.compile(r"(\d+\.){3}\d+", re.ASCII)


def guess_notation(texts: Iterable[str], usual: Notation) -> Notation | None:
    """Returns a notation in which all texts are numbers, or None.

    Args:
        texts: The values of a column, none of them missing.
        usual: What its parts are unless the texts say otherwise.
    """
    numbers: list[str] = []
    affixes: set[str] = set()
    for text in texts:
        stripped = text.strip()
        if stripped.startswith("(") and stripped.endswith(")"):
            stripped = stripped[1:-1].strip()
        match = re.fullmatch(_PARTS, stripped)
        if match is None:
            return None
        before = match["before"].lstrip(f"+-{MINUS_SIGNS}").strip()
        affixes |= {before, match["after"].strip()}
        if before and not _is_symbol(before):
            return None
        numbers.append(match["number"])
    affixes.discard("")
    if not numbers or not _are_one_unit(affixes) or _are_addresses(numbers):
        return None
    new = sorted(affixes - set(usual.strip), key=_longest)
    guessed = replace(usual, strip=(*usual.strip, *new))
    decimal, thousands = _find_marks(numbers)
    if decimal:
        guessed = replace(guessed, decimal=decimal)
    if thousands:
        guessed = replace(guessed, thousands=thousands)
    return guessed if _reads_all(guessed, texts) else None


def _longest(text: str) -> tuple[int, str]:
    """Sorts longer texts first, so that `US$` is stripped before `$` would leave `US`."""
    return -len(text), text


def _reads_all(notation: Notation, texts: Iterable[str]) -> bool:
    try:
        for text in texts:
            notation.to_number(text)
    except ValueError:
        return False
    return True


def _is_symbol(text: str) -> bool:
    """Returns whether a text may stand before a number without being part of a code."""
    return text in _CURRENCIES or not any(character.isalnum() for character in text)


def _are_one_unit(affixes: set[str]) -> bool:
    """Returns whether texts around numbers name one unit: `$`, or `month` and `months`."""
    if any(len(text) > _LONGEST_UNIT or _MEANINGFUL.fullmatch(text) for text in affixes):
        return False
    words = sorted(text for text in affixes if not _is_symbol(text))
    symbols = [text for text in affixes if _is_symbol(text)]
    same_word = len(words) < 2 or (len(words) == 2 and words[1] == f"{words[0]}s")
    return same_word and len(symbols) <= 1


def _are_addresses(numbers: Sequence[str]) -> bool:
    """Returns whether numbers are addresses in a network, such as 192.168.100.101."""
    return all(
        _ADDRESS.fullmatch(number) and all(int(part) < 256 for part in number.split("."))
        for number in numbers
    )


def _find_marks(numbers: Sequence[str]) -> tuple[str, str]:
    """Returns the decimal mark and the one between thousands; empty where numbers do not tell."""
    commas = [number for number in numbers if "," in number]
    points = [number for number in numbers if "." in number]
    if any("." in number and number.rindex(",") > number.rindex(".") for number in commas):
        return ",", "."
    if any("." in number for number in commas):
        return ".", ","
    if commas and all(_is_grouped(number, ",") for number in commas):
        return ("." if points else ""), ","
    if commas:
        are_grouped = bool(points) and all(_is_grouped(number, ".") for number in points)
        return ",", "." if are_grouped else _other_mark(numbers)
    if any(number.count(".") > 1 for number in points) or _are_grouped_by_points(numbers):
        return ",", "."
    return "", _other_mark(numbers)


def _is_grouped(number: str, mark: str) -> bool:
    """Returns whether marks stand between groups of three digits, as in 1,500 but not in 0,125."""
    groups = rf"[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+"
    return re.fullmatch(f"{_SIGN}{groups}", number) is not None


def _are_grouped_by_points(numbers: Sequence[str]) -> bool:
    """Returns whether 1.620 beside 558 is a whole number.

    As a fraction it would be 1.62, or 558 would be 558.000.
    """
    points = [number for number in numbers if "." in number]
    whole = [number for number in numbers if "." not in number]
    return (
        any(number.endswith("0") for number in points)
        and all(_is_grouped(number, ".") for number in points)
        and all(re.fullmatch(rf"{_SIGN}\d{{1,3}}", number) for number in whole)
        and any(re.fullmatch(rf"{_SIGN}\d{{3}}", number) for number in whole)
    )


def _other_mark(numbers: Sequence[str]) -> str:
    """Returns the blank or the apostrophe between groups of three digits, if there is one."""
    joined = "".join(numbers)
    if any(mark in joined for mark in "'\N{RIGHT SINGLE QUOTATION MARK}"):
        return "'"
    return " " if any(mark in joined for mark in " \xa0\u202f\u2009") else ""
