"""A table's rows are sorted by numbers, dates or text, and grouped by equal values."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.row_order import groups_of_rows, order_of_rows
from nnscratch.data.tables import Notation, Table, TableFile
from nnscratch.errors import DataError


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def column(*values: str, **notation: Any) -> Table:
    """Returns a table with a column `when` of these texts, and another one."""
    lines = [f'"{value}",{i}' for i, value in enumerate(values)]
    Path("t.csv").write_text("\n".join(["when,x", *lines, ""]))
    return Table.read(TableFile("t.csv", notation=Notation(**notation)))


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        (["3", "-1", "20.5", "3"], [1, 0, 2, 1]),
        (["9", "10", "1e1", "8"], [1, 2, 2, 0]),
        (["2024-01-31", "2023-12-01", "2024-02-01"], [1, 0, 2]),
        (["2024-01-31 10:00", "2024-01-31 09:30:15", "2024-01-31T10:00:01"], [1, 0, 2]),
        (["2024-01-01T00:30+02:00", "2023-12-31T23:00+00:00"], [0, 1]),
        (["31.01.2024", "01.12.2023", "02.02.2024"], [1, 0, 2]),
        (["1/31/2024", "12/1/2023", "2/1/2024"], [1, 0, 2]),
        (["31/01/2024", "01/12/2023", "01/02/2024"], [1, 0, 2]),
        (["31.01.2024 10:00", "31.01.2024 09:59"], [1, 0]),
        (["Jan 31, 2024", "Dec 1, 2023"], [1, 0]),
        (["b", "a", "10", "a"], None),
        (["beta", "alpha", "Gamma", "alpha"], [2, 1, 0, 1]),
    ],
)
def test_rows_are_sorted_by_what_the_column_holds(
    values: list[str], ranks: list[int] | None
) -> None:
    if ranks is None:
        with pytest.raises(DataError, match="it cannot be sorted"):
            order_of_rows(column(*values), "when")
        return
    order = order_of_rows(column(*values), "when")
    assert np.unique(order, return_inverse=True)[1].tolist() == ranks


def test_numbers_are_read_as_the_table_writes_them() -> None:
    table = column("1.200,5", "999,5", "0,5", decimal=",", thousands=".")
    assert order_of_rows(table, "when").tolist() == [1200.5, 999.5, 0.5]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (["1", "2", "soon"], "holds numbers, but 'soon' is none (line 4), so it cannot be sorted"),
        (["2024-01-01", "soon", "2024-01-02"], "holds dates, but 'soon' is none (line 3)"),
        (["2024-01-01", "2024-01-02", "1.3.2024"], "holds dates, but '1.3.2024' is none (line 4)"),
        (["2024-01-01", "", "2024-01-02"], "no value in line 3"),
        (["", "1", "NA"], "no value in lines 2, 4"),
    ],
)
def test_what_cannot_be_sorted_is_refused_with_its_line(values: list[str], rule: str) -> None:
    with pytest.raises(DataError) as caught:
        order_of_rows(column(*values), "when")
    assert str(caught.value).startswith(f"t.csv: column when, the order of the rows: {rule}")


def test_rows_of_equal_values_are_a_group_and_one_without_a_value_is_alone() -> None:
    groups = groups_of_rows(column("b", "a", "", "b", "NA", "a"), "when")
    assert groups[0] == groups[3]
    assert groups[1] == groups[5]
    assert len(set(groups.tolist())) == 4
    numbers = groups_of_rows(column("7", "3", "7", ""), "when")
    assert numbers[0] == numbers[2]
    assert len(set(numbers.tolist())) == 3
    assert len(set(groups_of_rows(column("", ""), "when").tolist())) == 2
