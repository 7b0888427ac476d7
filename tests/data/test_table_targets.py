"""The targets of a table."""

from typing import Any

import numpy as np
import pytest

pd = pytest.importorskip("pandas")

from nnscratch.data.table_targets import read_targets  # noqa: E402 - after pandas is there
from nnscratch.errors import DataError, SettingError  # noqa: E402


def read(task: str = "auto", **columns: Any) -> Any:
    frames = {"train": pd.DataFrame(columns)}
    return read_targets(list(columns), {"train": "a.csv"}, frames, task)


def test_text_is_a_class() -> None:
    classes, targets = read(kind=["b", "a", "b"])
    assert classes == ("a", "b")
    assert targets["train"].tolist() == [1, 0, 1]


def test_several_columns_are_numbers_and_yes_or_no() -> None:
    classes, targets = read(price=[1.5, 2.0], sold=["yes", "no"])
    assert classes is None
    np.testing.assert_array_equal(targets["train"], [[1.5, 1.0], [2.0, 0.0]])


def test_a_task_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SettingError, match="cannot be numbers"):
        read("numbers", kind=["a", "b"])
    with pytest.raises(SettingError, match="cannot be classes for 2 targets"):
        read("classes", a=[1.0, 2.0], b=[1.0, 2.0])


def test_a_missing_target_is_refused() -> None:
    with pytest.raises(DataError, match=r"a\.csv: column price, the target: no value"):
        read(price=[1.0, None])
