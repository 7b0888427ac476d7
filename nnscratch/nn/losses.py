"""Losses: each takes the network's logits and the targets and returns (loss, gradient).

The gradient is ∂loss/∂logits. A loss that implies an output activation (sigmoid, softmax) joins
the two in one stable formula, so no loss overflows and none takes the logarithm of zero.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
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


@dataclass(frozen=True)
class Loss(ABC):
    """A number to make small, and its gradient.

    `output_activation` names what turns logits into predictions: sigmoid, softmax or linear;
    `takes_indices` says that targets are class indices (batch,), not numbers (batch, outputs);
    `codes` are the only numbers that targets may be, for "not this class" and "this class".
    """

    output_activation: ClassVar[str] = "linear"
    takes_indices: ClassVar[bool] = False
    codes: ClassVar[tuple[float, float] | None] = None

    @abstractmethod
    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        """Returns the batch's mean loss and its gradient, a new array of the logits' shape."""

    def predict(self, logits: Array) -> Array:
        """Returns the implied output activation of the logits, in a new array."""
        return logits.copy()


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """−mean(w (y log p + (1 − y) log(1 − p))), p = σ(z); targets (batch, outputs) from 0 to 1.

    Computed as max(z, 0) − y z + log(1 + exp(−|z|)), which is the same and never takes log 0;
    ∂/∂z = w (p − y) / size.

    Args:
        label_smoothing: ε, from 0 to 1: y becomes (1 − ε) y + ε/2. Szegedy et al. 2016.
        class_weight: w where y is 0, and where y is 1; 1 unless given.
    """

    label_smoothing: float = 0.0
    class_weight: Sequence[float] | None = None
    output_activation = "sigmoid"

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        smooth = targets
        if self.label_smoothing:
            smooth = targets * (1.0 - self.label_smoothing) + 0.5 * self.label_smoothing
        rest = np.log1p(np.exp(-np.abs(logits)))
        # In this order, because softplus would round away what a right and sure logit leaves.
        each = np.maximum(logits, 0.0)
        each -= smooth * logits
        each += rest
        grad = np.minimum(logits, 0.0)
        grad -= rest
        np.exp(grad, out=grad)
        grad -= smooth
        grad /= grad.size
        if self.class_weight is not None:
            zero, one = self.class_weight
            weights = targets * (one - zero) + zero
            each *= weights
            grad *= weights
        return float(each.sum()) / each.size, grad

    def predict(self, logits: Array) -> Array:
        return sigmoid(logits)


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """−mean(w_y log p_y), p = softmax(z); logits (batch, classes), targets (batch,) class indices.

    Computed as log Σ exp(z) − z_y with the largest logit taken off first;
    ∂/∂z = w_y (p − one-hot(y)) / batch.

    Args:
        label_smoothing: ε, from 0 to 1: one-hot(y) becomes (1 − ε) one-hot(y) + ε / classes, in
            the loss as in the gradient. Szegedy et al. 2016, section 7.
        class_weight: w, a number for each class; 1 unless given.
    """

    label_smoothing: float = 0.0
    class_weight: Sequence[float] | None = None
    output_activation = "softmax"
    takes_indices = True

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        rows, smoothing = np.arange(len(logits)), self.label_smoothing
        # One class after the other: a sum over the few columns of each row takes twice as long.
        shifted = logits.T.copy()
        shifted -= shifted.max(axis=0)
        chosen = shifted[targets, rows]
        if smoothing:
            chosen *= 1.0 - smoothing
            chosen += smoothing * shifted.mean(axis=0)
        grad = np.exp(shifted, out=shifted)
        totals = grad.sum(axis=0)
        grad /= totals
        grad[targets, rows] -= 1.0 - smoothing
        if smoothing:
            grad -= smoothing / len(grad)
        grad *= 1.0 / len(logits)
        logs = np.log(totals)
        if self.class_weight is not None:
            weights = np.asarray(self.class_weight, logits.dtype).take(targets)
            logs *= weights
            chosen *= weights
            grad *= weights
        return (float(logs.sum()) - float(chosen.sum())) / len(logits), grad.T

    def predict(self, logits: Array) -> Array:
        return softmax(logits)


class Hinge(Loss):
    """mean(max(0, 1 − y z)); targets −1 or 1, for three or more classes one output each.

    ∂/∂z = −y / size where y z < 1, else 0. Cortes & Vapnik 1995.
    """

    codes = (-1.0, 1.0)

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        short = 1.0 - targets * logits
        np.maximum(short, 0.0, out=short)
        grad = np.where(short > 0.0, -targets, np.zeros((), logits.dtype))
        grad /= grad.size
        return float(short.sum()) / short.size, grad


class MeanSquaredError(Loss):
    """mean((z − y)²) over batch and outputs; ∂/∂z = 2 (z − y) / size."""

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        grad = logits - targets
        loss = float(np.vdot(grad, grad)) / grad.size
        grad *= 2.0 / grad.size
        return loss, grad


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
    "hinge": Hinge,
    "mean_squared_error": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "huber": Huber,
    "log_cosh": LogCosh,
}
