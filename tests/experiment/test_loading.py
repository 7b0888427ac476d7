"""The data that a config names, and its parts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.errors import ConfigError, DataError
from nnscratch.experiment.loading import load_dataset, load_rows, split_dataset
from tests.conftest import Command
from tests.experiment.tables import config, write


@pytest.mark.parametrize(
    ("settings", "rows"),
    [
        ("", {"train": 20}),
        ("test: 0.2", {"train": 16, "test": 4}),
        ("test: 0", {"train": 20}),
        ("test: 5, validation: 3", {"train": 12, "validation": 3, "test": 5}),
    ],
)
def test_rows_are_held_out_as_the_config_says(settings: str, rows: dict[str, int]) -> None:
    write("t.csv", "a,kind", [f"{i},{'xy'[i % 2]}" for i in range(20)])
    splits = load_dataset(load_config(config(settings))).splits
    assert {name: len(split) for name, split in splits.items()} == rows


def test_a_part_that_the_data_comes_with_is_not_held_out_too() -> None:
    for name in ("t.csv", "u.csv"):
        write(name, "a,kind", [f"{i},{'xy'[i % 2]}" for i in range(20)])
    dataset = load_dataset(load_config(config("test_path: u.csv")))
    assert (len(dataset.splits["test"]), dataset.held_out) == (20, ())
    with pytest.raises(ConfigError, match="the data has a test part of its own") as caught:
        load_dataset(load_config(config("test_path: u.csv, test: 0.2")))
    (problem,) = caught.value.problems
    assert problem.key == "dataset.test"
    assert str(problem.place).startswith("mine.yaml:1:")


def test_a_squared_error_asks_for_regression_where_targets_are_numbers() -> None:
    write("t.csv", "a,kind", [f"{i},{i % 2}" for i in range(20)])
    assert load_dataset(load_config(config())).classes == (0, 1)
    assert load_dataset(load_config(config(), ["loss=mse"])).classes is None


def test_a_column_without_a_category_to_train_on_is_a_data_error(nnscratch: Command) -> None:
    refused: list[int] = []
    for filled in range(12):
        colours = ["red" if row == filled else "" for row in range(12)]
        write("t.csv", "a,colour,kind", [f"{i},{colours[i]},{i % 2}" for i in range(12)])
        path = config("missing: impute, test: 0.5")
        try:
            experiment = prepare(load_config(path))
        except DataError as error:
            refused.append(filled)
            (line,) = str(error).splitlines()
            assert "column colour" in line
            assert "dataset.ignore=[colour]" in line
            assert nnscratch("train", path).code == 1
            assert (
                nnscratch("train", path, "dataset.ignore=[colour]", "--quiet", "--no-plots").code
                == 0
            )
        else:
            assert 0 in experiment.dataset.splits["train"].inputs[:, 1]
    assert len(refused) == 6  # as often as the one category is held out


@pytest.mark.parametrize(
    ("rows", "settings", "noted"),
    [
        (29, "", "none are held out for testing, so the scores are those of the rows trained on"),
        (29, "validation: 5", "none are held out for testing; dataset.test=0.2 would"),
        (29, "test: 0.2", None),
        (29, "test: 0", None),
        (30, "", None),
    ],
)
def test_a_tiny_table_is_trained_on_whole_unless_a_test_part_is_asked_for(
    rows: int, settings: str, noted: str | None
) -> None:
    write("t.csv", "a,kind", [f"{i * i},{'xy'[i % 2]}" for i in range(rows)])
    given = load_config(config(settings))
    dataset = load_dataset(given)
    assert ("test" in dataset.splits) is (settings == "test: 0.2" or rows == 30)
    notes = [note for note in dataset.notes if note.startswith("fewer than 30 rows")]
    assert len(notes) == (noted is not None)
    assert all(str(noted) in note for note in notes)
    # The resolved config says so, whatever the limit will be one day.
    resolved = prepare(given).config
    assert resolved.settings()["dataset.test"] == (0.2 if "test" in dataset.splits else 0)


def test_a_tiny_table_with_a_test_part_of_its_own_has_no_note() -> None:
    for name in ("t.csv", "u.csv"):
        write(name, "a,kind", [f"{i * i},{'xy'[i % 2]}" for i in range(10)])
    experiment = prepare(load_config(config("test_path: u.csv")))
    assert not [note for note in experiment.dataset.notes if "fewer" in note]
    assert experiment.config.dataset.model_dump()["test"] is None


@pytest.mark.parametrize(
    ("loss", "task", "classes"),
    [
        ("auto", "auto", (0, 1, 2)),
        ("cross_entropy", "auto", (0, 1, 2)),
        ("cross_entropy", "classification", (0, 1, 2)),
        ("mse", "auto", None),
        ("binary_cross_entropy", "auto", None),
        ("auto", "regression", None),
    ],
)
def test_one_hot_targets_are_classes_unless_the_loss_or_the_task_says_otherwise(
    loss: str, task: str, classes: tuple[int, ...] | None
) -> None:
    rng = np.random.default_rng(0)
    np.savez("t.npz", x=rng.normal(size=(60, 2)), y=np.eye(3)[np.arange(60) % 3])
    text = f"dataset: {{name: npz, path: t.npz, task: {task}}}\nloss: {loss}\n"
    Path("mine.yaml").write_text(text)
    experiment = prepare(load_config("mine.yaml"))
    assert experiment.dataset.classes == classes
    assert experiment.model.network.outputs == 3
    Path("resolved.yaml").write_text(experiment.config.to_yaml())
    again = prepare(load_config("resolved.yaml"))
    assert again.dataset.fingerprint() == experiment.dataset.fingerprint()


def test_data_that_memory_is_too_small_for_are_an_error_about_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(**_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("nnscratch.data.load", load)
    path = tmp_path / "config.yaml"
    path.write_text("dataset: {name: npz, path: much.npz}\n")
    (tmp_path / "much.npz").touch()
    with pytest.raises(DataError, match=r"much\.npz: not enough memory to read the data; fewer"):
        load_dataset(load_config(path))


def test_the_latest_rows_are_held_out_in_order() -> None:
    days = np.random.default_rng(0).permutation(60)
    lines = [f"2024-{1 + day // 28:02}-{1 + day % 28:02},{day},{'xy'[day % 2]}" for day in days]
    write("t.csv", "date,day,kind", lines)
    path = config("order_by: date, validation: 6")
    splits = load_dataset(load_config(path)).splits
    held_out = {name: sorted(split.inputs[:, 0].tolist()) for name, split in splits.items()}
    assert held_out["test"] == list(range(48, 60))
    assert held_out["validation"] == list(range(42, 48))
    changes = ["dataset.order_by=null", "dataset.split=in_order", "dataset.ignore=[date]"]
    as_they_stand = load_dataset(load_config(path, changes)).splits["test"]
    assert as_they_stand.inputs[:, 0].tolist() == days[-12:].tolist()


def test_no_customer_is_in_two_parts() -> None:
    rows = [f"{i},c{i % 17},{'xy'[i % 2]}" for i in range(170)]
    write("t.csv", "a,customer,kind", rows)
    path = config("group: customer, validation: 0.1")
    splits = load_dataset(load_config(path)).splits
    customers = [{int(a) % 17 for a in split.inputs[:, 0]} for split in splits.values()]
    assert sum(map(len, customers)) == 17
    assert [len(split) for split in splits.values()] == [120, 20, 30]  # of 10 rows each
    other = load_dataset(load_config(path, ["seed=5"])).splits["test"]
    assert other.inputs.tolist() != splits["test"].inputs.tolist()


@pytest.mark.parametrize(
    ("settings", "key", "rule"),
    [
        ("order_by: a, split: random", "dataset.order_by", "is for `split: in_order`"),
        ("order_by: a, group: same", "dataset.group", "is for `split: random`"),
        ("group: a, split: in_order", "dataset.group", "is for `split: random`"),
        ("group: same", "dataset.group", "has only 1 group of rows, too few for parts for"),
        ("split: sorted", "dataset.split", "random"),
    ],
)
def test_splits_that_cannot_be_made_are_a_config_error(settings: str, key: str, rule: str) -> None:
    write("t.csv", "a,same,kind", [f"{i},s,{'xy'[i % 2]}" for i in range(40)])
    with pytest.raises(ConfigError) as caught:
        load_dataset(load_config(config(settings)))
    (problem,) = caught.value.problems
    assert problem.key == key
    assert rule in str(problem)


def test_any_data_set_can_be_split_in_order() -> None:
    Path("mine.yaml").write_text("dataset: {name: diabetes, split: in_order, validation: 42}\n")
    whole = load_dataset(load_config("mine.yaml", ["dataset.test=0", "dataset.validation=0"]))
    splits = load_dataset(load_config("mine.yaml")).splits
    rows = whole.splits["train"].targets
    np.testing.assert_array_equal(splits["test"].targets, rows[-88:])
    np.testing.assert_array_equal(splits["validation"].targets, rows[-130:-88])


def test_a_fold_is_the_test_part_and_validation_comes_from_the_others() -> None:
    changes = ["dataset=iris", "dataset.folds=5", "dataset.validation=0.25"]
    Path("mine.yaml").write_text("dataset: iris\n")
    tested = []
    for fold in range(1, 6):
        given = load_config("mine.yaml", [*changes, f"dataset.fold={fold}"])
        experiment = prepare(given)
        splits = experiment.dataset.splits
        assert [len(splits[part]) for part in ("train", "validation", "test")] == [90, 30, 30]
        assert np.bincount(splits["test"].targets).tolist() == [10, 10, 10]
        tested.append(splits["test"].inputs)
        # What a run's config.yaml says gives the same rows.
        Path("again.yaml").write_text(experiment.config.to_yaml())
        again = prepare(load_config("again.yaml"))
        assert again.data_fingerprint == experiment.data_fingerprint
    whole = load_dataset(load_config("mine.yaml", ["dataset.test=0"])).splits["train"].inputs
    assert sorted(np.concatenate(tested).tolist()) == sorted(whole.tolist())


def test_the_seed_of_the_split_alone_decides_the_rows() -> None:
    Path("mine.yaml").write_text("dataset: iris\n")

    def rows(*changes: str) -> Any:
        return load_dataset(load_config("mine.yaml", changes)).splits["test"].inputs.tolist()

    assert rows("seed=1") != rows("seed=2")
    assert rows("seed=1", "dataset.split_seed=2") == rows("seed=2")
    assert rows("seed=2", "dataset.split_seed=0") == rows("seed=0")


def test_a_fold_of_too_few_rows_is_a_config_error() -> None:
    write("t.csv", "a,kind", [f"{i},{'xy'[i % 2]}" for i in range(8)])
    with pytest.raises(ConfigError, match=r"`dataset\.folds` needs at least 9 rows; there are 8"):
        load_dataset(load_config(config("folds: 9, fold: 1")))
    # No part is too small for a fold.
    splits = load_dataset(load_config(config("folds: 4, fold: 1"))).splits
    assert [len(split) for split in splits.values()] == [6, 2]


def test_the_rows_for_validation_have_a_seed_of_their_own() -> None:
    Path("mine.yaml").write_text("dataset: {name: iris, validation: 0.2}\n")

    def rows(*changes: str) -> list[Any]:
        splits = load_dataset(load_config("mine.yaml", changes)).splits
        return [splits[part].inputs.tolist() for part in ("test", "validation")]

    test, validation = rows("seed=1")
    assert rows("seed=1", "dataset.validation_seed=1") == [test, validation]
    own = rows("seed=1", "dataset.validation_seed=2")
    assert own[0] == test
    assert own[1] != validation
    assert rows("seed=5", "dataset.split_seed=1", "dataset.validation_seed=2") == own
    # The seed of the split is that of validation too, unless it is given.
    assert rows("seed=5", "dataset.split_seed=1") == [test, validation]
    folds = ("dataset.folds=3", "dataset.fold=2", "seed=1")
    assert rows(*folds)[0] == rows(*folds, "dataset.validation_seed=2")[0]
    assert rows(*folds)[1] != rows(*folds, "dataset.validation_seed=2")[1]


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ([], {"train": 120, "test": 30}),
        (["dataset.folds=5", "dataset.fold=1"], {"train": 120, "test": 30}),
        (["dataset.test=0"], {"train": 150}),
        (["dataset.split=in_order"], {"train": 90, "validation": 30, "test": 30}),
        (["ensemble=1"], {"train": 90, "validation": 30, "test": 30}),
        (["own_validation=false"], {"train": 90, "validation": 30, "test": 30}),
        (["dataset.validation=0"], {"train": 120, "test": 30}),
    ],
)
def test_an_ensemble_has_learned_from_rows_that_are_for_validation_of_some_networks(
    changes: list[str], parts: dict[str, int]
) -> None:
    Path("mine.yaml").write_text(
        "dataset: {name: iris, validation: 0.2}\nensemble: 5\nown_validation: true\n"
    )
    given = load_config("mine.yaml", changes)
    rows = load_rows(given)
    seen, usual = split_dataset(given, rows, for_ensemble=True), split_dataset(given, rows)
    assert {name: len(split) for name, split in seen.splits.items()} == parts
    if "test" in parts:
        np.testing.assert_array_equal(seen.splits["test"].inputs, usual.splits["test"].inputs)
