"""The rows of a file as a model takes them; tables/test_table_file.py has the files."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.table_rows import read_labelled_rows, read_rows
from nnscratch.data.tables import Layout, Notation, TableFile
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import DataError
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create

PRICE, COLOUR = Feature("price"), Feature("colour", ("blue", "red"))


def test_rows_are_read_in_the_notation_of_the_model(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("colour;price\nred;1.234,5\n?;?\nlime;3\n")
    file = TableFile(path, Layout(), Notation(missing_values=("?",), decimal=",", thousands="."))
    unseen: dict[str, set[str]] = {}
    rows = np.concatenate(list(read_rows(file, [PRICE, COLOUR], unseen)))
    np.testing.assert_array_equal(rows, [[1234.5, 1], [np.nan, np.nan], [3, UNSEEN]])
    assert unseen == {"colour": {"lime"}}


def test_a_wrong_value_is_named_with_its_line_after_a_value_of_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text('colour,price\n"re\nd",1\n\nblue,dear\n')
    with pytest.raises(DataError, match=r"column price: 'dear' is not a finite number \(line 5\)"):
        list(read_rows(TableFile(path), [PRICE], {}))


def read_labelled(path: Path) -> tuple[list[list[float]], list[int], list[str], str]:
    encoding = TargetEncoding(create(LOSSES, "cross_entropy"), ("no", "yes"))
    split, table, notes = read_labelled_rows(
        TableFile(path), [PRICE, COLOUR], ["kind"], encoding, {}
    )
    last = table.name_rows(np.array([len(split) - 1]))
    return split.inputs.tolist(), split.targets.tolist(), notes, last


def test_rows_without_a_target_are_left_out_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text("kind,colour,price\nyes,red,1\n,red,2\nno,blue,3\nNA,red,4\nyes,blue,5\n")
    inputs, targets, notes, last = read_labelled(path)
    assert inputs == [[1, 1], [3, 0], [5, 0]]
    assert targets == [1, 0, 1]
    assert notes == [f"{path}: 2 rows without a target are left out (lines 3, 5)"]
    assert last == "line 6"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind,colour\nyes,red\n", "has no column price, which the network was trained on"),
        ("price,colour\n1,red\n", "has no column kind, the target; it has price, colour"),
        ("price,colour,kind\n1,red,\n2,red,NA\n", "column kind, the target: has no values"),
        ("price,colour,kind\n1,red,\ncheap,red,yes\n", r"'cheap' is not a finite .* \(line 3\)"),
    ],
)
def test_a_table_that_cannot_be_scored_is_refused(
    text: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=complaint):
        read_labelled(path)
