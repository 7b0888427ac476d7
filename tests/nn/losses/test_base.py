"""Each loss against finite differences, and the formula that it states."""

import numpy as np
import pytest

from nnscratch.insight.expressions import compute
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy
from nnscratch.nn.losses.regression import MeanSquaredError
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


def test_predictions_are_the_implied_activations() -> None:
    logits = np.log([[1.0, 3.0]])
    np.testing.assert_allclose(BinaryCrossEntropy().predict(logits), [[0.5, 0.75]], rtol=1e-14)
    np.testing.assert_allclose(CrossEntropy().predict(logits), [[0.25, 0.75]], rtol=1e-14)
    predictions = MeanSquaredError().predict(logits)
    np.testing.assert_array_equal(predictions, logits)
    assert not np.shares_memory(predictions, logits)


@pytest.mark.parametrize("name", [name for name in NAMES if not LOSSES[name].takes_indices])
def test_value_and_gradient_are_those_of_the_formula(name: str) -> None:
    loss = create(LOSSES, name)
    logits, targets = example(name)
    for z, y in zip(logits.ravel().tolist(), targets.ravel().tolist(), strict=True):
        value, grad = loss(np.array([[z]]), np.array([[y]]))
        known = {"z": z, "y": y, **vars(loss)}
        assert value == pytest.approx(compute(loss.formula, loss.where, **known), abs=1e-14)
        assert grad[0, 0] == pytest.approx(compute(loss.derivative, loss.where, **known), abs=1e-14)


TIMES = [1, 3, 0, 2, 1]


def weighted_kinds() -> list[dict[str, object]]:
    smoothed = {"label_smoothing": 0.1, "class_weight": (1.0, 2.5)}
    three = {"label_smoothing": 0.1, "class_weight": (1.0, 2.5, 0.3)}
    named: list[dict[str, object]] = [{"name": name} for name in NAMES]
    return [
        *named,
        {"name": "binary_cross_entropy", **smoothed},
        {"name": "cross_entropy", **three},
    ]


@pytest.mark.parametrize("spec", weighted_kinds(), ids=str)
def test_a_weight_is_how_often_a_row_is_there(spec: dict[str, object]) -> None:
    # Without class weights these are means over the repeated rows; with them, over as many.
    loss = create(LOSSES, spec)
    logits, targets = example(str(spec["name"]))
    weights = np.array(TIMES, np.float64)
    value, grad = loss(logits, targets, 10.0 * weights)
    rows = np.repeat(np.arange(5), TIMES)
    expected, repeated = loss(logits[rows], targets[rows])
    assert value == pytest.approx(expected, rel=1e-13)
    summed = np.zeros_like(logits)
    np.add.at(summed, rows, repeated)
    np.testing.assert_allclose(grad, summed, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_of_weighted_rows_is_the_limit_of_differences(name: str) -> None:
    loss = create(LOSSES, name)
    logits, targets = example(name)
    weights = np.array([0.3, 2.0, 0.0, 1.7, 0.9])
    _, grad = loss(logits, targets, weights)
    step = 1e-6
    for index in np.ndindex(logits.shape):
        above, below = logits.copy(), logits.copy()
        above[index] += step
        below[index] -= step
        values = [loss(each, targets, weights)[0] for each in (above, below)]
        assert grad[index] == pytest.approx((values[0] - values[1]) / (2 * step), abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_rows_that_do_not_count_have_no_loss_and_no_gradient(name: str, dtype: str) -> None:
    logits, targets = example(name, dtype)
    value, grad = create(LOSSES, name)(logits, targets, np.zeros(5, dtype))
    assert value == 0.0
    assert grad.dtype == np.dtype(dtype)
    assert not grad.any()
