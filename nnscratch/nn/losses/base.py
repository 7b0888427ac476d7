"""What all losses have in common."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import Component


class Loss(Component, ABC):
    """A number to make small, and its gradient.

    Attributes:
        formula: The loss of one output z with target y, as Python would compute it with the
            functions of math; of a row of outputs and its one-hot target where `takes_indices`.
        derivative: Its derivative by z, likewise.
        where: What other letters of the two stand for: assignments, separated by semicolons.
        output_activation: What turns logits into predictions: sigmoid, softmax or linear.
        takes_indices: Whether targets are class indices (batch,), not numbers (batch, outputs).
        codes: The only numbers that targets may be, for "not this class" and "this class".
    """

    formula: ClassVar[str]
    derivative: ClassVar[str]
    where: ClassVar[str] = ""
    output_activation: ClassVar[str] = "linear"
    takes_indices: ClassVar[bool] = False
    codes: ClassVar[tuple[float, float] | None] = None

    @abstractmethod
    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        """Returns the batch's mean loss and its gradient, a new array of the logits' shape.

        Args:
            logits: (batch, outputs).
            targets: What they should be.
            weights: w (batch,), at least 0 and of the logits' dtype: how much each row counts.
                The mean of the rows' losses l is then Σ w l / Σ w, and 0 if no row counts.
        """

    def predict(self, logits: Array) -> Array:
        """Returns the implied output activation of the logits, in a new array."""
        return logits.copy()


def weighted(each: Array, grad: Array, weights: Array) -> tuple[float, Array]:
    """Returns Σ w l / Σ w, l being the mean over a row's outputs, and its gradient in `grad`.

    Args:
        each: The loss of each output (batch, outputs).
        grad: Its derivative by the output, likewise.
        weights: w (batch,).
    """
    shares = shares_of(weights)[:, np.newaxis]
    shares /= each.shape[1]
    grad *= shares
    return float(np.vdot(shares, each.sum(axis=1))), grad


def shares_of(weights: Array) -> Array:
    """Returns w / Σ w (batch,) in a new array; zeros if all are 0."""
    total = float(weights.sum())
    shares: Array = weights / total if total else np.zeros_like(weights)
    return shares
