"""From CSV files to a data set; what is read and refused is tested with the source `csv`."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.table_dataset import MANY_ROWS, counts_rows, read_dataset
from nnscratch.errors import SettingError


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        (np.arange(MANY_ROWS), True),
        (np.arange(MANY_ROWS)[::-1] + 7.0, True),
        (np.arange(MANY_ROWS - 1), False),
        (2 * np.arange(MANY_ROWS), False),
        (np.zeros(MANY_ROWS), False),
    ],
)
def test_a_column_that_counts_many_rows_is_found(column: np.ndarray, counts: bool) -> None:
    assert counts_rows(column) is counts


def test_the_columns_are_those_that_the_source_names(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b,c,y\n1,x,3,yes\n2,z,5,no\n")
    dataset = read_dataset(CsvSource(str(file), "y", features=["c", "b"]))
    assert [feature.name for feature in dataset.features] == ["c", "b"]
    assert dataset.splits["train"].inputs.tolist() == [[3, 0], [5, 1]]
    assert dataset.classes == ("no", "yes")
    with pytest.raises(SettingError, match="did you mean y"):
        read_dataset(CsvSource(str(file), "yy"))
