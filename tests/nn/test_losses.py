"""Each loss against finite differences, numbers worked out by hand, and saturated logits."""

import math

import numpy as np
import pytest

from nnscratch.nn.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CrossEntropy,
    Hinge,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
)
from nnscratch.nn.losses.classification import softmax
from nnscratch.nn.parameters import Targets
from nnscratch.nn.registry import create

NAMES = list(LOSSES)


def example(name: str, dtype: str = "float64") -> tuple[np.ndarray, Targets]:
    rng = np.random.default_rng(7)
    logits = rng.normal(scale=2.0, size=(5, 3)).astype(dtype)
    if name == "cross_entropy":
        return logits, rng.integers(0, 3, 5)
    if name == "binary_cross_entropy":
        return logits, rng.integers(0, 2, (5, 3)).astype(dtype)
    return logits, rng.normal(size=(5, 3)).astype(dtype)


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_is_the_limit_of_differences(name: str) -> None:
    loss = create(LOSSES, name)
    logits, targets = example(name)
    _, grad = loss(logits, targets)
    step = 1e-6
    for index in np.ndindex(logits.shape):
        above, below = logits.copy(), logits.copy()
        above[index] += step
        below[index] -= step
        difference = (loss(above, targets)[0] - loss(below, targets)[0]) / (2 * step)
        assert grad[index] == pytest.approx(difference, abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_has_the_precision_and_leaves_the_logits_alone(name: str, dtype: str) -> None:
    logits, targets = example(name, dtype)
    before = logits.copy()
    value, grad = create(LOSSES, name)(logits, targets)
    assert isinstance(value, float)
    assert grad.dtype == np.dtype(dtype)
    assert grad.shape == logits.shape
    np.testing.assert_array_equal(logits, before)


def test_hinge_by_hand() -> None:
    # Right by more than the margin, right within it, wrong; and on the border itself.
    loss, grad = Hinge()(
        np.array([[2.0], [-0.25], [0.5], [1.0]]), np.array([[1.0], [-1], [-1], [1]])
    )
    assert loss == (0 + 0.75 + 1.5 + 0) / 4
    assert grad.ravel().tolist() == [0, 0.25, 0.25, 0]


def test_binary_cross_entropy_by_hand() -> None:
    # p = sigmoid(log 3) = 3/4 with target 1, and sigmoid(0) = 1/2 with target 0
    logits, targets = np.array([[math.log(3)], [0.0]]), np.array([[1.0], [0.0]])
    value, grad = BinaryCrossEntropy()(logits, targets)
    assert value == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2, rel=1e-14)
    np.testing.assert_allclose(grad, [[-0.25 / 2], [0.5 / 2]], rtol=1e-14)


def test_cross_entropy_by_hand() -> None:
    # softmax(log 1, log 2, log 5) = 1/8, 2/8, 5/8
    logits = np.log([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0]])
    value, grad = CrossEntropy()(logits, np.array([2, 0]))
    assert value == pytest.approx((-math.log(5 / 8) - math.log(1 / 8)) / 2, rel=1e-14)
    by_hand = np.array([[1, 2, -3], [-7, 2, 5]]) / 8 / 2
    np.testing.assert_allclose(grad, by_hand, rtol=1e-14)


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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_binary_cross_entropy_is_right_at_saturation(dtype: str) -> None:
    logits = np.array([[1000.0], [-1000.0], [1000.0], [-1000.0]], dtype)
    targets = np.array([[1.0], [0.0], [0.0], [1.0]], dtype)
    value, grad = BinaryCrossEntropy()(logits, targets)
    assert value == pytest.approx((0 + 0 + 1000 + 1000) / 4)
    np.testing.assert_allclose(grad, [[0.0], [0.0], [0.25], [-0.25]], atol=1e-30)


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("sure", [8.0, 12.0, 16.0, 20.0])
def test_what_a_right_and_sure_logit_leaves_is_not_rounded_away(sure: float, target: float) -> None:
    logit = np.array([[sure if target else -sure]], "float32")
    value, _ = BinaryCrossEntropy()(logit, np.array([[target]], "float32"))
    assert value == pytest.approx(math.log1p(math.exp(-sure)), rel=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cross_entropy_is_right_at_saturation(dtype: str) -> None:
    logits = np.array([[1000.0, -1000.0], [1000.0, -1000.0]], dtype)
    value, grad = CrossEntropy()(logits, np.array([0, 1]))
    assert value == pytest.approx((0 + 2000) / 2)
    np.testing.assert_allclose(grad, [[0.0, 0.0], [0.5, -0.5]], atol=1e-30)


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "huber"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numeric_losses_are_finite_far_off(name: str, dtype: str) -> None:
    far = np.array([[1000.0], [-1000.0]], dtype)
    value, grad = create(LOSSES, name)(far, -far)
    expected = {"mean_squared_error": 4e6, "mean_absolute_error": 2000.0, "huber": 1999.5}
    assert value == pytest.approx(expected[name])
    assert np.isfinite(grad).all()


def test_predictions_are_the_implied_activations() -> None:
    logits = np.log([[1.0, 3.0]])
    np.testing.assert_allclose(BinaryCrossEntropy().predict(logits), [[0.5, 0.75]], rtol=1e-14)
    np.testing.assert_allclose(CrossEntropy().predict(logits), [[0.25, 0.75]], rtol=1e-14)
    predictions = MeanSquaredError().predict(logits)
    np.testing.assert_array_equal(predictions, logits)
    assert not np.shares_memory(predictions, logits)


def test_softmax_takes_any_logits() -> None:
    rows = softmax(np.array([[1e4, 1e4], [-1e4, 1e4]]))
    np.testing.assert_allclose(rows, [[0.5, 0.5], [0.0, 1.0]], atol=1e-30)
