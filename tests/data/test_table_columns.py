"""The columns to predict from: which there are, their types, and what is remarked on."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.column_types import Reading
from nnscratch.data.dataset import Feature
from nnscratch.data.table_columns import (
    check_names,
    choose_columns,
    encode_inputs,
    find_types,
    remarks,
)
from nnscratch.data.tables import Table, TableFile
from nnscratch.errors import DataError, SettingError


def table(folder: Path, text: str, name: str = "t.csv") -> Table:
    path = folder / name
    path.write_text(text)
    return Table.read(TableFile(path))


def as_it_looks(_: str) -> Reading:
    return "auto"


def test_all_columns_with_a_name_but_the_targets_unless_some_are_chosen(tmp_path: Path) -> None:
    read = table(tmp_path, ",a,b,y,z\n0,1,2,3,4\n")
    assert choose_columns(read, ["y"], None, [], {}) == ["a", "b", "z"]
    assert choose_columns(read, ["y", "z"], None, ["b"], {}) == ["a"]
    assert choose_columns(read, ["y"], ["z", "a"], [], {}) == ["z", "a"]


@pytest.mark.parametrize(
    ("targets", "features", "ignore", "rule"),
    [
        (["q"], None, [], "`target` names 'q', which is not a column"),
        (["Y"], None, [], "did you mean y?"),
        (["y"], ["a", "y"], [], "`features` has the target, y"),
        (["y"], ["a", "a"], [], "`features` names the column a twice"),
        (["y"], None, ["a", "b"], "`ignore` leaves no column to predict from"),
        (["a", "b", "y"], None, [], "`target` leaves no column to predict from"),
    ],
)
def test_a_choice_that_does_not_fit(
    targets: list[str], features: list[str] | None, ignore: list[str], rule: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingError) as caught:
        choose_columns(table(tmp_path, "a,b,y\n1,2,3\n"), targets, features, ignore, {})
    assert rule in str(caught.value)


def test_a_table_of_one_column_may_have_another_separator(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="must be separated"):
        check_names("target", ["y"], table(tmp_path, "a^b^y\n1^2^3\n"))


def test_types_are_those_of_the_training_file_with_the_words_of_all(tmp_path: Path) -> None:
    tables = {
        "train": table(tmp_path, "n,c,d,z\n1,u,31.12.2024,07\n2,v,1.1.2025,08\n"),
        "test": table(tmp_path, "n,c,d,z\n3,w,2.1.2025,09\n", "test.csv"),
    }
    columns = find_types(list("ncd"), tables, as_it_looks)
    assert columns == [
        *[Feature("n"), Feature("c", ("u", "v", "w"))],
        Feature("d", date_format="%d.%m.%Y"),
    ]
    inputs, image = encode_inputs(columns, tables)
    assert image is None
    new_year = 20089  # 55 years of 365 days, and 14 leap days
    np.testing.assert_array_equal(inputs["train"], [[1, 0, new_year - 1], [2, 1, new_year]])
    np.testing.assert_array_equal(inputs["test"], [[3, 2, new_year + 1]])


def test_each_column_that_cannot_be_learned_from_has_a_line(tmp_path: Path) -> None:
    names = "".join(f"p{i},{i},\n" for i in range(60))
    with pytest.raises(DataError) as caught:
        find_types(["who", "n", "e"], {"train": table(tmp_path, f"who,n,e\n{names}")}, as_it_looks)
    who, empty, both = str(caught.value).splitlines()
    assert "column who: has 60 different values" in who
    assert who.endswith('leave it out: "dataset.ignore=[who]"')
    assert "column e: has no values at all" in empty
    assert both == 'to leave all of these out: "dataset.ignore=[who,e]"'


@pytest.mark.parametrize("rows", [19, 20, 50])
def test_ids_are_remarked_on_where_there_are_other_columns(rows: int, tmp_path: Path) -> None:
    text = "x,a\n" + "".join(f"{1000 + 4 * i},{i * i % 17}\n" for i in range(rows))
    read = table(tmp_path, text)
    found = list(remarks([Feature("x"), Feature("a")], read))
    assert len(found) == (rows >= 20)
    assert all("column x goes up by 4" in each and "dataset.ignore=[x]" in each for each in found)
    assert list(remarks([Feature("x")], read)) == []


def test_words_that_are_numbers_and_most_of_the_inputs_are_remarked_on(tmp_path: Path) -> None:
    read = table(tmp_path, "p,c\n$1,a\n$2,b\n")
    (remark,) = remarks([Feature("p", ("$1", "$2")), Feature("c", ("a", "b"))], read)
    assert "column p: $1, $2 are read as words" in remark
    many = Feature("c", tuple(f"w{i}" for i in range(201)))
    (remark,) = remarks([Feature("p"), many], table(tmp_path, "p,c\n1,a\n"))
    assert "column c takes 201 of the network's 202 inputs" in remark
