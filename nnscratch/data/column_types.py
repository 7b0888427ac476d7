"""What a table's column holds: numbers, categories, or something a network cannot learn from.

Every source of tables asks here, so that a column is judged in one place only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import USUAL_NOTATION, NameRows, rows_text
from nnscratch.data.dataset import Feature
from nnscratch.data.tables import Notation
from nnscratch.formatting import label_text

if TYPE_CHECKING:
    import pandas as pd

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TIME = r"\d{1,2}:\d\d(:\d\d\S*)?( ?[ap]\.?m\.?)?"
# Compiled where it is used: that takes as long as importing a module.
_DATE = (
    rf"(\d{{4}}([./-])\d{{1,2}}\2\d{{1,2}}"  # 2024-01-31
    rf"|\d{{1,2}}([./-])\d{{1,2}}\3(\d{{4}}|\d\d)"  # 31.01.2024 or 1/31/24
    rf"|\d{{1,2}}[ .-]*{_MONTH}[ ,.-]*(\d{{4}}|\d\d)"  # 31 January 2024
    rf"|{_MONTH} \d{{1,2}},? \d{{4}})"  # Jan 31, 2024
    rf"([T ]+{_TIME}.*)?|{_TIME}"  # perhaps with a time, or a time alone
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+(,\d+)?")
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
) -> Feature | ColumnProblem:
    """Returns a column as a feature, numbers or categories in sorted order; or what is wrong.

    Args:
        name: The column's name.
        column: Numbers, or text as it is written in the file.
        notation: How numbers are written.
        name_rows: Names rows in messages.
    """
    known = column.dropna()
    if not len(known):
        return ColumnProblem("has no values at all")
    numbers = notation.to_numbers(column)
    strays = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    infinite = np.flatnonzero(np.isinf(numbers))
    if len(strays):
        texts = sorted(set(known))
        return _find_problem(column, texts, strays, name_rows) or Feature(name, tuple(texts))
    if len(infinite):
        value = label_text(column.iloc[infinite[0]])
        rule = f"{value!r} is not a finite number ({name_rows(infinite)})"
        return ColumnProblem(rule, "correct the value")
    return Feature(name)


def _find_problem(
    column: "pd.Series[Any]", texts: Sequence[str], strays: NDArray[np.intp], name_rows: NameRows
) -> ColumnProblem | None:
    """Returns why the texts in a column are not categories, if they are not."""
    known = int(column.notna().sum())
    if all(map(re.compile(_DATE, re.IGNORECASE).fullmatch, texts)):
        rule = f"holds dates or times such as {label_text(texts[0])}"
        return ColumnProblem(
            rule, "turn them into numbers, such as the year or the days since then,"
        )
    with_comma = [text for text in texts if "," in text]
    if with_comma and all(map(_DECIMAL_COMMA.fullmatch, texts)):
        rule = f"has numbers with a decimal comma such as {with_comma[0]}"
        return ColumnProblem(rule, "write a decimal point")
    if len(strays) < _FEW_MISTAKES * known:
        value = label_text(column.iloc[strays[0]])
        rule = f"holds numbers, but {value!r} is not a number ({name_rows(strays)})"
        return ColumnProblem(rule, "leave missing values empty")
    if len(texts) > min(_MAX_CATEGORIES, max(_FEW_CATEGORIES, known / 2)):
        return ColumnProblem(f"has {len(texts):,} different values in {known:,} rows, like names")
    return None
