"""The gradients of an experiment's network against finite differences."""

from typing import Any

import numpy as np
import pytest

from nnscratch.config import Config
from nnscratch.errors import UsageError
from nnscratch.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.insight.gradient_check import check_backpropagation


def experiment(**settings: Any) -> Experiment:
    return prepare(Config.model_validate({"dataset": "xor", "dtype": "float64", **settings}))


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.01, "l2": 0.02}])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_gradients_agree_also_where_relu_starts_on_its_kink(
    activation: str, penalty: dict[str, float]
) -> None:
    checks = check_backpropagation(experiment(activation=activation, **penalty), rows=4, most=50)
    assert [check.name for check in checks][:2] == ["dense_1.kernel", "dense_1.bias"]
    assert all(check.error < 1e-6 for check in checks)
    assert all(check.norm > 0 for check in checks)


def test_no_more_elements_of_an_array_are_compared_than_asked_for() -> None:
    checks = check_backpropagation(experiment(architecture=[8]), rows=4, most=3)
    assert [check.checked for check in checks] == [3, 3, 3, 1]


def test_the_weights_move_only_a_little() -> None:
    fresh = experiment()
    before = fresh.model.network.params.flat.copy()
    check_backpropagation(fresh, rows=4, most=1)
    moved = np.abs(fresh.model.network.params.flat - before)
    assert 0 < moved.max() < 0.1


def test_batch_normalization_needs_two_rows() -> None:
    normalized = experiment(batch_norm=True, batch_size="full")
    with pytest.raises(UsageError, match="at least 2 rows"):
        check_backpropagation(normalized, rows=1, most=1)
    assert check_backpropagation(normalized, rows=2, most=1)
