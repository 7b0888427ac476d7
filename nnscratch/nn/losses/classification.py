"""Losses of classes."""

from collections.abc import Sequence
from math import inf
from numbers import Real

import numpy as np

from nnscratch.nn.activations.base import sigmoid
from nnscratch.nn.losses.base import Loss, shares_of, weighted
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import with_settings


def softmax(logits: Array) -> Array:
    """exp(z_k) / Σ_j exp(z_j) along each row, without overflow; (batch, classes)."""
    out: Array = logits - logits.max(axis=1, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis=1, keepdims=True)
    return out


@with_settings
class _WeightedLoss(Loss):
    """A loss whose targets may be smoothed and whose classes may be weighted.

    Args:
        label_smoothing: ε, from 0 to 1.
        class_weight: w, a number of at least 0 for each class; 1 unless given.
    """

    label_smoothing: float = 0.0
    class_weight: Sequence[float] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        smoothing, weights = self.label_smoothing, self.class_weight
        if not (isinstance(smoothing, Real) and 0 <= smoothing <= 1):
            raise ValueError(f"`label_smoothing` must be from 0 to 1; got {smoothing!r}.")
        if weights is not None and not all(isinstance(w, Real) and 0 <= w < inf for w in weights):
            raise ValueError(f"`class_weight` must be numbers of at least 0; got {weights!r}.")


@with_settings
class BinaryCrossEntropy(_WeightedLoss):
    """Cross-entropy of independent yes-or-no outputs; their activation is a sigmoid.

    −mean(w (y log p + (1 − y) log(1 − p))), p = σ(z); targets (batch, outputs) from 0 to 1.
    Computed as max(z, 0) − y z + log(1 + exp(−|z|)), which is the same and never takes log 0;
    ∂/∂z = w (p − y) / size.

    Args:
        label_smoothing: ε, from 0 to 1: y becomes (1 − ε) y + ε/2. Szegedy et al. 2016.
        class_weight: w where y is 0, and where y is 1; 1 unless given.
    """

    name = "binary_cross_entropy"
    aliases = ("bce", "binary_crossentropy")
    formula = "-y * log(p) - (1 - y) * log(1 - p)"
    derivative = "p - y"
    where = "p = sigmoid(z)"
    output_activation = "sigmoid"

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
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
        if weights is None:
            grad /= grad.size
        if self.class_weight is not None:
            zero, one = self.class_weight
            of_classes = targets * (one - zero) + zero
            each *= of_classes
            grad *= of_classes
        if weights is not None:
            return weighted(each, grad, weights)
        return float(each.sum()) / each.size, grad

    def predict(self, logits: Array) -> Array:
        return sigmoid(logits)


@with_settings
class CrossEntropy(_WeightedLoss):
    """Cross-entropy of classes that exclude each other; the output activation is softmax.

    −mean(w_y log p_y), p = softmax(z); logits (batch, classes), targets (batch,) class indices.
    Computed as log Σ exp(z) − z_y with the largest logit taken off first;
    ∂/∂z = w_y (p − one-hot(y)) / batch.

    Args:
        label_smoothing: ε, from 0 to 1: one-hot(y) becomes (1 − ε) one-hot(y) + ε / classes, in
            the loss as in the gradient. Szegedy et al. 2016, section 7.
        class_weight: w, a number for each class; 1 unless given.
    """

    name = "cross_entropy"
    aliases = ("categorical_crossentropy", "sparse_categorical_crossentropy")
    formula = "-sum(y * log(p))"
    derivative = "p - y"
    where = "p = softmax(z)"
    output_activation = "softmax"
    takes_indices = True

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
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
        if weights is None:
            grad *= 1.0 / len(logits)
        logs = np.log(totals)
        if self.class_weight is not None:
            of_classes = np.asarray(self.class_weight, logits.dtype).take(targets)
            logs *= of_classes
            chosen *= of_classes
            grad *= of_classes
        if weights is not None:
            shares = shares_of(weights)
            grad *= shares
            return float(np.dot(shares, logs - chosen)), grad.T
        return (float(logs.sum()) - float(chosen.sum())) / len(logits), grad.T

    def predict(self, logits: Array) -> Array:
        return softmax(logits)


class Hinge(Loss):
    """Distance to the right side of a margin, for classes coded as -1 and 1. Cortes & Vapnik 1995.

    mean(max(1 − y z, 0)); three or more classes have one output each. ∂/∂z = −y / size where
    y z < 1, else 0.
    """

    name = "hinge"
    formula = "max(1 - y * z, 0)"
    derivative = "-y if y * z < 1 else 0"
    codes = (-1.0, 1.0)

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        short = 1.0 - targets * logits
        np.maximum(short, 0.0, out=short)
        grad = np.where(short > 0.0, -targets, np.zeros((), logits.dtype))
        if weights is not None:
            return weighted(short, grad, weights)
        grad /= grad.size
        return float(short.sum()) / short.size, grad
