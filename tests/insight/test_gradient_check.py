"""Checking the gradients of an experiment: near its initial weights, with its penalties."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.errors import UsageError
from nnscratch.experiment import Experiment
from nnscratch.insight.gradient_check import check_backpropagation


def experiment(folder: Path, settings: str = "") -> Experiment:
    path = folder / "mine.yaml"
    path.write_text(f"dataset: xor\narchitecture: [3]\ndtype: float64\n{settings}\n")
    return prepare(load_config(path))


def test_each_parameter_is_checked_and_right(tmp_path: Path) -> None:
    checked = experiment(tmp_path, "l1: 0.01\nl2: 0.1")
    checks = check_backpropagation(checked, rows=4, most=5)
    assert [check.name for check in checks] == [*checked.model.network.params]
    assert max(check.error for check in checks) < 1e-6
    assert max(check.checked for check in checks) == 5


def test_parameters_are_changed_a_little_and_the_same_way_each_time(tmp_path: Path) -> None:
    before = experiment(tmp_path).model.network.params.flat.copy()
    moved = []
    for _ in range(2):
        checked = experiment(tmp_path)
        check_backpropagation(checked, rows=4, most=1)
        moved.append(checked.model.network.params.flat.copy())
    assert (moved[0] == moved[1]).all()
    assert 0 < np.abs(moved[0] - before).max() < 0.1


def test_one_row_has_no_variance(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 2 rows"):
        check_backpropagation(experiment(tmp_path, "batch_norm: true"), rows=1, most=1)
