"""Losses of classes, against numbers worked out by hand, and at saturated logits."""

import math

import numpy as np
import pytest

from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy, Hinge, softmax


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


def test_softmax_takes_any_logits() -> None:
    rows = softmax(np.array([[1e4, 1e4], [-1e4, 1e4]]))
    np.testing.assert_allclose(rows, [[0.5, 0.5], [0.0, 1.0]], atol=1e-30)
