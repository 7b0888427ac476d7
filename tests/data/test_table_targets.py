"""The target columns of a table: classes, numbers, or several columns of numbers and flags."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.csv_files import Table
from nnscratch.data.table_targets import encode_targets
from nnscratch.errors import DataError, SettingError


def tables(test: dict[str, list[Any]] | None = None, **train: list[Any]) -> dict[str, Table]:
    parts = {"train": Table("a.csv", pd.DataFrame(train))}
    if test is not None:
        parts["test"] = Table("b.csv", pd.DataFrame(test))
    return parts


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


def test_missing_targets_are_refused_in_every_file_with_their_rows() -> None:
    parts = tables(a=[1, None], b=[3, 4], test={"a": [5.0, 6.0], "b": [None, None]})
    with pytest.raises(DataError) as caught:
        encode_targets(["a", "b"], parts, "auto")
    assert str(caught.value).splitlines() == [
        "a.csv: column a, the target: no value in row 1, counted from 0",
        "b.csv: column b, the target: no value in rows 0, 1, counted from 0",
    ]


def test_a_target_that_cannot_be_learned_is_refused_with_a_remedy() -> None:
    dates = ["2024-01-01", "2024-01-02"]
    with pytest.raises(DataError) as caught:
        encode_targets(["born"], tables(born=dates), "auto")
    assert str(caught.value) == (
        "a.csv: column born, the target: holds dates or times such as 2024-01-01; turn them into "
        "numbers, such as the year or the days since then, or choose another target"
    )
