"""Dates as numbers of days, and their parts; Python's datetime is the oracle."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.data.dates import (
    date_parts,
    date_text,
    find_formats,
    has_date,
    part_names,
    to_days,
)

DAYS_ONLY = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y"),
    *("%d %B %Y", "%d %b %Y", "%d. %B %Y", "%d-%b-%Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y"),
    "%Y年%m月%d日",
)
SHORT = ("%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%m-%y", "%d-%b-%y", "%d %b %y")
TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
WITH_TIMES = (
    *(f"{date}{joint}{time}" for date in DAYS_ONLY for joint in " T" for time in TIMES),
    *(f"%Y-%m-%dT%H:%M:%S{zone}" for zone in ("Z", ".%fZ", "+00:00", " UTC")),
)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
moments = st.datetimes(
    datetime.datetime(1000, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    datetime.datetime(9999, 12, 31),  # noqa: DTZ001 - likewise
    timezones=st.just(datetime.UTC),
)


def read_back(moment: datetime.datetime, date_format: str) -> float:
    """Returns the days since 1970 that Python reads from what it wrote."""
    text = moment.strftime(date_format)
    read = datetime.datetime.strptime(text, date_format).replace(tzinfo=datetime.UTC)
    return (read - EPOCH) / datetime.timedelta(days=1)


@settings(deadline=None)
@given(st.lists(moments, min_size=1, max_size=5), st.sampled_from([*DAYS_ONLY, *WITH_TIMES]))
def test_dates_that_python_writes_are_found_and_read_as_python_reads_them(
    written: list[datetime.datetime], date_format: str
) -> None:
    texts = [moment.strftime(date_format) for moment in written]
    formats = find_formats(texts)
    assert date_format in formats or date_format.replace("%B", "%b") in formats
    expected = [read_back(moment, date_format) for moment in written]
    np.testing.assert_allclose(to_days(texts, date_format), expected, rtol=0, atol=1e-9)


@settings(deadline=None)
@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2067, 12, 31)), st.sampled_from(SHORT))
def test_years_of_two_digits(day: datetime.date, date_format: str) -> None:
    text = day.strftime(date_format)
    assert date_format in find_formats([text])
    read = datetime.datetime.strptime(text, date_format).replace(tzinfo=datetime.UTC)
    assert to_days([text], date_format)[0] == (read - EPOCH).days


@settings(deadline=None)
@given(moments, st.sampled_from([*DAYS_ONLY, *WITH_TIMES]))
def test_the_parts_are_those_of_python(moment: datetime.datetime, date_format: str) -> None:
    days = (moment - EPOCH) / datetime.timedelta(days=1)
    has_time = "%H" in date_format or "%I" in date_format
    if not has_time:
        days = float(np.floor(days))
    parts = date_parts(np.array([days]), date_format)[0]
    assert parts[:3].tolist() == [moment.year, moment.month, moment.weekday()]
    if has_time:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = (moment - midnight) / datetime.timedelta(hours=1)
        np.testing.assert_allclose(parts[3:], [hours], rtol=0, atol=1e-6)
    assert len(parts) == len(part_names(date_format))


@settings(deadline=None)
@given(st.dates(datetime.date(1000, 1, 1)), st.sampled_from(DAYS_ONLY))
def test_days_are_written_as_the_date_that_they_stand_for(
    day: datetime.date, date_format: str
) -> None:
    days = (day - EPOCH.date()).days
    assert date_text(days, date_format) == day.strftime(date_format)


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["01/02/2024"], ["%m/%d/%Y", "%d/%m/%Y"]),
        (["01/02/2024", "13/02/2024"], ["%d/%m/%Y"]),
        (["01/02/2024", "02/13/2024"], ["%m/%d/%Y"]),
        ([*["01/02/2024"] * 30, "13/02/2024"], ["%d/%m/%Y"]),
        (["1.2.2024", "31.12.2024"], ["%d.%m.%Y"]),
        (["May 3, 2024"], ["%B %d, %Y", "%b %d, %Y"]),
        (["may 3, 2024", "JUNE 4, 2024"], ["%B %d, %Y"]),
        (["7:05", "23:59"], ["%H:%M"]),
        (["7:05 PM"], ["%I:%M %p"]),
    ],
)
def test_the_likeliest_format_comes_first(texts: list[str], formats: list[str]) -> None:
    assert find_formats(texts) == formats


@pytest.mark.parametrize(
    "texts",
    [
        *(["5"], ["20240131"], ["2024"], ["1.5"], ["-3"], ["A12"], ["red"], [], [""], ["x", "1"]),
        *(["1.2.3"], ["10.0.1"], ["192.168.0.1"], ["3-4"], ["10-20"], ["1/2"], ["2024-01"]),
        *(["3:2"], ["16:9"], ["12:30", "3:2"], ["25:10"], ["12:60"], ["100:00:00"], ["00:1A:2B"]),
        *(["30.02.2024"], ["29.02.2023"], ["31/04/2024"], ["13/13/2024"], ["0/1/2024"]),
        *(["2024-01-31", "soon"], ["2024-01-31", "31.01.2024"], ["555-1234"], ["123-45-6789"]),
        *(["2020-2021"], ["2020/21"], ["Q1 2024"], ["5 ft 3 in"], ["1e5"], ["IV"], ["v1.2.3"]),
    ],
)
def test_what_are_no_dates(texts: list[str]) -> None:
    assert find_formats(texts) == []


def test_what_is_no_date_is_nan() -> None:
    texts = ["2024-01-31", None, "2024-02-30", "31.01.2024", ""]
    days = to_days(texts, "%Y-%m-%d")
    assert np.isnan(days).tolist() == [False, True, True, True, True]


def test_a_time_alone_is_exactly_its_fraction_of_a_day() -> None:
    minutes = np.arange(24 * 60)
    texts = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    np.testing.assert_array_equal(to_days(texts, "%H:%M"), minutes / (24 * 60))
    assert not has_date("%H:%M")
    assert has_date("%Y-%m-%d")
    assert date_parts(np.array([0.25, 0.5]), "%H:%M").shape == (2, 0)
    assert date_text(0.75, "%H:%M") == "18:00"
