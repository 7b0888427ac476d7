"""Arrays become a data set if they fit together, and are refused with the rule if they do not."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.arrays import assemble
from nnscratch.data.dataset import ImageFormat
from nnscratch.errors import DataError, SettingError

Array = NDArray[Any]

ROWS = np.arange(12.0).reshape(6, 2)
LABELS = np.array([1, 2, 1, 2, 1, 2])


def test_each_part_has_its_inputs_and_the_classes_of_all() -> None:
    parts = {"train": (ROWS, LABELS), "test": (ROWS[:2], np.array([3, 1]))}
    dataset = assemble("a.npz", parts, "auto")
    assert list(dataset.splits) == ["train", "test"]
    assert [feature.name for feature in dataset.features] == ["x1", "x2"]
    assert dataset.classes == (1, 2, 3)
    assert dataset.splits["test"].targets.tolist() == [2, 0]
    assert dataset.splits["train"].inputs.tolist() == ROWS.tolist()


def test_rows_of_several_dimensions_are_flattened_and_may_be_images() -> None:
    pixels = np.arange(6 * 4 * 5).reshape(6, 4, 5).astype(np.uint8)
    dataset = assemble("a.npz", {"train": (pixels, LABELS)}, "auto")
    assert dataset.splits["train"].inputs.shape == (6, 20)
    assert dataset.image == ImageFormat(4, 5, 255)


def test_a_single_column_of_targets_is_as_good_as_none() -> None:
    columns = assemble("a.npz", {"train": (ROWS, LABELS[:, np.newaxis])}, "auto")
    flat = assemble("a.npz", {"train": (ROWS, LABELS)}, "auto")
    assert columns.fingerprint() == flat.fingerprint()


@pytest.mark.parametrize(
    ("inputs", "targets", "rule"),
    [
        (ROWS[:, 0], LABELS, "inputs must be rows of numbers, all of one shape; got float64"),
        (ROWS * np.nan, LABELS, "inputs must not contain nan or infinity"),
        (ROWS, LABELS[:5], "the train part has 6 rows of inputs, but targets of shape (5,)"),
        (ROWS, LABELS + 1j, "targets must be numbers or text; got complex128 of shape (6,)"),
        (ROWS, LABELS * np.inf, "targets must not contain nan or infinity"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_rule(
    inputs: Array, targets: Array, rule: str
) -> None:
    with pytest.raises(DataError) as caught:
        assemble("a.npz", {"train": (inputs, targets)}, "auto")
    assert str(caught.value).startswith(f"a.npz: {rule}")


@pytest.mark.parametrize(
    ("targets", "task", "rule"),
    [
        (
            ROWS,
            "classification",
            "cannot be classification: a target is 2 numbers, which are not one 1 and else 0",
        ),
        (np.array(list("uvuvuv")), "regression", "cannot be regression: the targets are text"),
    ],
)
def test_a_task_that_does_not_fit_is_refused(targets: Array, task: str, rule: str) -> None:
    with pytest.raises(SettingError) as caught:
        assemble("a.npz", {"train": (ROWS, targets)}, task)
    assert (caught.value.key, caught.value.rule) == ("task", rule)


CODES = np.array([2, 0, 2, 0, 0, 2])
ONE_HOT = np.eye(4)[CODES]


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "u1", "?"])
@pytest.mark.parametrize("task", ["auto", "classification"])
def test_one_hot_rows_are_classes(dtype: str, task: str) -> None:
    parts = {"train": (ROWS, ONE_HOT.astype(dtype)), "test": (ROWS[:2], np.eye(4, dtype=dtype)[:2])}
    dataset = assemble("a.npz", parts, task)
    assert dataset.classes == (0, 1, 2, 3)  # nobody has the last one
    assert dataset.splits["train"].targets.tolist() == CODES.tolist()
    assert dataset.splits["test"].targets.tolist() == [0, 1]


@pytest.mark.parametrize("task", ["regression", "regression_if_possible", "labels_if_possible"])
def test_one_hot_rows_are_numbers_where_the_task_or_the_loss_wants_numbers(task: str) -> None:
    dataset = assemble("a.npz", {"train": (ROWS, ONE_HOT)}, task)
    assert dataset.classes is None
    assert dataset.splits["train"].targets.tolist() == ONE_HOT.tolist()


@pytest.mark.parametrize(
    ("row", "test"),
    [
        ([0, 0, 0, 0], [1, 0, 0, 0]),
        ([1, 1, 0, 0], [1, 0, 0, 0]),
        ([0, 0.5, 0.5, 0], [1, 0, 0, 0]),
        ([0, 0, 2, 0], [1, 0, 0, 0]),
        ([0, -1, 1, 1], [1, 0, 0, 0]),
        ([1, 0, 0, 0], [0, 0, 0, 0]),
    ],
)
def test_one_other_row_in_any_part_makes_them_numbers(row: list[float], test: list[float]) -> None:
    train = np.vstack([ONE_HOT[1:], row])
    dataset = assemble(
        "a.npz", {"train": (ROWS, train), "test": (ROWS[:1], np.array([test]))}, "auto"
    )
    assert dataset.classes is None
    assert dataset.splits["train"].targets.tolist() == train.tolist()


def test_a_single_column_of_ones_is_not_one_hot() -> None:
    dataset = assemble("a.npz", {"train": (ROWS, np.ones((6, 1)))}, "auto")
    assert dataset.classes == (1,)


def test_text_in_several_columns_is_refused() -> None:
    with pytest.raises(DataError, match=r"targets of several columns must be numbers; got <U1 of"):
        assemble("a.npz", {"train": (ROWS, np.array([["a", "b"]] * 6))}, "auto")
