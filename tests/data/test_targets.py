"""Targets: when labels are classes and when they are numbers, in arrays, lists and tables."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data import load
from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.tables import Table, TableFile
from nnscratch.data.targets import encode_targets, index_targets
from nnscratch.errors import DataError, SettingError

Labels = list[Any]


@pytest.mark.parametrize(
    ("labels", "classes", "indices"),
    [
        (["b", "a", "c", "a"], ("a", "b", "c"), [1, 0, 2, 0]),
        (["10", "9"], ("10", "9"), [0, 1]),
        (["ä", "z", "Z"], ("Z", "z", "ä"), [2, 1, 0]),
        ([True, False, True], (False, True), [1, 0, 1]),
        ([1, 0], (0, 1), [1, 0]),
        ([1, -1, 1], (-1, 1), [1, 0, 1]),
        ([0.0, 1.0, 1.0], (0, 1), [0, 1, 1]),
        ([7, 3, 7, 3], (3, 7), [1, 0, 1, 0]),
        ([-5, 10, 10, -5, 2, 2], (-5, 2, 10), [0, 2, 2, 0, 1, 1]),
        (list(range(20)) * 2, tuple(range(20)), list(range(20)) * 2),
    ],
)
def test_auto_takes_these_for_classes(
    labels: Labels, classes: tuple[object, ...], indices: list[int]
) -> None:
    assert index_targets(labels)[0] == classes
    assert index_targets(labels)[1].tolist() == indices


@pytest.mark.parametrize(
    "labels",
    [
        [1.5, 2.5, 1.5, 2.5],
        [3, 7, 9],  # no number occurs twice
        [3, 7, 3],  # not on average
        list(range(21)) * 10,  # too many kinds
        [0, 0.5, 1, 1],
        [-1, 0.25, 1],
        [2.0, 3.0, 2.0, 3.0],  # written as fractions
    ],
)
def test_auto_takes_these_for_numbers(labels: Labels) -> None:
    classes, targets = index_targets(labels)
    assert classes is None
    assert targets.dtype == np.float64
    assert targets.tolist() == [[label] for label in labels]


def test_lists_are_several_numbers() -> None:
    classes, targets = index_targets([[0, 1], [1, 0], [1, 1]])
    assert classes is None
    assert targets.tolist() == [[0, 1], [1, 0], [1, 1]]


def test_the_task_overrules_the_look() -> None:
    assert index_targets([1.5, 2.5, 1.5], "classification")[0] == (1.5, 2.5)
    assert index_targets([0, 1, 1], "regression")[0] is None
    assert index_targets([0, 1, 1], "regression")[1].tolist() == [[0], [1], [1]]


def test_one_hot_lists_are_classes_if_the_task_is_classification() -> None:
    rows = [[0, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert index_targets(rows)[0] is None
    classes, indices = index_targets(rows, "classification")
    assert classes == (0, 1, 2)
    assert indices.tolist() == [1, 2, 1]


def test_labels_if_possible_is_auto_for_one_label_a_row() -> None:
    for labels in ([0, 1, 1], [3, 7, 3, 7], [1.5, 2.5], ["a", "b"], [3, 7, 9]):
        assert index_targets(labels, "labels_if_possible")[0] == index_targets(labels)[0]
    assert index_targets([[0, 1], [1, 0]], "labels_if_possible")[0] is None


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([0, 1, 1], None),
        ([3, 7, 3, 7], None),
        ([-1, 1], None),
        ([[1, 2], [3, 4]], None),
        (["a", "b"], ("a", "b")),
        ([True, False], (False, True)),
    ],
)
def test_regression_if_possible_leaves_only_text_and_truths_to_be_classes(
    labels: Labels, classes: tuple[object, ...] | None
) -> None:
    assert index_targets(labels, "regression_if_possible")[0] == classes


@pytest.mark.parametrize("seed", range(5))
def test_classes_and_indices_give_the_labels_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.choice(["x", "yy", "", "Z z", "1"], 50).tolist()
    classes, indices = index_targets(labels)
    assert classes is not None
    assert [classes[i] for i in indices] == labels
    assert list(classes) == sorted(set(labels))


def make_dataset(**changes: Any) -> Dataset:
    split = Split(np.arange(6.0).reshape(3, 2), np.array([0, 1, 1], np.intp))
    parts: dict[str, Any] = {"splits": {"train": split}, "features": number_features(2)}
    return Dataset(**{**parts, "classes": (0, 1), **changes})


def test_a_fingerprint_is_of_values_and_not_of_how_they_lie_in_memory() -> None:
    inputs, targets = np.arange(6.0).reshape(3, 2), np.array([0, 1, 1])
    same = [
        Split(np.asfortranarray(inputs), targets.astype(np.int32)),
        Split(inputs.astype(np.float32), targets.astype(">i8")),
        Split(inputs.astype(">f8"), targets.astype(np.uint8).astype(np.intp)),
        Split(np.repeat(inputs, 2, axis=0)[::2], np.repeat(targets, 2)[::2]),
    ]
    expected = make_dataset().fingerprint()
    assert {make_dataset(splits={"train": split}).fingerprint() for split in same} == {expected}


def test_a_fingerprint_changes_with_anything_that_is_learned_from() -> None:
    split = make_dataset().splits["train"]
    nudged = split.inputs + np.array([0, np.spacing(8.0)])
    others = [
        make_dataset(splits={"test": split}),
        make_dataset(splits={"train": split, "test": split}),
        make_dataset(splits={"train": Split(nudged, split.targets)}),
        make_dataset(splits={"train": Split(split.inputs[::-1], split.targets)}),
        make_dataset(splits={"train": Split(split.inputs, 1 - split.targets)}),
        make_dataset(splits={"train": Split(split.inputs[:2], split.targets[:2])}),
        make_dataset(features=number_features(2, "y")),
        make_dataset(classes=("0", "1")),
        make_dataset(classes=(0, 2)),
        make_dataset(codes=(-1.0, 1.0)),
    ]
    prints = {dataset.fingerprint() for dataset in [make_dataset(), *others]}
    assert len(prints) == 1 + len(others)
    assert all(len(digits) == 64 for digits in prints)


def test_a_fingerprint_of_pictures_sees_each_byte() -> None:
    pictures = np.arange(12, dtype=np.uint8).reshape(3, 4)
    other = pictures.copy()
    other[2, 3] ^= 1
    targets = np.array([0, 1, 1])
    prints = {
        make_dataset(splits={"train": Split(x, targets)}).fingerprint() for x in (pictures, other)
    }
    assert len(prints) == 2


def whole_file(folder: Path, kind: str, labels: list[float]) -> Dataset:
    """Loads rows with these targets, written as fractions, from a file of the kind."""
    path = folder / f"mine.{kind}"
    if kind == "npz":
        np.savez(path, x=np.arange(len(labels) * 1.0)[:, np.newaxis], y=np.array(labels))
        return load("npz", path=str(path))
    rows = [f"{i},{label!r}" for i, label in enumerate(labels)]
    path.write_text("\n".join(["a,kind", *rows, ""]))
    return load("csv", path=str(path), target="kind")


@pytest.mark.parametrize("kind", ["npz", "csv"])
def test_whole_numbers_written_as_fractions_are_classes(kind: str, tmp_path: Path) -> None:
    dataset = whole_file(tmp_path, kind, [0.0, 1.0, 2.0, 2.0, 1.0, 0.0])
    assert dataset.classes == (0, 1, 2)
    assert [type(label) for label in dataset.classes or ()] == [int] * 3
    assert dataset.splits["train"].targets.tolist() == [0, 1, 2, 2, 1, 0]


@pytest.mark.parametrize("kind", ["npz", "csv"])
@pytest.mark.parametrize(
    "labels",
    [
        [0.0, 1.0, 2.0, 2.5, 1.0, 0.0],
        [1e20, 2e20, 3e20, 4.5e20],  # whole, but too large for an integer of 64 bits
        [-1e300, 2.0, 3.0, 4.0],
        [2.0**63, 1.0, 2.0, 3.0],
        [2.0**53, 1.0, 2.0, 3.0],
    ],
)
def test_numbers_keep_their_size(kind: str, labels: list[float], tmp_path: Path) -> None:
    dataset = whole_file(tmp_path, kind, labels)
    assert dataset.classes is None
    assert dataset.splits["train"].targets.tolist() == [[label] for label in labels]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tables(test: dict[str, list[Any]] | None = None, **train: list[Any]) -> dict[str, Table]:
    parts = {"train": train} if test is None else {"train": train, "test": test}
    for part, columns in parts.items():
        pd.DataFrame(columns).to_csv(f"{part}.csv", index=False)
    return {part: Table.read(TableFile(f"{part}.csv")) for part in parts}


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["u", "v", "u", "v"], "auto", ("u", "v")),
        ([0, 1, 1, 0], "auto", (0, 1)),
        ([0.0, 1.0, 1.0, 0.0], "auto", (0, 1)),
        ([0.5, 1.5, 2.5, 0.5], "auto", None),
        ([0, 1, 1, 0], "regression", None),
        ([0.5, 1.5, 2.5, 0.5], "classification", (0.5, 1.5, 2.5)),
    ],
)
def test_one_target_is_classes_or_numbers(
    values: list[Any], task: str, classes: tuple[Any, ...] | None
) -> None:
    found, targets = encode_targets(["y"], tables(y=values), task)
    assert found == classes
    decoded = [[v] for v in values] if classes is None else [classes.index(v) for v in values]
    assert targets["train"].tolist() == decoded


def test_a_class_that_only_the_test_file_has_is_a_class() -> None:
    parts = tables(y=["u", "v"], test={"y": ["w", "u"]})
    classes, targets = encode_targets(["y"], parts, "auto")
    assert classes == ("u", "v", "w")
    assert targets["test"].tolist() == [2, 0]


def test_several_targets_are_numbers_and_flags() -> None:
    parts = tables(a=[1.5, 2.5], b=["Yes", "no"], c=["true", "FALSE"], d=[0, 1])
    classes, targets = encode_targets(["a", "b", "c", "d"], parts, "auto")
    assert classes is None
    np.testing.assert_array_equal(targets["train"], [[1.5, 1, 1, 0], [2.5, 0, 0, 1]])


@pytest.mark.parametrize(
    ("targets", "task", "key", "fragment"),
    [
        (["word"], "regression", "task", "the column word has text"),
        (["a", "b"], "classification", "task", "cannot be classification for 2 targets"),
        (["a", "word"], "auto", "target", "word, a column of text such as u, v; several targets"),
    ],
)
def test_a_setting_that_does_not_fit_the_targets(
    targets: list[str], task: str, key: str, fragment: str
) -> None:
    with pytest.raises(SettingError) as caught:
        encode_targets(targets, tables(a=[1, 2], b=[3, 4], word=["u", "v"]), task)
    assert caught.value.key == key
    assert fragment in caught.value.rule


def test_a_target_that_cannot_be_learned_is_refused_with_a_remedy() -> None:
    dates = ["2024-01-01", "2024-01-02"]
    with pytest.raises(DataError) as caught:
        encode_targets(["born"], tables(born=dates), "auto")
    assert str(caught.value) == (
        "train.csv: column born, the target: holds dates or times such as 2024-01-01; turn them "
        "into numbers, such as the year or the days since then, or choose another target"
    )
