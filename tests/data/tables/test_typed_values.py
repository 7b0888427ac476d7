"""Values with types become numbers or text, as in a CSV file."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.tables.typed_values import Loaded, plain_frame
from nnscratch.errors import DataError

DAY = datetime.date(2024, 1, 31)
NOON = datetime.datetime(2024, 1, 31, 12)  # noqa: DTZ001 - as a spreadsheet has it
MIDNIGHT = datetime.datetime(2024, 1, 31)  # noqa: DTZ001 - likewise


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([1, 2], "i", ["1", "2"]),
        ([1, None], "f", ["1.0", "nan"]),
        ([1, 2.5], "f", ["1.0", "2.5"]),
        ([1, "NA", " ", 2], "f", ["1.0", "nan", "nan", "2.0"]),
        ([Decimal("1.5"), Decimal(2)], "f", ["1.5", "2.0"]),
        ([True, False, None], "O", ["True", "False", "nan"]),
        ([np.True_, 1], "O", ["True", "1"]),
        ([1, 2.0, 0.5, "x"], "O", ["1", "2", "0.5", "x"]),
        (["007", "8"], "O", ["007", "8"]),
        ([DAY, None], "O", ["2024-01-31", "nan"]),
        ([MIDNIGHT, MIDNIGHT], "O", ["2024-01-31", "2024-01-31"]),
        ([NOON, MIDNIGHT], "O", ["2024-01-31T12:00:00", "2024-01-31T00:00:00"]),
        ([datetime.time(9, 30), "x"], "O", ["09:30:00", "x"]),
        ([b"caf\xc3\xa9", "x"], "O", ["café", "x"]),
        ([2**70, 0.5], "f", [str(float(2**70)), "0.5"]),
        ([2**63, 1], "f", [str(2.0**63), "1.0"]),
        ([None, None], "f", ["nan", "nan"]),
    ],
)
def test_values_become_numbers_or_text(values: list[Any], kind: str, texts: list[str]) -> None:
    frame = plain_frame(pd.DataFrame({"a": pd.Series(values, dtype=object)}), [], ["", "NA"])
    assert [str(value) for value in frame["a"]] == texts
    assert frame["a"].dtype.kind == kind


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [("int8", "i"), ("uint16", "u"), ("float32", "f"), ("Int64", "f"), ("Float64", "f"),
     ("boolean", "O"), ("bool", "O"), ("category", "f"), ("string", "O"), ("datetime64[ns]", "O")],
)  # fmt: skip
def test_types_of_pandas_become_numbers_or_text(dtype: str, kind: str) -> None:
    column = pd.Series([1, 0], dtype="int64").astype(dtype)  # type: ignore[call-overload]
    if dtype not in ("int8", "uint16", "bool"):
        column = pd.concat([column, pd.Series([None], dtype=dtype)], ignore_index=True)
    frame = plain_frame(pd.DataFrame({"a": column}), [], [""])
    assert frame["a"].dtype.kind == kind
    assert frame["a"].isna().sum() == len(column) - 2


def test_numbers_can_be_text() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.5, np.nan], "b": [1, 2, 3]})
    plain = plain_frame(frame, ["a", "b"], [""])
    assert [str(value) for value in plain["a"]] == ["1", "2.5", "nan"]
    assert plain["b"].tolist() == ["1", "2", "3"]


@pytest.mark.parametrize("value", [[1], {"a": 1}, (1, 2), np.arange(3)])
def test_a_cell_holds_one_value(value: Any) -> None:
    loaded = Loaded("mine.json", pd.DataFrame({"a": [value, None]}), noun="row")
    with pytest.raises(DataError, match=r"^mine.json: column a holds an? (list|object)"):
        list(loaded.frames([], [""]))


def test_a_loaded_table_knows_its_places_and_notes() -> None:
    loaded = Loaded("a", pd.DataFrame({" a ": [1, 2]}, index=[3, 7]), noun="row", notes=["so"])
    assert (loaded.names, loaded.notes, loaded.noun) == (["a"], ("so",), "row")
    assert loaded.places([1, 0]) == {0: 3, 1: 7}
