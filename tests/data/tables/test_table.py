"""A table knows its rows' lines, also once some rows are left out."""

from pathlib import Path

import numpy as np

from nnscratch.data.tables import Table, TableFile


def test_rows_keep_their_lines_when_others_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n3,4\n5,6\n")
    table = Table.read(TableFile(path))
    assert table.source == str(path)
    shorter = table._replace(frame=table.frame[1:])
    assert shorter.name_rows(np.array([0, 1])) == "lines 3, 4"
    assert len(Table.read(TableFile(path), rows=2).frame) == 2
