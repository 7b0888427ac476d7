"""The weights of a table's rows are numbers of at least 0, one for each row."""

from pathlib import Path

import pytest

from nnscratch.data.row_weights import weights_of_rows
from nnscratch.data.tables import Notation, Table, TableFile
from nnscratch.errors import DataError


def table(folder: Path, *values: str, header: str = "w,x", decimal: str = ".") -> Table:
    """Returns a table of these weights and another column."""
    path = folder / "t.csv"
    path.write_text("\n".join([header, *(f'"{value}",{i}' for i, value in enumerate(values)), ""]))
    return Table.read(TableFile(str(path), notation=Notation(decimal=decimal)))


def test_each_part_has_weights_of_its_own(tmp_path: Path) -> None:
    train, test = table(tmp_path, "2", "0", "0.5"), table(tmp_path, "3", "1")
    weights = weights_of_rows({"train": train, "test": test}, "w")
    assert {part: w.tolist() for part, w in weights.items()} == {
        "train": [2.0, 0.0, 0.5],
        "test": [3.0, 1.0],
    }


def test_weights_are_read_as_the_tables_numbers_are(tmp_path: Path) -> None:
    weights = weights_of_rows({"train": table(tmp_path, "1,5", "2", decimal=",")}, "w")
    assert weights["train"].tolist() == [1.5, 2.0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("1", "", "2"), "no value in line 3"),
        (("1", "-0.5", "2"), "must be at least 0; -0.5 is not (line 3)"),
        (("1", "much", "2"), "'much' is not a finite number (line 3)"),
        (("1", "1e999", "2"), "not a finite number"),
    ],
)
def test_what_is_no_weight_is_refused_with_its_line(
    tmp_path: Path, values: tuple[str, ...], message: str
) -> None:
    with pytest.raises(DataError) as caught:
        weights_of_rows({"train": table(tmp_path, *values)}, "w")
    assert "column w, the weight of the rows: " in str(caught.value)
    assert message in str(caught.value)


def test_each_table_must_have_them(tmp_path: Path) -> None:
    train = table(tmp_path, "1", "2")
    test = table(tmp_path, "1", "2", header="v,x")
    with pytest.raises(DataError, match="has no column w, the weight of the rows"):
        weights_of_rows({"train": train, "test": test}, "w")
