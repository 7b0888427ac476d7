"""Losses: each takes the network's logits and the targets and returns (loss, gradient).

The gradient is ∂loss/∂logits. A loss that implies an output activation (sigmoid, softmax) joins
the two in one stable formula, so no loss overflows and none takes the logarithm of zero.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import log
from typing import ClassVar

import numpy as np

from nnscratch.nn.activations import sigmoid
from nnscratch.nn.parameters import Array, Targets


def softmax(logits: Array) -> Array:
    """exp(z_k) / Σ_j exp(z_j) along each row, without overflow; (batch, classes)."""
    out: Array = logits - logits.max(axis=1, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis=1, keepdims=True)
    return out


class Loss(ABC):
    """A number to make small, and its gradient.

    `output_activation` names what turns logits into predictions: sigmoid, softmax or linear;
    `takes_indices` says that targets are class indices (batch,), not numbers (batch, outputs).
    """

    output_activation: ClassVar[str] = "linear"
    takes_indices: ClassVar[bool] = False

    @abstractmethod
    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        """Returns the batch's mean loss and its gradient, a new array of the logits' shape."""

    def predict(self, logits: Array) -> Array:
        """Returns the implied output activation of the logits, in a new array."""
        return logits.copy()


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """−mean(y log p + (1 − y) log(1 − p)), p = σ(z); targets (batch, outputs) from 0 to 1.

    Computed as max(z, 0) − y z + log(1 + exp(−|z|)), which is the same and never takes log 0;
    ∂/∂z = (p − y) / size.
    """

    output_activation = "sigmoid"

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        # In this order, because softplus would round away what a right and sure logit leaves.
        each = np.maximum(logits, 0.0)
        each -= targets * logits
        each += np.log1p(np.exp(-np.abs(logits)))
        grad = sigmoid(logits)
        grad -= targets
        grad /= grad.size
        return float(each.sum()) / each.size, grad

    def predict(self, logits: Array) -> Array:
        return sigmoid(logits)


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """−mean(log p_y), p = softmax(z); logits (batch, classes), targets (batch,) class indices.

    Computed as log Σ exp(z) − z_y with the largest logit taken off first;
    ∂/∂z = (p − one-hot(y)) / batch.
    """

    output_activation = "softmax"
    takes_indices = True

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        rows = np.arange(len(logits))
        shifted = logits - logits.max(axis=1, keepdims=True)
        chosen = shifted[rows, targets]
        grad = np.exp(shifted, out=shifted)
        totals = grad.sum(axis=1, keepdims=True)
        loss = (float(np.log(totals).sum()) - float(chosen.sum())) / len(logits)
        grad /= totals
        grad[rows, targets] -= 1.0
        grad /= len(logits)
        return loss, grad

    def predict(self, logits: Array) -> Array:
        return softmax(logits)


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """mean((z − y)²) over batch and outputs; ∂/∂z = 2 (z − y) / size."""

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        grad = logits - targets
        loss = float(np.vdot(grad, grad)) / grad.size
        grad *= 2.0 / grad.size
        return loss, grad


@dataclass(frozen=True)
class MeanAbsoluteError(Loss):
    """mean(|z − y|) over batch and outputs; ∂/∂z = sign(z − y) / size, 0 where they are equal."""

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        grad = logits - targets
        loss = float(np.abs(grad).sum()) / grad.size
        np.sign(grad, out=grad)
        grad /= grad.size
        return loss, grad


@dataclass(frozen=True)
class Huber(Loss):
    """mean(h(z − y)): h(d) = d²/2 where |d| ≤ δ, else δ (|d| − δ/2). Huber 1964.

    With c = d clipped to [−δ, δ], h(d) = c (d − c/2) and ∂/∂z = c / size.

    Args:
        delta: δ, above 0, in the targets' units.
    """

    delta: float = 1.0

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        difference = logits - targets
        grad = np.clip(difference, -self.delta, self.delta)
        difference -= 0.5 * grad
        loss = float(np.vdot(grad, difference)) / grad.size
        grad /= grad.size
        return loss, grad


@dataclass(frozen=True)
class LogCosh(Loss):
    """mean(log cosh(z − y)): squared near zero, absolute far away, smooth everywhere.

    Computed as |d| + log(1 + exp(−2 |d|)) − log 2, which never overflows; ∂/∂z = tanh(d) / size.
    """

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        grad = logits - targets
        each = np.abs(grad)
        total = float(each.sum())
        each *= -2.0
        total += float(np.log1p(np.exp(each, out=each)).sum())
        np.tanh(grad, out=grad)
        grad /= grad.size
        return total / grad.size - log(2.0), grad


LOSSES: dict[str, type[Loss]] = {
    "binary_cross_entropy": BinaryCrossEntropy,
    "cross_entropy": CrossEntropy,
    "mean_squared_error": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "huber": Huber,
    "log_cosh": LogCosh,
}
