"""Losses of numbers; z − y is the error of an output."""

from math import log

import numpy as np

from nnscratch.nn.losses.base import Loss, weighted
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import setting, with_settings


class MeanSquaredError(Loss):
    """Squared error, which punishes large errors most; predicts the mean.

    mean((z − y)²) over batch and outputs; ∂/∂z = 2 (z − y) / size.
    """

    name = "mean_squared_error"
    aliases = ("mse",)
    formula = "(z - y)**2"
    derivative = "2 * (z - y)"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        grad = logits - targets
        if weights is not None:
            return weighted(grad * grad, 2.0 * grad, weights)
        loss = float(np.vdot(grad, grad)) / grad.size
        grad *= 2.0 / grad.size
        return loss, grad


class MeanAbsoluteError(Loss):
    """Absolute error, which outliers move little; predicts the median.

    mean(|z − y|) over batch and outputs; ∂/∂z = sign(z − y) / size, 0 where they are equal.
    """

    name = "mean_absolute_error"
    aliases = ("mae",)
    formula = "abs(z - y)"
    derivative = "sign(z - y)"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        grad = logits - targets
        if weights is not None:
            return weighted(np.abs(grad), np.sign(grad), weights)
        loss = float(np.abs(grad).sum()) / grad.size
        np.sign(grad, out=grad)
        grad /= grad.size
        return loss, grad


@with_settings
class Huber(Loss):
    """Squared error near zero, absolute error beyond delta. Huber 1964.

    mean(h(z − y)): h(d) = d²/2 where |d| ≤ δ, else δ (|d| − δ/2). With c = d clipped to [−δ, δ],
    h(d) = c (d − c/2) and ∂/∂z = c / size.
    """

    delta: float = setting(
        1.0,
        "Error at which the loss turns from squared to absolute, in the targets' scaled units.",
        gt=0,
        le=1e30,
        symbol="δ",
    )
    name = "huber"
    formula = "d**2 / 2 if abs(d) <= delta else delta * (abs(d) - delta / 2)"
    derivative = "d if abs(d) <= delta else delta * sign(d)"
    where = "d = z - y"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        difference = logits - targets
        grad = np.clip(difference, -self.delta, self.delta)
        difference -= 0.5 * grad
        if weights is not None:
            return weighted(grad * difference, grad, weights)
        loss = float(np.vdot(grad, difference)) / grad.size
        grad /= grad.size
        return loss, grad


class LogCosh(Loss):
    """Squared error near zero, absolute error far away, smooth everywhere.

    mean(log cosh(z − y)), computed as |d| + log(1 + exp(−2 |d|)) − log 2, which never overflows;
    ∂/∂z = tanh(d) / size.
    """

    name = "log_cosh"
    formula = "log(cosh(z - y))"
    derivative = "tanh(z - y)"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        grad = logits - targets
        each = np.abs(grad)
        if weights is not None:
            each += np.log1p(np.exp(-2.0 * each)) - log(2.0)
            return weighted(each, np.tanh(grad), weights)
        total = float(each.sum())
        each *= -2.0
        total += float(np.log1p(np.exp(each, out=each)).sum())
        np.tanh(grad, out=grad)
        grad /= grad.size
        return total / grad.size - log(2.0), grad
