"""Dates and times as numbers: days since 1970-01-01, and the parts of a date that a network takes.

A column is read with one format for all its values, in the words of Python's `strptime`.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

# Where a value fits two formats, the first is taken.
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%m-%y", "%m-%d-%y"),
    *("%d %B %Y", "%d %b %Y", "%d. %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y"),
    *("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"),
    "%Y年%m月%d日",
)
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
_JOINTS = (" ", "T")
# What programs write behind a time in UTC.
_UTC = ("Z", "+00:00", " UTC")
_FORMATS = (
    *_DATES,
    *(f"{date}{joint}{time}" for joint, date, time in product(_JOINTS, _DATES, _TIMES)),
    *(f"%Y-%m-%d{joint}{time}{utc}" for joint, time, utc in product(_JOINTS, _TIMES[1:3], _UTC)),
    *_TIMES,
)
# A format that does not fit the first values is not tried on the others.
_FIRST = 20
# Nanoseconds would end in the year 2262.
_MICROSECONDS = 24 * 3600 * 10**6
# The minutes and seconds of a time have two digits; others may be scores or ratios, such as 3:2.
_SHORT_MINUTES = re.compile(r":\d(?!\d)", re.ASCII)


def find_formats(texts: Sequence[str]) -> list[str]:
    """Returns the formats in which all texts are dates or times, the likeliest first."""
    if not texts or any(map(_SHORT_MINUTES.search, texts[:_FIRST])):
        return []
    alike = [each for each in _FORMATS if _shape_of_format(each) == _shape(texts[0])]
    first, others = list(texts[:_FIRST]), list(texts[_FIRST:])
    fitting = [each for each in alike if not np.isnan(to_days(first, each)).any()]
    return [each for each in fitting if not np.isnan(to_days(others, each)).any()]


def _shape(text: str) -> str:
    """Returns a text with 0 for each number and a for each word: `0 a 0` for `31 Jan 2024`."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", re.sub(r"\s+", " ", text.strip())))


@cache
def _shape_of_format(date_format: str) -> str:
    """Returns the shape of the dates in a format."""
    return _shape(re.sub(r"%[A-Za-z]", "0", re.sub(r"%[Bbp]", "a", date_format)))


def to_days(
    texts: "Sequence[str | None] | pd.Series[Any]", date_format: str
) -> NDArray[np.float64]:
    """Returns the days since 1970-01-01, with the time as a fraction; nan for what is not a date.

    A time alone is a fraction of a day.
    """
    import pandas as pd

    dates = pd.to_datetime(pd.Series(texts, dtype=object), format=date_format, errors="coerce")
    microseconds = dates.to_numpy("datetime64[us]").astype(np.int64)
    if not has_date(date_format):
        microseconds %= _MICROSECONDS
    return np.where(dates.isna().to_numpy(), np.nan, microseconds / _MICROSECONDS)


def date_text(days: float, date_format: str) -> str:
    """Returns a number of days as the date that it stands for."""
    import pandas as pd

    return pd.Timestamp(round(days * _MICROSECONDS), unit="us").strftime(date_format)


def has_date(date_format: str) -> bool:
    """Returns whether a format has a date, not only a time of day."""
    return "%d" in date_format


def part_names(date_format: str) -> tuple[str, ...]:
    """Returns the parts that a network takes of a date in this format, besides the days."""
    if not has_date(date_format):
        return ()
    has_time = "%H" in date_format or "%I" in date_format
    return ("year", "month", "weekday", "hour") if has_time else ("year", "month", "weekday")


def date_parts(days: NDArray[np.float64], date_format: str) -> NDArray[np.float64]:
    """Returns the parts (rows, parts) of days (rows,).

    The month is 1 to 12, the weekday 0 for Monday to 6, the hour 0 to 24 with its fraction.
    """
    whole = np.floor(days).astype(np.int64)
    dates = whole.astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    parts = {
        "year": 1970 + months // 12,
        "month": 1 + months % 12,
        "weekday": (whole + 3) % 7,  # 1970-01-01 was a Thursday
        "hour": (days - whole) * 24,
    }
    names = part_names(date_format)
    table = [parts[name].astype(np.float64) for name in names]
    return np.column_stack(table) if names else np.empty((len(days), 0))
