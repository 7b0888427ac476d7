"""What a table's columns say of how its rows are split: their order, and which belong together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import column_text
from nnscratch.data.dates import find_formats, to_days
from nnscratch.data.tables import Table
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

_ROLE = "the order of the rows"
# Among texts that are not all dates, the format is that of one of the first.
_FIRST = 20


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


def _read_dates(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Returns texts as days in the format that most of them have, and the rows that have not."""
    formats = find_formats(texts)[:1]
    if not formats:
        formats = [each for text in texts[:_FIRST] for each in find_formats([text])]
    read = [to_days(texts, each) for each in dict.fromkeys(formats)]
    read.append(_read_iso_dates(texts))
    best = min(read, key=lambda days: np.count_nonzero(np.isnan(days)))
    return best, np.flatnonzero(np.isnan(best))


def _read_iso_dates(texts: Sequence[str]) -> NDArray[np.float64]:
    """Returns texts in any form of ISO 8601, time zones included, as days; nan for others."""
    import pandas as pd

    dates = pd.to_datetime(pd.Series(texts), format="ISO8601", errors="coerce", utc=True)
    days = dates.to_numpy("datetime64[us]").astype(np.int64) / (24 * 3600 * 1e6)
    return np.where(dates.isna().to_numpy(), np.nan, days)
