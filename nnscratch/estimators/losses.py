"""scikit-learn's losses: sums over the outputs of a row, half squared errors, Poisson's deviance.

And what is measured beside them.
"""

import numpy as np

from nnscratch.nn.losses.base import Loss, weighted
from nnscratch.nn.losses.regression import MeanSquaredError
from nnscratch.nn.metrics import Metric
from nnscratch.nn.parameters import Array, Targets


class Scaled(Loss):
    """Another loss, times a number.

    Args:
        loss: The loss.
        factor: The number.
    """

    def __init__(self, loss: Loss, factor: float) -> None:
        self.loss, self.factor = loss, factor
        # What a class says of itself elsewhere, this loss takes from another.
        self.output_activation = loss.output_activation  # type: ignore[misc]  # a ClassVar
        self.takes_indices = loss.takes_indices  # type: ignore[misc]  # a ClassVar
        self.codes = loss.codes  # type: ignore[misc]  # a ClassVar

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        value, grad = self.loss(logits, targets, weights)
        grad *= self.factor
        return self.factor * value, grad

    def predict(self, logits: Array) -> Array:
        return self.loss.predict(logits)


class PoissonDeviance(Loss):
    """Half the deviance of counts y from their expectation exp(z).

    mean(y log(y / exp(z)) − y + exp(z)); ∂/∂z = (exp(z) − y) / size. y is at least 0.
    """

    formula = "y * log(y) - y * z - y + exp(z)"
    derivative = "exp(z) - y"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        expected: Array = np.exp(logits)
        each: Array = expected - targets
        grad = each.copy()
        logs = np.log(targets, out=np.zeros_like(targets), where=targets > 0)
        each += targets * (logs - logits)
        ones = np.ones(len(logits), logits.dtype) if weights is None else weights
        return weighted(each, grad, ones)


class Nothing(Metric):
    """What is measured beside the loss where nobody looks at it."""

    name = "nothing"

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        return 0.0


class HalfSquaredError(Metric):
    """mean((z − y)²) / 2 over rows and outputs."""

    name = "half_squared_error"

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        return MeanSquaredError()(logits, targets, weights)[0] / 2.0
