"""What all losses have in common."""

from abc import ABC, abstractmethod
from typing import ClassVar

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
    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        """Returns the batch's mean loss and its gradient, a new array of the logits' shape."""

    def predict(self, logits: Array) -> Array:
        """Returns the implied output activation of the logits, in a new array."""
        return logits.copy()
