"""Which columns only name the rows, and which seem to but may be read as numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.data.ids import id_remark, is_id, is_id_name

ROWS = 40
RNG = np.random.default_rng(0)
NAMES = (
    *("id", "ID", "Id", "customer_id", "customerId", "CustomerID", "OrderNo", "order no"),
    *("order.number", "user key", "idx", "index", "Index", "Unnamed: 0", "#", "PassengerId", "No."),
    *("Nr.", "row", "rowid", "row_number", "RowNumber", "uuid", "id_1", "id.1", "sample_id", "uid"),
    *("userid", "record", "serial", "EmployeeNumber"),
)
OTHER_NAMES = (
    *("age", "price", "population", "score", "year", "valid", "paid", "grid", "humid", "bid"),
    *("price_index", "heat index", "PriceIndex", "number_of_rooms", "monkey", "casino", "solid"),
    *("Madrid", "android", "piano", "x", ""),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_ids(name: str) -> None:
    assert is_id_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_names_of_other_columns(name: str) -> None:
    assert not is_id_name(name)


@pytest.mark.parametrize("name", ["x", "age", "id"])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("dtype", ["int64", "float64", "str", "Int64"])
def test_what_counts_the_rows_is_an_id_whatever_its_name(name: str, first: int, dtype: str) -> None:
    column = pd.Series(range(first, first + ROWS)).astype(pd.api.types.pandas_dtype(dtype))
    assert is_id(name, column)
    assert id_remark(name, column) == "counts the rows"


@settings(deadline=None)
@given(
    first=st.integers(2**53 - 5, 2**63 - 1000 * ROWS),
    step=st.integers(1, 999),
)
def test_large_ids_keep_every_digit(first: int, step: int) -> None:
    numbers = [first + step * i for i in range(ROWS)]
    remark = f"goes up by {step} from row to row"
    for column in (pd.Series(numbers), pd.Series(list(map(str, numbers)))):
        assert is_id("id", column)
        assert not is_id("amount", column)
        assert id_remark("amount", column) == remark


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=20, max_size=60, unique=True))
def test_numbers_that_differ_are_an_id_only_by_their_name(numbers: list[int]) -> None:
    column = pd.Series(sorted(numbers, reverse=True))
    assert is_id("customer_id", column)
    for name in OTHER_NAMES:
        assert not is_id(name, column)


@pytest.mark.parametrize(
    ("name", "values", "remark"),
    [
        ("x", range(1000, 1000 + 4 * ROWS, 4), "goes up by 4 from row to row"),
        ("year", range(1960, 1960 + ROWS), "goes up by 1 from row to row"),
        ("x", range(ROWS)[::-1], "goes up by -1 from row to row"),
        ("no", [i * i for i in range(ROWS)], "is different in every row"),
        ("price", [100 + i * 37 % 41 * 13 for i in range(ROWS)], ""),
        ("population", [1000 + i * i * 31 for i in range(ROWS)], ""),
        ("score", [i * 7 % ROWS for i in range(ROWS)][::-1], ""),
        ("age", [i % 23 for i in range(ROWS)], ""),
        ("id", [i % 23 for i in range(ROWS)], ""),  # several rows of one customer
        ("id", [i + 0.5 for i in range(ROWS)], ""),
        ("id", [float("nan"), *range(ROWS)], ""),
        ("id", [float("inf"), *map(float, range(ROWS))], ""),
        ("id", [float(2**60 + 2**20 * i) for i in range(ROWS)], ""),  # not every digit is known
        ("id", [f"A{i}" for i in range(ROWS)], ""),
        ("id", [f"{i:03}" for i in range(ROWS)], ""),  # codes with leading zeros
        ("id", range(19), ""),
        ("id", [], ""),
    ],
)
def test_what_is_remarked_on(name: str, values: Sequence[object], remark: str) -> None:
    assert id_remark(name, pd.Series(list(values))) == remark
