"""Columns that only name the rows: row numbers, customer numbers, order numbers.

Whole numbers that differ in every row may also be years or incomes, so most are only remarked on.
"""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_LARGEST_EXACT = 2.0**53
# In a table of fewer rows, numbers that differ in every row mean nothing.
_MIN_ROWS = 20
# An index with a word before it, such as a price index, is a measure.
_NAME = (
    r"(.*[ _.-])?(id|ids|no|nr|num|number|key|idx|uuid|guid|serial)[ _.-]?\d?"
    r"|(row|sample|record)?[ _.-]?(index|no|nr|num|number|id)|row|record|unnamed: 0|#|№|n°"
    r"|uid|userid|customerid|.*[a-z](Id|ID|No|Nr|Key|Number)"
)


def is_id_name(name: str) -> bool:
    """Returns whether a column's name is that of an id: `id`, `customer_id`, `OrderNo`."""
    return any(re.fullmatch(_NAME, text) for text in (name, name.lower()))


def is_id(name: str, column: "pd.Series[Any]") -> bool:
    """Returns whether numbers name the rows beyond doubt.

    They are whole, different in every row, and either count the rows from 0 or 1 in their order or
    have the name of an id.
    """
    numbers = _distinct_integers(column)
    if numbers is None:
        return False
    return _counts_rows(numbers) or is_id_name(name)


def id_remark(name: str, column: "pd.Series[Any]") -> str:
    """Returns why a column may name the rows: `counts the rows`; empty if nothing suggests it."""
    numbers = _distinct_integers(column)
    if numbers is None:
        return ""
    if _counts_rows(numbers):
        return "counts the rows"
    steps = {b - a for a, b in pairwise(numbers)}
    if len(steps) == 1:
        return f"goes up by {steps.pop():,} from row to row"
    if is_id_name(name):
        return "is different in every row"
    return ""


def _distinct_integers(column: "pd.Series[Any]") -> list[int] | None:
    """Returns the whole numbers of a column in which each row has another one; None for others.

    They are Python's integers, which keep every digit.
    """
    if len(column) < _MIN_ROWS:
        return None
    if column.dtype.kind not in "iuf":
        texts = list(map(str, column.tolist()))  # a missing value is `nan`
        if not all(re.fullmatch(r"[1-9]\d*|0", text, re.ASCII) for text in texts):
            return None
        return _if_distinct(list(map(int, texts)))
    values = column.to_numpy()
    # Larger floats are whole only because they have no digits left; a missing value is not whole.
    is_whole = (values == np.floor(values)) & (np.abs(values) < _LARGEST_EXACT)
    if values.dtype.kind == "f" and not is_whole.all():
        return None
    return _if_distinct(list(map(int, values.tolist())))


def _if_distinct(numbers: list[int]) -> list[int] | None:
    return numbers if len(set(numbers)) == len(numbers) else None


def _counts_rows(numbers: list[int]) -> bool:
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
