"""What a table's columns say of how its rows are split: their order, and which belong together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import column_text
from nnscratch.data.tables import Table
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

_ROLE = "the order of the rows"
# Where dates fit two formats, the first is taken.
_DATES = ("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%b %d, %Y", "%d %b %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_FORMATS = ("ISO8601", *(date + time for date in _DATES for time in _TIMES))


def order_of_rows(table: Table, name: str) -> NDArray[Any]:
    """Returns what the rows of a table are sorted by, (rows,): numbers, dates, or text by alphabet.

    Args:
        table: The table.
        name: The column.

    Raises:
        DataError: A value is missing, or not all are of one kind.
    """
    column = table.frame[name]
    missing = np.flatnonzero(column.isna())
    if len(missing):
        place = table.name_rows(missing)
        raise DataError(f"{column_text(table.source, name, _ROLE)}: no value in {place}")
    numbers = table.file.notation.to_numbers(column)
    strays = np.isnan(numbers)
    if not strays.any():
        return numbers
    if not strays.all():
        raise _mixed(table, name, "numbers", np.flatnonzero(strays))
    texts = column.astype(str).tolist()
    days, others = _read_dates(texts)
    if len(others) == len(texts):
        return np.unique(texts, return_inverse=True)[1]
    if len(others):
        raise _mixed(table, name, "dates", others)
    return days


def groups_of_rows(table: Table, name: str) -> NDArray[np.intp]:
    """Returns the number of each row's group (rows,); a row without a value is one of its own.

    Args:
        table: The table.
        name: The column, of which equal values make a group.
    """
    import pandas as pd

    groups = pd.factorize(table.frame[name])[0].astype(np.intp)
    alone = groups < 0
    groups[alone] = groups.max(initial=0) + 1 + np.arange(np.count_nonzero(alone))
    return groups


def _mixed(table: Table, name: str, kind: str, others: NDArray[np.intp]) -> DataError:
    stray = label_text(table.frame[name].iloc[others[0]])
    place = table.name_rows(others)
    rule = f"holds {kind}, but {stray!r} is none ({place}), so it cannot be sorted"
    return DataError(f"{column_text(table.source, name, _ROLE)}: {rule}")


def _read_dates(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Returns texts as dates in the format that most of them have, and the rows that have not."""
    import pandas as pd

    best: NDArray[np.int64] = np.zeros(len(texts), np.int64)
    others = np.arange(len(texts))
    for date_format in _FORMATS:
        dates = pd.to_datetime(pd.Series(texts), format=date_format, errors="coerce", utc=True)
        strays = np.flatnonzero(dates.isna())
        if len(strays) < len(others):
            best, others = dates.to_numpy("datetime64[ns]").astype(np.int64), strays
        if not len(others):
            break
    return best, others
