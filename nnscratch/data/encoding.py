"""Targets on their way into a loss, and outputs on their way back to classes or numbers.

A class can reach a loss as its index (cross_entropy), as one number (binary_cross_entropy, and any
loss of plain numbers for two classes) or as one number for each class, one-hot.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Label
from nnscratch.nn.losses import Loss
from nnscratch.nn.metrics import BinaryAccuracy, CategoricalAccuracy, MeanAbsolute, Metric


@dataclass(frozen=True)
class Encoding:
    """How the targets of one data set and one loss belong together.

    Attributes:
        classes: The labels, or None for numbers.
        outputs: The width of the network's output.
        codes: The numbers for "not this class" and "this class", where the loss takes numbers.
        as_indices: Whether the loss takes class indices.
        probabilities: Whether the network's predictions are probabilities.
    """

    classes: tuple[Label, ...] | None
    outputs: int
    codes: tuple[float, float] = (0.0, 1.0)
    as_indices: bool = False
    probabilities: bool = False

    @classmethod
    def choose(
        cls,
        loss: Loss,
        classes: tuple[Label, ...] | None,
        numbers: int,
        codes: tuple[float, float],
    ) -> "Encoding":
        """Returns the encoding for a loss.

        Args:
            loss: What the network is trained with.
            classes: The labels, or None for numbers.
            numbers: How many numbers a row's target has, where it is numbers.
            codes: As in the data set; a cross-entropy takes 0 and 1 whatever they are.
        """
        if classes is None:
            return cls(None, numbers)
        probabilities = loss.output_activation != "linear"
        single = len(classes) == 2 and not loss.takes_indices
        return cls(
            classes,
            outputs=1 if single else len(classes),
            codes=(0.0, 1.0) if probabilities else codes,
            as_indices=loss.takes_indices,
            probabilities=probabilities,
        )

    def encode(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Returns what the loss takes for class indices (rows,) or numbers (rows, outputs)."""
        if self.classes is None or self.as_indices:
            return targets
        is_class = targets[:, np.newaxis] == np.arange(2 if self.outputs == 1 else self.outputs)
        coded: NDArray[Any] = np.array(self.codes).take(is_class.astype(np.intp))
        return coded[:, 1:] if self.outputs == 1 else coded

    def decide(self, predictions: NDArray[Any]) -> NDArray[Any]:
        """Returns the class indices (rows,) that predictions (rows, outputs) favour; or numbers."""
        if self.classes is None:
            return predictions
        if self.outputs == 1:
            second: NDArray[np.bool_] = predictions[:, 0] > sum(self.codes) / 2
            return second.astype(np.intp)
        largest: NDArray[np.intp] = predictions.argmax(axis=1)
        return largest

    def metric(self) -> Metric:
        """Returns what to report beside the loss."""
        if self.classes is None:
            return MeanAbsolute()
        if self.outputs > 1:
            return CategoricalAccuracy()
        middle = sum(self.codes) / 2
        return BinaryAccuracy(
            threshold=0.0 if self.probabilities else middle, target_threshold=middle
        )
