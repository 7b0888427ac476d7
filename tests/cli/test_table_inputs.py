"""Rows out of a table: what is repeated beside predictions, and what targets they have."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnscratch.cli.prediction_inputs import from_values
from nnscratch.cli.table_inputs import from_csv, labelled_rows, repeat_inputs
from nnscratch.errors import UsageError
from nnscratch.model.predictions import Rows
from nnscratch.runs import RunFiles
from tests.cli.test_prediction_inputs import build


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in an order of its own, with more columns than the model has."""
    path = tmp_path / "new.csv"
    path.write_text("id,colour,size,kind\n007,red,1.50,yes\n08, ,NA,\n9,blue,1e3,maybe\n")
    return path


def read(path: Path, columns: Sequence[str] | None, names: tuple[str, ...] = ()) -> Rows:
    model = build()
    model = replace(model, encoding=replace(model.encoding, names=names))
    (rows,) = from_csv(RunFiles(Path("alone.npz"), None), model, path, columns).pieces
    return rows


def test_a_table_is_encoded_for_the_model(table: Path) -> None:
    rows = read(table, [])
    np.testing.assert_array_equal(rows.inputs, [[1.5, 1], [np.nan, np.nan], [1000, 0]])
    assert (rows.targets, rows.beside) == ({}, {})


def test_columns_are_repeated_as_the_file_writes_them(table: Path) -> None:
    assert read(table, ["id", "size", "id"]).beside == {
        "id": ["007", "08", "9"],
        "size": ["1.50", None, "1e3"],
    }
    assert list(read(table, None).beside) == ["id", "colour", "size", "kind"]


def test_targets_are_read_where_their_column_is_known(table: Path) -> None:
    assert read(table, [], names=("kind",)).targets == {"target": ["yes", None, "maybe"]}
    assert read(table, [], names=("other",)).targets == {}


def test_a_column_that_the_table_lacks_is_refused(table: Path) -> None:
    with pytest.raises(
        UsageError, match=r"--id: .*new\.csv: has no column name; it has id, colour"
    ):
        read(table, ["name"])


def test_a_large_table_is_read_in_pieces_that_belong_together(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    count = 40_000
    path.write_text("size,colour,id\n" + "".join(f"{i},red,n{i}\n" for i in range(count)))
    found = from_csv(RunFiles(Path("alone.npz"), None), build(), path, ["id"])
    sizes = []
    for rows in found.pieces:
        assert rows.beside["id"] == [f"n{value:.0f}" for value in rows.inputs[:, 0]]
        sizes.append(len(rows))
    assert sum(sizes) == count
    assert max(sizes) <= 16_384


def test_inputs_are_repeated_where_there_is_no_table() -> None:
    model = build()
    source = repeat_inputs(model, from_values(model, ["1.5,red", ",green"]), None)
    (rows,) = source.pieces
    assert rows.beside == {"size": [1.5, None], "colour": ["red", None]}
    with pytest.raises(UsageError, match="has no column id; it has size, colour"):
        repeat_inputs(model, source, ["id"])


def test_a_table_is_scored_by_its_target_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.csv"
    path.write_text("colour,size,kind\nred,1,yes\nlime,2,\nlime,3,no\n")
    alone = RunFiles(Path("alone.npz"), None)
    split = labelled_rows(alone, build(), path, ["kind"])
    assert (split.inputs.tolist(), split.targets.tolist()) == ([[1, 1], [3, -1]], [1, 0])
    note, warning = capsys.readouterr().err.splitlines()
    assert note == f"note: {path}: 1 row without a target is left out (line 3)"
    assert "lime unseen in training" in warning
    for targets, complaint in (([], "--target COLUMN names it"), (["a", "b"], "has 1 target; got")):
        with pytest.raises(UsageError, match=complaint):
            labelled_rows(alone, build(), path, targets)
