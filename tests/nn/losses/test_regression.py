"""Losses of numbers, against numbers worked out by hand, and far off."""

import math

import numpy as np
import pytest

from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError
from nnscratch.nn.registry import create


def test_log_cosh_by_hand_and_far_away() -> None:
    value, grad = LogCosh()(np.array([[1.0, -0.5]]), np.array([[0.0, 0.0]]))
    assert value == pytest.approx((math.log(math.cosh(1)) + math.log(math.cosh(0.5))) / 2)
    assert grad.tolist() == [pytest.approx([math.tanh(1) / 2, -math.tanh(0.5) / 2])]
    # cosh(2000) overflows, its logarithm is 2000 − log 2.
    value, grad = LogCosh()(np.array([[2000.0]]), np.array([[0.0]]))
    assert value == pytest.approx(2000 - math.log(2), rel=1e-15)
    assert grad.tolist() == [[1.0]]
    assert LogCosh()(np.zeros((1, 1)), np.zeros((1, 1)))[0] == 0


def test_squared_absolute_and_huber_by_hand() -> None:
    logits, targets = np.array([[1.0, 5.0]]), np.array([[0.5, 2.0]])  # differences 0.5 and 3
    value, grad = MeanSquaredError()(logits, targets)
    assert value == pytest.approx((0.25 + 9) / 2)
    assert grad.tolist() == [[0.5, 3.0]]
    value, grad = MeanAbsoluteError()(logits, targets)
    assert value == pytest.approx(3.5 / 2)
    assert grad.tolist() == [[0.5, 0.5]]
    value, grad = Huber(delta=1.0)(logits, targets)
    assert value == pytest.approx((0.125 + 2.5) / 2)
    assert grad.tolist() == [[0.25, 0.5]]
    value, grad = Huber(delta=2.0)(logits, targets)
    assert value == pytest.approx((0.125 + 2 * (3 - 1)) / 2)
    assert grad.tolist() == [[0.25, 1.0]]


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "huber"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numeric_losses_are_finite_far_off(name: str, dtype: str) -> None:
    far = np.array([[1000.0], [-1000.0]], dtype)
    value, grad = create(LOSSES, name)(far, -far)
    expected = {"mean_squared_error": 4e6, "mean_absolute_error": 2000.0, "huber": 1999.5}
    assert value == pytest.approx(expected[name])
    assert np.isfinite(grad).all()
