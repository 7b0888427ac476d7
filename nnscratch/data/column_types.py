"""What a table's column holds: numbers, categories, or something a network cannot learn from.

Every source of tables asks here, so that a column is judged in one place only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import as_numbers, rows_text
from nnscratch.data.dataset import Feature
from nnscratch.formatting import label_text

if TYPE_CHECKING:
    import pandas as pd

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TIME = r"\d{1,2}:\d\d(:\d\d\S*)?( ?[ap]\.?m\.?)?"
_DATE = re.compile(
    rf"(\d{{4}}([./-])\d{{1,2}}\2\d{{1,2}}"  # 2024-01-31
    rf"|\d{{1,2}}([./-])\d{{1,2}}\3(\d{{4}}|\d\d)"  # 31.01.2024 or 1/31/24
    rf"|\d{{1,2}}[ .-]*{_MONTH}[ ,.-]*(\d{{4}}|\d\d)"  # 31 January 2024
    rf"|{_MONTH} \d{{1,2}},? \d{{4}})"  # Jan 31, 2024
    rf"([T ]+{_TIME}.*)?|{_TIME}",  # perhaps with a time, or a time alone
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+(,\d+)?")
# A column of numbers of which fewer than this share are not numbers has mistakes, not categories.
_FEW_MISTAKES = 0.2
# So many categories are always allowed; more, up to the maximum, only if each has two rows on
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


def column_type(name: str, column: "pd.Series[Any]") -> Feature | ColumnProblem:
    """Returns a column as a feature, numbers or categories in sorted order; or what is wrong.

    Args:
        name: The column's name.
        column: Numbers, or text as it is written in the file.
    """
    known = column.dropna()
    if not len(known):
        return ColumnProblem("has no values at all")
    numbers = as_numbers(column)
    strays = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    if not len(strays):
        return _infinity_problem(column, numbers) or Feature(name)
    texts = sorted(set(known))
    problem = (
        _date_problem(texts)
        or _decimal_comma_problem(texts)
        or _mistakes_problem(column, strays, len(known))
        or _names_problem(texts, len(known))
    )
    return problem or Feature(name, tuple(texts))


def _infinity_problem(
    column: "pd.Series[Any]", numbers: NDArray[np.float64]
) -> ColumnProblem | None:
    infinite = np.flatnonzero(np.isinf(numbers))
    if not len(infinite):
        return None
    value = label_text(column.iloc[infinite[0]])
    return ColumnProblem(
        f"{value!r} is not a finite number ({rows_text(infinite)})", "correct the value"
    )


def _date_problem(texts: Sequence[str]) -> ColumnProblem | None:
    if not all(map(_DATE.fullmatch, texts)):
        return None
    return ColumnProblem(
        f"holds dates or times such as {label_text(texts[0])}",
        "turn them into numbers, such as the year or the days since then,",
    )


def _decimal_comma_problem(texts: Sequence[str]) -> ColumnProblem | None:
    example = next((text for text in texts if "," in text), None)
    if example is None or not all(map(_DECIMAL_COMMA.fullmatch, texts)):
        return None
    return ColumnProblem(
        f"has numbers with a decimal comma such as {example}", "write a decimal point"
    )


def _mistakes_problem(
    column: "pd.Series[Any]", strays: NDArray[np.intp], known: int
) -> ColumnProblem | None:
    if len(strays) >= _FEW_MISTAKES * known:
        return None
    value = label_text(column.iloc[strays[0]])
    return ColumnProblem(
        f"holds numbers, but {value!r} is not a number ({rows_text(strays)})",
        "leave missing values empty",
    )


def _names_problem(texts: Sequence[str], known: int) -> ColumnProblem | None:
    if len(texts) <= _MAX_CATEGORIES and len(texts) <= max(_FEW_CATEGORIES, known / 2):
        return None
    return ColumnProblem(f"has {len(texts):,} different values in {known:,} rows, like names")
