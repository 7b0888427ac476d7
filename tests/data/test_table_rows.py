"""The rows of a file as a model takes them; tables/test_table_file.py has the files."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.table_rows import read_rows
from nnscratch.data.tables import Layout, Notation, TableFile
from nnscratch.errors import DataError

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
