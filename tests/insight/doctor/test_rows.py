"""Duplicated and contradictory rows, on tables where they were planted."""

from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from nnscratch.data.dataset import Split
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.rows import (
    best_accuracy,
    check_duplicate_rows,
    check_held_out_rows,
    number_rows,
    unexplained_share,
)
from tests.insight.doctor.support import find, inline, shipped, table_of

EMPTY = np.zeros(0, np.intp)


def with_test_rows(experiment: Experiment, rows: list[int], extra: list[list[float]]) -> Experiment:
    """Returns an experiment whose test part is some of its training rows and some others."""
    train = experiment.dataset.splits["train"]
    inputs = np.concatenate([train.inputs[rows], np.array(extra)])
    test = Split(inputs, train.targets[np.zeros(len(inputs), np.intp)])
    splits = {"train": train, "test": test}
    return replace(experiment, dataset=replace(experiment.dataset, splits=splits))


def test_equal_rows_have_the_same_number_in_all_parts() -> None:
    first = np.array([[0.0, np.nan], [1.0, 2.0], [-0.0, np.nan], [1.0, 2.5]])
    second = np.array([[1.0, 2.5], [9.0, 9.0]])
    numbers = number_rows({"train": Split(first, EMPTY), "test": Split(second, EMPTY)})
    train, test = numbers["train"].tolist(), numbers["test"].tolist()
    assert train[0] == train[2]
    assert len({*train}) == 3
    assert test[0] == train[3]
    assert test[1] not in train


def test_rows_held_out_that_are_also_trained_on_are_counted() -> None:
    experiment = with_test_rows(shipped("iris"), [3, 7], [[9.0] * 4, [8.0] * 4, [7.0] * 4])
    finding = find("test rows", check_duplicate_rows(experiment))
    assert finding.level == "look"
    assert finding.rule == "test rows with the inputs of a training row: 2 of 5 (40.0%)"
    assert "inflates the test scores" in finding.remedy


def test_rows_apart_are_fine() -> None:
    experiment = with_test_rows(shipped("iris"), [], [[9.0] * 4])
    finding = find("test row", check_duplicate_rows(experiment))
    assert finding.level == "fine"


def test_the_best_accuracy_is_that_of_the_commonest_class_of_equal_rows() -> None:
    # Of three equal rows two can be right, of two one, and the one alone.
    numbers = np.array([0, 0, 0, 1, 1, 2])
    targets = np.array([2, 2, 0, 1, 0, 1])
    assert best_accuracy(numbers, targets, 3) == pytest.approx(4 / 6)


def test_contradicting_classes_bound_the_accuracy(tmp_path: Path) -> None:
    rows = [[0, 0], [0, 0], [0, 1], [1, 1]]
    experiment = inline(tmp_path, rows, ["a", "b", "a", "b"])
    finding = find("different targets", check_duplicate_rows(experiment))
    assert finding.level == "look"
    assert "more than 75.0% of the rows" in finding.rule


def test_contradicting_numbers_bound_r2_as_arithmetic_by_hand_says(tmp_path: Path) -> None:
    # Around their means 1 and 6, equal rows are off by 1, 1, 0; all are off from 8/3 by 50/3 + 2.
    rows, targets = [[0.0], [0.0], [5.0]], [0.0, 2.0, 6.0]
    total = (8 / 3) ** 2 + (2 / 3) ** 2 + (10 / 3) ** 2
    numbers = np.array([0, 0, 1])
    share = unexplained_share(numbers, np.array(targets)[:, np.newaxis])
    assert share == pytest.approx(2 / total)
    finding = find(
        "different targets", check_duplicate_rows(inline(tmp_path, rows, targets, loss="mse"))
    )
    assert f"R² above {1 - 2 / total:.3f}" in finding.rule


def test_contradicting_labels_bound_each_label(tmp_path: Path) -> None:
    rows, targets = [[0.0], [0.0], [1.0], [2.0]], [[0, 1], [1, 1], [1, 0], [0, 0]]
    experiment = inline(tmp_path, rows, targets, loss="binary_cross_entropy")
    finding = find("different targets", check_duplicate_rows(experiment))
    # One of four rows is lost for the first label, none for the second.
    assert "more than 87.5% of the labels" in finding.rule


def test_a_few_contradictions_among_many_rows_are_no_reason_to_worry(tmp_path: Path) -> None:
    rows = [[float(i)] for i in range(199)] + [[0.0]]
    targets = ["a", "b"] * 100
    finding = find("different targets", check_duplicate_rows(inline(tmp_path, rows, targets)))
    assert finding.level == "fine"
    assert "99.5%" in finding.rule


def test_copies_with_the_same_target_are_fine(tmp_path: Path) -> None:
    rows, targets = [[0.1], [0.1], [0.1], [1.0]], [0.3, 0.3, 0.3, 2.0]
    finding = find("different targets", check_duplicate_rows(inline(tmp_path, rows, targets)))
    assert finding.level == "fine"
    assert finding.rule.endswith("(2 duplicates)")


def test_as_many_rows_as_mnist_has_take_seconds_at_most() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (60_000, 784), np.uint8)
    inputs[40_000] = inputs[3]
    started = perf_counter()
    numbers = number_rows({"train": Split(inputs, EMPTY)})["train"]
    assert numbers[40_000] == numbers[3]
    assert len(np.unique(numbers)) == 59_999
    assert perf_counter() - started < 10


def test_parts_of_a_few_rows_are_no_measure(tmp_path: Path) -> None:
    xor = {"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "y": [0, 1, 1, 0]}
    (finding,) = check_held_out_rows(table_of(tmp_path, xor, test=0.2))
    assert finding.level == "look"
    assert finding.rule.startswith("scores on 1 test row are hardly more than chance")
    assert finding.remedy.startswith("train on all rows with dataset.test=0")
    assert not list(check_held_out_rows(table_of(tmp_path, xor)))
    assert not list(check_held_out_rows(shipped("iris")))
