"""How a table writes its values, found out from its first rows, for the config that is written."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.dates import find_formats
from nnscratch.data.tables import MISSING_VALUES, Notation
from nnscratch.data.tables.guessing import COMMON_MISSING, MISSING_MARKS, guess_notation
from nnscratch.formatting import label_text

if TYPE_CHECKING:
    import pandas as pd

_FRACTION = r"\s*[-+]?0*\."


def find_notation(raw: "pd.DataFrame", target: str, notes: dict[str, str]) -> Notation:
    """Returns how the values are written, and notes why it is not the usual way.

    Args:
        raw: Text as it is in the file; columns of fractions may be numbers.
        target: The column to predict.
        notes: Gets a remark for each setting that differs.
    """
    notation = Notation()
    marks: dict[str, str] = {}
    for name in raw.columns:
        if raw[name].dtype.kind == "f":
            continue
        texts = [text for text in raw[name].dropna().unique() if not notation.is_missing(text)]
        known = [text for text in texts if text not in MISSING_MARKS]
        guessed = guess_notation(known, notation)
        is_date = guessed is None and bool(known) and bool(find_formats(known))
        holds_numbers = guessed is not None or is_date
        for text in texts:
            if text in MISSING_MARKS and (holds_numbers or text == "?"):
                marks.setdefault(text, str(name))
        if guessed is None or guessed == notation:
            continue
        fitting = _fit_others(guessed, notation, raw, str(name))
        if fitting is None:
            continue
        if fitting != guessed:
            notes.setdefault("thousands", "a point cannot begin decimals where a comma does")
        for key in ("decimal", "thousands", "strip"):
            if getattr(guessed, key) != getattr(notation, key):
                notes.setdefault(key, f"as in {_example(known, name, guessed)}")
        notation = fitting
    return _set_missing(notation, marks, raw, target, notes)


def _example(texts: Sequence[str], name: object, notation: Notation) -> str:
    """Returns a value that shows how numbers are written, and its column."""
    marks = (*notation.strip, notation.thousands or "", notation.decimal)
    shown = next((t for t in texts if any(mark and mark in t for mark in marks)), texts[0])
    return f"{label_text(shown)} of column {label_text(name)}"


def _fit_others(
    guessed: Notation, usual: Notation, raw: "pd.DataFrame", name: str
) -> Notation | None:
    """Returns a notation found in one column if it reads the numbers of all others, too.

    Where decimals have a comma, `1.234` in another column is a whole number.
    """
    if guessed.decimal == usual.decimal:
        return guessed
    others: list[pd.Series[Any]] = []
    for other in raw.columns:
        if raw[other].dtype.kind == "f":
            return None  # has decimals in the usual notation
        known = raw[other].dropna()
        known = known[~known.isin([*usual.missing_values, *MISSING_MARKS])]
        if other != name and len(known) and not np.isnan(usual.to_numbers(known)).any():
            others.append(known)
    grouped = replace(guessed, thousands=guessed.thousands or ".")
    fitting = (each for each in (guessed, grouped) if _reads_all(each, others))
    return next(fitting, None)


def _reads_all(notation: Notation, columns: "Sequence[pd.Series[Any]]") -> bool:
    """Returns whether all texts are numbers, none of which is 0.125 written with a point."""
    return not any(
        np.isnan(notation.to_numbers(texts)).any() or texts.str.match(_FRACTION).any()
        for texts in columns
    )


def _set_missing(
    notation: Notation,
    marks: dict[str, str],
    raw: "pd.DataFrame",
    target: str,
    notes: dict[str, str],
) -> Notation:
    """Returns a notation with the texts that stand for no value in this table."""
    classes: set[str] = set()
    if target in raw.columns:
        known = raw[target].dropna()
        words = set(known[known.isin(MISSING_VALUES)].unique())
        others = known[~known.isin(MISSING_VALUES)]
        is_text = len(others) == 0 or bool(np.isnan(notation.to_numbers(others)).any())
        classes = words if is_text and len(words) == 1 else set()
    if classes:
        (word,) = classes
        notes["missing_values"] = f"{word} is a class of {label_text(target)}"
    if marks:
        text, column = next(iter(marks.items()))
        also = f"; {notes['missing_values']}" if classes else ""
        notes["missing_values"] = f"{text} in {label_text(column)}{also}"
    if not marks and not classes:
        return notation
    missing = [*sorted(marks), *(text for text in COMMON_MISSING if text not in classes)]
    return replace(notation, missing_values=tuple(missing))
