"""Columns as numbers and codes, turned back into values."""

import numpy as np
import pytest

from nnscratch.data.columns import encode_column
from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.decoding import decode_column, value_text


def test_numbers_and_categories_come_back_as_they_were() -> None:
    colour = Feature("colour", ("blue", "a\tb"))
    assert decode_column(colour, np.array([1.0, 0.0, np.nan, UNSEEN])) == [
        "a\tb",
        "blue",
        None,
        None,
    ]
    assert decode_column(Feature("size"), np.array([1.5, np.nan, -1.0])) == [1.5, None, -1.0]
    assert decode_column(Feature("pixel"), np.array([0, 255], np.uint8)) == [0, 255]


def test_dates_come_back_as_they_were_written() -> None:
    import pandas as pd

    day = Feature("day", date_format="%d.%m.%Y")
    codes = encode_column("t.csv", day, pd.Series(["24.12.2025", None, "01.02.1999"]))
    assert decode_column(day, codes) == ["24.12.2025", None, "01.02.1999"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.0, "1234567"),
        (-3.0, "-3"),
        (0.0, "0"),
        (0.5, "0.5"),
        (1234567.25, "1.23457e+06"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        (float("nan"), ""),
    ],
)
def test_whole_numbers_are_written_in_full(value: float, text: str) -> None:
    assert value_text(Feature("id"), value) == text
