"""scikit-learn's losses: their values by its own functions, their gradients by differences."""

import numpy as np
import pytest
from sklearn.metrics import mean_poisson_deviance

from nnscratch.estimators.losses import HalfSquaredError, Nothing, PoissonDeviance, Scaled
from nnscratch.nn.losses.base import Loss
from nnscratch.nn.losses.classification import BinaryCrossEntropy
from nnscratch.nn.losses.regression import MeanSquaredError

LOGITS = np.array([[0.3, -1.0], [2.0, 0.1], [-0.7, 1.5]])
COUNTS = np.array([[0.0, 1.0], [7.0, 2.0], [1.0, 0.0]])
WEIGHTS = np.array([1.0, 0.0, 2.5])


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_poissons_is_half_the_deviance(weights: np.ndarray | None) -> None:
    each = [
        mean_poisson_deviance(COUNTS[:, k], np.exp(LOGITS[:, k]), sample_weight=weights)
        for k in range(2)
    ]
    value, _ = PoissonDeviance()(LOGITS, COUNTS, weights)
    assert value == pytest.approx(np.mean(each) / 2, rel=1e-13)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("loss", [PoissonDeviance(), Scaled(MeanSquaredError(), 1.5)])
def test_gradients_are_the_limits_of_differences(loss: Loss, weights: np.ndarray | None) -> None:
    _, grad = loss(LOGITS, COUNTS, weights)
    for index in np.ndindex(LOGITS.shape):
        step = np.zeros_like(LOGITS)
        step[index] = 1e-6
        above, below = (loss(LOGITS + s, COUNTS, weights)[0] for s in (step, -step))
        assert grad[index] == pytest.approx((above - below) / 2e-6, abs=1e-8)


def test_a_scaled_loss_is_another_one_in_all_else() -> None:
    loss, plain = Scaled(BinaryCrossEntropy(), 3.0), BinaryCrossEntropy()
    assert loss.output_activation == "sigmoid"
    assert (loss.takes_indices, loss.codes) == (plain.takes_indices, plain.codes)
    np.testing.assert_array_equal(loss.predict(LOGITS), plain.predict(LOGITS))
    labels = (COUNTS > 0).astype(float)
    assert loss(LOGITS, labels)[0] == pytest.approx(3 * plain(LOGITS, labels)[0])


def test_half_a_squared_error_by_hand() -> None:
    # Squares 4, 0, 1, 9 of two rows, and of the second alone.
    logits, targets = np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])
    assert HalfSquaredError()(logits, targets) == 14 / 4 / 2
    assert HalfSquaredError()(logits, targets, np.array([0.0, 3.0])) == 10 / 2 / 2
    assert Nothing()(logits, targets) == 0.0
