"""Targets on their way into a loss, and outputs on their way back to classes or numbers.

A class can reach a loss as its index (cross_entropy), as one number (binary_cross_entropy, and any
loss of plain numbers for two classes) or as one number for each class, one-hot. Numbers 0 and 1
under binary_cross_entropy are labels, each of which a row has or has not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Label
from nnscratch.nn.losses import Loss
from nnscratch.nn.metrics import BinaryAccuracy, CategoricalAccuracy, MeanAbsolute, Metric
from nnscratch.nn.parameters import Array


@dataclass(frozen=True)
class Encoding:
    """How the targets of one data set and one loss belong together.

    Attributes:
        loss: What the network is trained with.
        classes: The labels, or None for numbers.
        numbers: How many numbers a row's target has, where it is numbers.
        codes: The numbers for "not this class" and "this class", where the loss takes any number.
        shift: One for each number of a target, which the loss sees as (y − shift) / scale.
        scale: Likewise.
        names: What the numbers of a target are called, if they have names.
    """

    loss: Loss
    classes: tuple[Label, ...] | None
    numbers: int = 1
    codes: tuple[float, float] = (0.0, 1.0)
    shift: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)
    names: tuple[str, ...] = ()

    @property
    def multi_label(self) -> bool:
        """Whether each output says of a label of its own whether a row has it."""
        return self.classes is None and self.probabilities

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the numbers of a target are called: 1, 2 and so on, if they have no names."""
        return self.names or tuple(str(i) for i in range(1, self.numbers + 1))

    @property
    def names_of_outputs(self) -> tuple[Label, ...]:
        """What each output is: a class or a label; two classes have one, which is the second's."""
        return (self.classes or self.output_names)[-self.outputs :]

    @property
    def outputs(self) -> int:
        """The width of the network's output."""
        if self.classes is None:
            return self.numbers
        return 1 if len(self.classes) == 2 and not self.loss.takes_indices else len(self.classes)

    @property
    def probabilities(self) -> bool:
        """Whether the network's predictions are probabilities, of classes or labels."""
        return self.loss.output_activation != "linear"

    def encode(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Returns what the loss takes for class indices (rows,) or numbers (rows, outputs)."""
        if self.classes is None:
            scaled: NDArray[Any] = (targets - np.array(self.shift)) / np.array(self.scale)
            return scaled
        if self.loss.takes_indices:
            return targets
        is_class = targets[:, np.newaxis] == np.arange(len(self.classes))
        coded: NDArray[Any] = np.array(self._codes).take(is_class.astype(np.intp))
        return coded[:, 1:] if self.outputs == 1 else coded

    def decide(self, predictions: Array) -> NDArray[Any]:
        """Returns the class indices (rows,) that predictions (rows, outputs) favour; or numbers."""
        if self.multi_label:
            has: NDArray[np.bool_] = predictions > self._middle
            return has.astype(np.intp)
        if self.classes is None:
            numbers: Array = predictions * np.array(self.scale) + np.array(self.shift)
            return numbers
        if self.outputs == 1:
            second: NDArray[np.bool_] = predictions[:, 0] > self._middle
            return second.astype(np.intp)
        largest: NDArray[np.intp] = predictions.argmax(axis=1)
        return largest

    def labels(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Returns the labels (rows,) of class indices (rows,); numbers as they are."""
        if self.classes is None:
            return targets.astype(np.intp) if self.multi_label else targets
        labels: NDArray[Any] = np.array(self.classes, dtype=object)
        return labels.take(targets)

    def spread(self, predictions: Array) -> Array:
        """Returns a probability for each class or label; one output is the second class's."""
        if self.classes is None or self.outputs > 1:
            return predictions
        return np.hstack([1.0 - predictions, predictions])

    def confidence(self, predictions: Array) -> Array:
        """Returns how sure each row's class is, (rows,): its probability.

        Plain numbers are no probabilities; of one the distance from the border counts, of several
        the largest.
        """
        sure: Array = self.spread(predictions).max(axis=1)
        if not self.probabilities and self.outputs == 1:
            sure = np.abs(predictions[:, 0] - self._middle)
        return sure

    def metric(self) -> Metric:
        """Returns what to report beside the loss."""
        if self.classes is None:
            return BinaryAccuracy() if self.multi_label else MeanAbsolute(self.scale)
        if self.outputs > 1:
            return CategoricalAccuracy()
        # A logit of 0 is a probability of one half.
        threshold = 0.0 if self.probabilities else self._middle
        return BinaryAccuracy(threshold, target_threshold=self._middle)

    @property
    def _codes(self) -> tuple[float, float]:
        """The numbers for "not this class" and "this class" that the loss is given."""
        return (0.0, 1.0) if self.probabilities else self.loss.codes or self.codes

    @property
    def _middle(self) -> float:
        return sum(self._codes) / 2
