"""Rows without a target: refused with their lines and how they are written, or dropped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.missing_targets import settle_missing_targets
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.tables import Notation, Table, TableFile
from nnscratch.errors import DataError

REMEDY = (
    "dataset.missing_target=drop leaves these rows out, dataset.missing_values=[…] lists other "
    "texts as missing, or choose another target"
)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def table(name: str, *lines: str, **notation: Any) -> Table:
    Path(name).write_text("\n".join([*lines, ""]))
    return Table.read(TableFile(name, notation=Notation(**notation)))


def refusal(targets: list[str], **tables: Table) -> list[str]:
    with pytest.raises(DataError) as caught:
        settle_missing_targets(targets, tables, "error")
    return str(caught.value).splitlines()


def test_every_target_is_named_in_every_file_with_its_lines() -> None:
    train = table("a.csv", "x,y,z", "1,2,3", "4,,6", "7,8,")
    test = table("b.csv", "x,y,z", "1,2,3", ",5,", "1,3,")
    assert refusal(["y", "z"], train=train, test=test) == [
        "a.csv: column y, the target: no value in line 3",
        "a.csv: column z, the target: no value in line 4",
        "b.csv: column z, the target: no value in lines 3, 4",
        REMEDY,
    ]


def test_what_stands_in_the_cells_is_quoted() -> None:
    train = table("a.csv", "x,y", "1,some", "2,None", "3,", "4,some", "5, NA", "6,None")
    (line,) = refusal(["y"], train=train)
    assert line.startswith("a.csv: column y, the target: no value in lines 3, 4, 6, 7; 'NA', ")
    assert line.endswith(f"'None' are read as missing; {REMEDY}")
    alone = table("a.csv", "x,y", "1,2.5", "None,3", "3,None")
    (line,) = refusal(["y"], train=alone)
    assert "no value in line 4; 'None' is read as missing; " in line
    own = table("a.csv", "x,y", "1,None", "2,?", "3,u", missing_values=("?",))
    (line,) = refusal(["y"], train=own)
    assert "no value in line 3; '?' is read as missing; " in line


def test_dropped_rows_are_counted_and_those_that_stay_keep_their_lines() -> None:
    lines = [f"{i},{'' if i in (1, 4) else i}" for i in range(8)]
    tables = {"train": table("a.csv", "x,y", *lines), "test": table("b.csv", "x,y", "1,", "2,3")}
    settled, notes = settle_missing_targets(["y"], tables, "drop")
    assert settled["train"].frame["x"].tolist() == [0, 2, 3, 5, 6, 7]
    assert settled["test"].frame["x"].tolist() == [2]
    assert notes == [
        "a.csv: 2 rows without a target are left out (lines 3, 6)",
        "b.csv: 1 row without a target is left out (line 2)",
    ]
    assert settled["train"].name_rows(np.array([0, 1, 5])) == "lines 2, 4, 9"


def test_many_lines_are_counted_after_the_first() -> None:
    train = table("a.csv", "x,y", *(f"{i}," for i in range(30)), "1,2")
    _, (note,) = settle_missing_targets(["y"], {"train": train}, "drop")
    assert note == (
        "a.csv: 30 rows without a target are left out (lines 2, 3, 4, 5, 6 and 25 more)"
    )


@pytest.mark.parametrize("choice", ["error", "drop"])
def test_a_table_whose_targets_are_all_missing_is_refused(choice: Any) -> None:
    whole = table("a.csv", "x,y,z", "1,2,3", "4,5,6")
    empty = table("b.csv", "x,y,z", "1,,3", "4,,6")
    crossed = table("c.csv", "x,y,z", "1,,3", "4,5,")
    for tables, message in (
        ({"train": empty}, "b.csv: column y, the target: has no values at all; choose another"),
        ({"train": whole, "test": empty}, "has no values at all; nothing can be scored with it"),
        ({"train": crossed}, "c.csv: no row has a value in all of the targets y, z; choose"),
    ):
        with pytest.raises(DataError) as caught:
            settle_missing_targets(["y", "z"], tables, choice)
        assert message in str(caught.value)


@pytest.mark.parametrize("choice", ["error", "drop"])
def test_complete_tables_stay_as_they_are(choice: Any) -> None:
    tables = {"train": table("a.csv", "x,y", "1,2", ",3")}
    settled, notes = settle_missing_targets(["y"], tables, choice)
    assert settled["train"] is tables["train"]
    assert notes == []


def test_what_only_dropped_rows_have_is_neither_learned_nor_complained_of() -> None:
    lines = ["1,red,u", ",purple,", "2,blue,v", "3,,u"]
    table("a.csv", "x,colour,y", *lines)
    source = CsvSource("a.csv", "y", missing_target="drop", missing="impute")
    dataset = source.load()
    assert dataset.features[1].categories == ("blue", "red")
    assert dataset.splits["train"].targets.tolist() == [0, 1, 0]
    # Missing inputs are named by their lines in the file, not by the rows that are left.
    with pytest.raises(DataError) as caught:
        CsvSource("a.csv", "y", missing_target="drop").load()
    assert str(caught.value).splitlines()[0] == "a.csv: column colour: no value in line 5"
