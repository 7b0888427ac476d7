"""Columns as numbers, and columns, rows and overrides as they are written in messages."""

import datetime
import shlex
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from nnscratch.data.columns import (
    USUAL_NOTATION,
    Unseen,
    column_text,
    encode_column,
    encode_rows,
    ignore_override,
    join_values,
    list_missing,
    notation_overrides,
    refuse_missing,
    rows_text,
    split_values,
)
from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.tables import Notation
from nnscratch.errors import DataError, UsageError

NAN = float("nan")
WIDTH, COLOUR = Feature("width"), Feature("colour", ("blue", "red"))
BORN = Feature("born", date_format="%d.%m.%Y")


def series(*values: object) -> "pd.Series[Any]":
    return pd.Series(list(values))


def test_what_is_missing_or_not_a_number_is_nan() -> None:
    numbers = USUAL_NOTATION.to_numbers(series("1.5", None, "twelve", "-2e3"))
    np.testing.assert_array_equal(numbers, [1.5, NAN, NAN, -2000])


def test_true_and_false_are_not_numbers() -> None:
    assert np.isnan(USUAL_NOTATION.to_numbers(series(True, False))).all()


def test_categories_become_their_indices_and_new_ones_are_collected() -> None:
    unseen: Unseen = {}
    codes = encode_column("t.csv", COLOUR, series("red", "green", None, "blue"), unseen=unseen)
    np.testing.assert_array_equal(codes, [1, UNSEEN, NAN, 0])
    assert unseen == {"colour": {"green"}}


@pytest.mark.parametrize("value", ["?", "inf"])
def test_a_value_that_is_not_a_finite_number_is_refused_with_its_row(value: str) -> None:
    with pytest.raises(DataError) as caught:
        encode_column("t.csv", WIDTH, series("1", value), role="the target")
    assert str(caught.value) == (
        f"t.csv: column width, the target: {value!r} is not a finite number (row 1, counted from 0)"
    )


def test_rows_as_they_are_typed() -> None:
    table = encode_rows([WIDTH, COLOUR], [["1.5", " red "], [None, ""], ["NaN", "green"]])
    np.testing.assert_array_equal(table, [[1.5, 1], [NAN, NAN], [NAN, UNSEEN]])
    assert encode_rows([WIDTH, COLOUR], []).shape == (0, 2)


def test_dates_become_the_days_since_1970_in_a_column_and_where_they_are_typed() -> None:
    days = [(datetime.date(2024, 2, 29) - datetime.date(1970, 1, 1)).days, NAN]
    column = encode_column("t.csv", BORN, series("29.02.2024", None))
    np.testing.assert_array_equal(column, days)
    typed = encode_rows([BORN], [[" 29.02.2024 "], [""], [days[0]], ["NA"]])
    np.testing.assert_array_equal(typed[:, 0], [*days, days[0], NAN])


def test_what_is_no_date_is_refused_with_one_that_is() -> None:
    with pytest.raises(DataError) as caught:
        encode_column("t.csv", BORN, series("29.02.2024", "30.02.2024"))
    assert str(caught.value) == (
        "t.csv: column born: '30.02.2024' is not a date like 30.01.2026 (row 1, counted from 0)"
    )
    with pytest.raises(ValueError, match=r"born: '2024-02-29' is not a date like 30\.01\.2026"):
        encode_rows([BORN], [["2024-02-29"]])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["1"], "a row has 1 value, not 2"),
        ("1,red", "each row must be a list"),
        (["wide", "red"], "column width: 'wide' is not a finite number"),
    ],
)
def test_a_typed_row_that_does_not_fit_is_refused(row: Any, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        encode_rows([WIDTH, COLOUR], [row])


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("5.1,red", ["5.1", "red"]),
        ("5.1, red", ["5.1", "red"]),
        ('5.1,"a, b"', ["5.1", "a, b"]),
        ('"say ""hi""",', ['say "hi"', ""]),
        ("", []),
    ],
)
def test_a_line_is_split_into_values_and_joined_again(line: str, values: list[str]) -> None:
    assert split_values(line) == values
    assert split_values(join_values(values)) == values


@pytest.mark.parametrize(
    ("line", "count", "values"),
    [
        ("0,1", 2, ["0", "1"]),
        ("0 1", 2, ["0", "1"]),
        ("  0\t 1 ", 2, ["0", "1"]),
        ("0;1", 2, ["0", "1"]),
        ("0; 1", 2, ["0", "1"]),
        ("1,5;2,5", 2, ["1,5", "2,5"]),
        ("New York", 1, ["New York"]),
        ("New York,5", 2, ["New York", "5"]),
        ('"New York" 5', 2, ["New York", "5"]),
        ("a;b,c d", 2, ["a;b", "c d"]),
        # Nothing parts it into so many: commas are what the message counts.
        ("0 1", 3, ["0 1"]),
        ("0,1", 3, ["0", "1"]),
        ("", 2, []),
    ],
)
def test_semicolons_and_blanks_part_values_where_commas_do_not(
    line: str, count: int, values: list[str]
) -> None:
    assert split_values(line, count) == values


def test_a_line_that_is_not_values_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be read as values"):
        split_values("a" * 200_000)


def test_missing_values_are_listed_by_column_with_their_rows() -> None:
    table = np.array([[1.0, NAN], [NAN, 0.0], [2.0, NAN]])
    assert list_missing("t.csv", [WIDTH, COLOUR], table) == [
        "t.csv: column width: no value in row 1, counted from 0",
        "t.csv: column colour: no value in rows 0, 2, counted from 0",
    ]
    remedy = r"dataset\.missing=impute fills in the median .* missing category one of its own"
    with pytest.raises(DataError, match=remedy):
        refuse_missing("t.csv", [WIDTH, COLOUR], table)


def test_nothing_is_missing_among_bytes_or_in_full_rows() -> None:
    for dtype in (np.uint8, np.float64):
        table = np.zeros((2, 2), dtype)
        assert list_missing("t.csv", [WIDTH, COLOUR], table) == []
        refuse_missing("t.csv", [WIDTH, COLOUR], table)


@pytest.mark.parametrize(
    "names", [["age"], ["a b", "c"], ["x, y", "it's"], ["true", "1"], ["naïve", '"']]
)
def test_the_override_that_ignores_columns_can_be_typed_and_names_them(names: list[str]) -> None:
    (argument,) = shlex.split(ignore_override(names))
    key, _, value = argument.partition("=")
    assert key == "dataset.ignore"
    assert yaml.safe_load(value) == names


@pytest.mark.parametrize(
    "notation",
    [
        Notation(decimal=",", thousands="."),
        Notation(thousands="'", strip=("US$", "it's", "%")),
        Notation(missing_values=("?", "NA", "null", "-")),
        Notation(thousands=" "),
    ],
)
def test_the_overrides_of_a_notation_can_be_typed_and_make_it(notation: Notation) -> None:
    settings = dict(
        word.split("=", 1) for word in shlex.split(notation_overrides(notation, Notation()))
    )
    values = {key.removeprefix("dataset."): yaml.safe_load(text) for key, text in settings.items()}
    made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    assert replace(Notation(), **made) == notation
    assert notation_overrides(notation, notation) == ""


def test_columns_and_rows_in_messages() -> None:
    assert column_text("t.csv", "a\tb") == "t.csv: column a\\tb"
    assert column_text("t.csv", "y", "the target") == "t.csv: column y, the target"
    assert rows_text(np.array([3])) == "row 3, counted from 0"
    assert rows_text(np.arange(3, 10)) == "rows 3, 4, 5, 6, 7 and 2 more, counted from 0"
