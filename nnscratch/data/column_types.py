"""What a table's column holds: numbers, categories, or something a network cannot learn from.

Every source of tables asks here, so that a column is judged in one place only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import USUAL_NOTATION, NameRows, notation_overrides, rows_text
from nnscratch.data.dataset import Feature
from nnscratch.data.dates import find_formats
from nnscratch.data.tables import Notation
from nnscratch.data.tables.guessing import COMMON_MISSING, MISSING_MARKS, guess_notation
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

# How a column is to be read, whatever it looks like.
Reading = Literal["auto", "categorical", "numeric"]
# A column of numbers of which fewer than this share are not numbers has mistakes, not categories.
_FEW_MISTAKES = 0.2
# A few categories are always allowed; more, up to the maximum, only if each has two rows on
# average. Otherwise they are like names.
_FEW_CATEGORIES = 50
_MAX_CATEGORIES = 5000


@dataclass(frozen=True)
class ColumnProblem:
    """Why a network cannot learn from a column as it stands.

    Attributes:
        rule: What is wrong with the column, such as `has no values at all`.
        remedy: How to correct its values; empty if they cannot be.
    """

    rule: str
    remedy: str = ""

    def message(self, column: str, alternative: str) -> str:
        """Returns the problem of `column` as a line that ends with what can be done about it."""
        remedy = f"{self.remedy} or {alternative}" if self.remedy else alternative
        return f"{column}: {self.rule}; {remedy}"


def column_type(
    name: str,
    column: "pd.Series[Any]",
    notation: Notation = USUAL_NOTATION,
    name_rows: NameRows = rows_text,
    reading: Reading = "auto",
) -> Feature | ColumnProblem:
    """Returns a column as a feature, numbers or categories in sorted order; or what is wrong.

    Args:
        name: The column's name.
        column: Numbers, or text as it is written in the file.
        notation: How numbers are written.
        name_rows: Names rows in messages.
        reading: Whether to take it as categories or as numbers; what it looks like unless given.
    """
    numbers = notation.to_numbers(column)
    is_no_number = np.isnan(numbers)
    is_missing = is_no_number if column.dtype.kind in "iuf" else column.isna().to_numpy()
    if is_missing.all():
        return ColumnProblem("has no values at all")
    if reading == "categorical":
        return Feature(name, tuple(sorted(set(map(str, column.dropna())))))
    strays = np.flatnonzero(is_no_number & ~is_missing)
    infinite = np.flatnonzero(np.isinf(numbers))
    if len(strays):
        texts = sorted(set(column.dropna()))
        formats = find_formats(texts) if reading == "auto" else []
        if formats:
            return Feature(name, date_format=formats[0])
        problem = _find_problem(column, texts, strays, notation, name_rows)
        if problem is None and reading == "numeric":
            problem = _not_numbers(column, strays, name_rows)
        return problem or Feature(name, tuple(texts))
    if len(infinite):
        value = label_text(column.iloc[infinite[0]])
        rule = f"{value!r} is not a finite number ({name_rows(infinite)})"
        return ColumnProblem(rule, "correct the value")
    return Feature(name)


def words_that_are_numbers(feature: Feature, notation: Notation) -> str:
    """Returns a remark on categories that people mean as numbers, such as `$5` or `12 %`; or ""."""
    if feature.categories is None:
        return ""
    known = [text for text in feature.categories if text not in MISSING_MARKS]
    guessed = guess_notation(known, notation)
    name = label_text(feature.name)
    if guessed is None or (guessed == notation and len(known) == len(feature.categories)):
        return ""
    marks = tuple(text for text in feature.categories if text in MISSING_MARKS)
    if marks:
        guessed = replace(guessed, missing_values=(*marks, *COMMON_MISSING))
    shown = some(feature.categories, 3)
    return (
        f"column {name}: {shown} are read as words; as numbers with "
        f"{notation_overrides(guessed, notation)}"
    )


def _find_problem(
    column: "pd.Series[Any]",
    texts: Sequence[str],
    strays: NDArray[np.intp],
    notation: Notation,
    name_rows: NameRows,
) -> ColumnProblem | None:
    """Returns why the texts in a column are not categories, if they are not."""
    known = int(column.notna().sum())
    guessed = guess_notation(texts, notation)
    if guessed is not None and guessed.decimal != notation.decimal:
        mark, kind = guessed.decimal, "a decimal comma"
        if not any(mark in text for text in texts):
            mark, kind = guessed.thousands or "", "points between groups of digits"
        shown = label_text(next(text for text in texts if mark in text))
        rule = f"has numbers with {kind} such as {shown}"
        return ColumnProblem(rule, notation_overrides(guessed, notation))
    if guessed is None and len(strays) < _FEW_MISTAKES * known:
        return _not_numbers(column, strays, name_rows)
    if len(texts) > min(_MAX_CATEGORIES, max(_FEW_CATEGORIES, known / 2)):
        if guessed is not None:
            rule = f"has numbers written like {label_text(texts[0])}"
            return ColumnProblem(rule, notation_overrides(guessed, notation))
        return ColumnProblem(f"has {len(texts):,} different values in {known:,} rows, like names")
    return None


def _not_numbers(
    column: "pd.Series[Any]", strays: NDArray[np.intp], name_rows: NameRows
) -> ColumnProblem:
    """Returns the problem of a column of numbers in which some values are none."""
    texts = list(dict.fromkeys(column.iloc[strays].tolist()))
    rule = f"holds numbers, but {label_text(texts[0])!r} is not a number ({name_rows(strays)})"
    shown = some([repr(label_text(text)) for text in texts], 3)
    remedy = f"leave missing values empty, list {shown} in dataset.missing_values,"
    return ColumnProblem(rule, remedy)
