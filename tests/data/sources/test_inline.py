"""Inline rows: which targets are classes and which are numbers, and what they become."""

from typing import Any

import pytest

from nnscratch.data.sources.inline import InlineSource

ROWS = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]


@pytest.mark.parametrize(
    ("targets", "classes", "indices"),
    [
        (["b", "a", "b", "a"], ("a", "b"), [1, 0, 1, 0]),
        ([True, False, False, True], (False, True), [1, 0, 0, 1]),
        ([0, 1, 1, 0], (0, 1), [0, 1, 1, 0]),
        ([0.0, 1.0, 1.0, 0.0], (0, 1), [0, 1, 1, 0]),
        ([1, -1, -1, 1], (-1, 1), [1, 0, 0, 1]),
        ([7, 5, 5, 7], (5, 7), [1, 0, 0, 1]),
        (["x", "y", "z", "y"], ("x", "y", "z"), [0, 1, 2, 1]),
    ],
)
def test_words_truth_values_and_repeating_whole_numbers_are_classes(
    targets: list[Any], classes: tuple[Any, ...], indices: list[int]
) -> None:
    dataset = InlineSource(ROWS, targets).load()
    assert dataset.classes == classes
    assert dataset.splits["train"].targets.tolist() == indices


@pytest.mark.parametrize(
    "targets",
    [[0.5, 1.5, 0.5, 1.5], [10, 20, 30, 40], [[1.5], [0], [0], [1]], [2.0, 3.0, 3.0, 2.0]],
)
def test_other_numbers_are_numbers(targets: list[Any]) -> None:
    dataset = InlineSource(ROWS, targets).load()
    assert dataset.classes is None
    flat = [value[0] if isinstance(value, list) else value for value in targets]
    assert dataset.splits["train"].targets.tolist() == [[float(value)] for value in flat]


def test_the_task_overrides_what_the_targets_look_like() -> None:
    assert InlineSource(ROWS, [0, 1, 1, 0], task="regression").load().classes is None
    numbers = [10, 20, 30, 40]
    assert InlineSource(ROWS, numbers, task="classification").load().classes == tuple(numbers)


def test_several_outputs_keep_their_columns() -> None:
    dataset = InlineSource(ROWS, [[0, 1], [1, 0], [1, 1], [0, 0]]).load()
    assert dataset.splits["train"].targets.shape == (4, 2)
    assert [feature.name for feature in dataset.features] == ["x1", "x2"]


def test_lists_with_one_1_are_classes_if_the_task_is_classification() -> None:
    one_hot = [[0, 0, 1], [1, 0, 0], [0, 0, 1.0], [0, 1, 0]]
    assert InlineSource(ROWS, one_hot).load().classes is None
    dataset = InlineSource(ROWS, one_hot, task="classification").load()
    assert dataset.classes == (0, 1, 2)
    assert dataset.splits["train"].targets.tolist() == [2, 0, 2, 1]


@pytest.mark.parametrize("row", [[1, 1, 0], [0, 0, 0], [0, 0.5, 0.5], [2, 0, 0], [10**30, 0, 0]])
def test_other_lists_are_no_classes(row: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"one class for each row, or a list of one 1 and else 0"):
        InlineSource(ROWS, [[0, 0, 1], row, [0, 1, 0], [1, 0, 0]], task="classification")
