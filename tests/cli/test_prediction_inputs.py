"""The rows to predict: from typed values, a table, or a run's own data."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnscratch.cli.prediction_inputs import (
    from_csv,
    from_images,
    from_run,
    from_values,
    repeat_inputs,
    warn_unseen,
)
from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import UsageError
from nnscratch.model.model import Model
from nnscratch.model.predictions import Rows
from nnscratch.nn.network import Network
from nnscratch.runs import RunFiles, find_weights

FEATURES = (Feature("size"), Feature("colour", ("blue", "red")))


def build() -> Model:
    network = Network(3, [], 1, loss="binary_cross_entropy")
    encoding = TargetEncoding(network.loss, ("no", "yes"))
    return Model(network, encoding, Preprocessing.none(FEATURES))


def test_typed_values_are_rows_and_new_categories_are_collected() -> None:
    source = from_values(build(), ["1.5,red", "2,green"])
    (rows,) = source.pieces
    assert (rows.inputs.tolist(), rows.targets) == ([[1.5, 1], [2, -1]], {})
    assert source.unseen == {"colour": {"green"}}


def test_values_that_do_not_fit_name_the_option() -> None:
    with pytest.raises(UsageError, match=r"--input 1: .*2 values \(size, colour\)"):
        from_values(build(), ["1"])


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


def test_images_need_a_network_for_images() -> None:
    with pytest.raises(UsageError, match="not trained on images"):
        from_images(build(), [Path("some.png")], show=False)


def test_a_runs_own_data_come_with_their_targets(trained: Path) -> None:
    source = from_run(find_weights(str(trained), Path("runs")), Model.load(trained), None)
    (rows,) = source.pieces
    assert rows.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert rows.targets == {"target": [0, 1, 1, 0]}


def test_new_categories_are_named_in_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    warn_unseen({"colour": {"green", "black"}})
    assert capsys.readouterr().err == (
        "warning: column colour: black, green unseen in training, so of no effect\n"
    )
