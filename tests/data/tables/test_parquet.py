"""Parquet files that pyarrow wrote, and what is said without it."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.tables import TableFile
from nnscratch.errors import DataError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.csv"  # the content decides, not the name


@pytest.fixture
def _with_pyarrow() -> None:
    pytest.importorskip("pyarrow")


@pytest.mark.usefixtures("_with_pyarrow")
def test_columns_are_numbers_or_text(path: Path) -> None:
    pd.DataFrame(
        {
            "size": [1.5, None, 2.0],
            "colour": pd.Series(["red", "NA", None], dtype="category"),
            "count": pd.Series([1, 2, 3], dtype="int16"),
            "ok": pd.Series([True, None, False], dtype="boolean"),
            "day": pd.to_datetime(pd.Series(["2024-01-31", "2024-02-01", None])),
            "code": ["007", " 008 ", ""],
        }
    ).to_parquet(path)
    file = TableFile(path)
    assert file.names == ["size", "colour", "count", "ok", "day", "code"]
    frame = file.read()
    assert frame.map(str).to_numpy().tolist() == [
        ["1.5", "red", "1", "True", "2024-01-31", "007"],
        ["nan", "nan", "2", "nan", "2024-02-01", "008"],
        ["2.0", "nan", "3", "False", "nan", "nan"],
    ]
    assert frame["count"].dtype.kind == "i"
    assert file.read(["count"], rows=2)["count"].tolist() == ["1", "2"]
    assert file.name_rows(np.array([0, 2])) == "rows 1, 3"
    assert not file.notes


@pytest.mark.usefixtures("_with_pyarrow")
def test_a_long_file_comes_in_pieces(path: Path) -> None:
    frame = pd.DataFrame({"a": np.arange(100_000), "b": [f"c{i}" for i in range(100_000)]})
    frame.to_parquet(path, row_group_size=30_000)
    pieces = list(TableFile(path).pieces())
    assert len(pieces) > 5
    assert max(map(len, pieces)) <= 16_384
    assert np.array_equal(np.concatenate([piece["a"] for piece in pieces]), frame["a"])
    assert TableFile(path).read()["b"].tolist() == frame["b"].tolist()
    assert len(TableFile(path).read(rows=70_000)) == 70_000


@pytest.mark.usefixtures("_with_pyarrow")
def test_an_index_is_a_column(path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
    frame.to_parquet(path)
    assert sorted(TableFile(path).names) == ["", "a"]  # which the data set leaves out
    frame.rename_axis("id").to_parquet(path)
    assert TableFile(path).read()["id"].tolist() == ["x", "y"]


@pytest.mark.usefixtures("_with_pyarrow")
def test_what_is_no_table_is_refused(path: Path) -> None:
    pd.DataFrame({"a": [[1, 2], [3]]}).to_parquet(path)
    with pytest.raises(DataError, match="column a holds a list"):
        TableFile(path).read()
    pd.DataFrame({"a": pd.Series([], dtype="float64")}).to_parquet(path)
    with pytest.raises(DataError, match="no rows"):
        TableFile(path).read()
    path.write_bytes(b"PAR1\x15\0" + b"\0" * 100 + b"PAR1")
    with pytest.raises(DataError, match="is a damaged Parquet file"):
        TableFile(path)


def test_a_missing_package_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    path.write_bytes(b"PAR1\x15\0" + b"\0" * 100 + b"PAR1")
    with pytest.raises(DataError, match=r'pip install "nnscratch\[parquet\]"$'):
        TableFile(path)
