"""Target encoding: targets on their way into a loss, and outputs on their way back.

A class reaches a loss as its index (cross_entropy), as one number (binary_cross_entropy, and
regression losses for two classes) or as one number for each class, one-hot. Numbers 0 and 1 under
binary_cross_entropy are labels, each of which a row has or does not have.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Label
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_transform import NO_TRANSFORM, TargetTransform
from nnscratch.nn.losses import Loss
from nnscratch.nn.metrics import (
    BinaryAccuracy,
    CategoricalAccuracy,
    MeanAbsolute,
    Metric,
    TransformedMeanAbsolute,
)
from nnscratch.nn.parameters import Array


@dataclass(frozen=True, eq=False)
class TargetEncoding:
    """How the targets of one data set are encoded for one loss.

    Attributes:
        loss: The loss that the network is trained with.
        classes: The classes, or None for numbers.
        numbers: How many numbers a row's target has, where it is numbers.
        codes: The numbers for "not this class" and "this class", where the loss takes any number.
        scaling: Of a target's numbers; the loss sees them scaled.
        names: The names of a target's numbers, if they have names.
        transform: Of a target's numbers, before they are scaled.
    """

    loss: Loss
    classes: tuple[Label, ...] | None
    numbers: int = 1
    codes: tuple[float, float] = (0.0, 1.0)
    scaling: Scaling = field(default_factory=lambda: Scaling.identity(1))
    names: tuple[str, ...] = ()
    transform: TargetTransform = NO_TRANSFORM

    @property
    def multi_label(self) -> bool:
        """Whether each output is a label of its own, which a row has or does not have."""
        return self.classes is None and self.probabilities

    @property
    def target_names(self) -> tuple[str, ...]:
        """The names of a target's numbers: 1, 2 and so on where they have none."""
        return self.names or tuple(str(i) for i in range(1, self.numbers + 1))

    @property
    def output_names(self) -> tuple[Label, ...]:
        """The class, label or number of each output; a single output for classes is the second."""
        return (self.classes or self.target_names)[-self.outputs :]

    @property
    def outputs(self) -> int:
        """The width of the network's output."""
        if self.classes is None:
            return self.numbers
        return 1 if len(self.classes) == 2 and not self.loss.takes_indices else len(self.classes)

    @property
    def probabilities(self) -> bool:
        """Whether the network's outputs are probabilities, of classes or labels."""
        return self.loss.output_activation != "linear"

    @property
    def threshold(self) -> float:
        """The output above which a single output means the second class, or a row has a label."""
        return sum(self._codes) / 2

    def encode(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Returns what the loss takes for class indices (rows,) or numbers (rows, outputs)."""
        if self.classes is None:
            # `Scaling.apply` multiplies by the factor instead, which may differ in the last bit;
            # the weights of a run depend on that bit.
            numbers = self.transform.apply(targets)
            scaled: NDArray[Any] = (numbers - self.scaling.shift) / self.scaling.unit
            return scaled
        if self.loss.takes_indices:
            return targets
        is_class = targets[:, np.newaxis] == np.arange(len(self.classes))
        coded: NDArray[Any] = np.array(self._codes).take(is_class.astype(np.intp))
        return coded[:, 1:] if self.outputs == 1 else coded

    def decode(self, outputs: Array) -> NDArray[Any]:
        """Returns class indices (rows,), numbers (rows, outputs), or 0 and 1 for labels.

        Args:
            outputs: (rows, outputs), as `Network.predict` returns them.
        """
        if self.multi_label:
            return (outputs > self.threshold).astype(np.intp)
        if self.classes is None:
            return self.transform.invert(self.scaling.invert(outputs))
        if self.outputs == 1:
            return (outputs[:, 0] > self.threshold).astype(np.intp)
        return np.asarray(outputs.argmax(axis=1))

    def to_labels(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Returns the classes (rows,) of class indices (rows,); numbers as they are."""
        if self.classes is None:
            return targets.astype(np.intp) if self.multi_label else targets
        return np.array(self.classes, dtype=object).take(targets)

    def to_probabilities(self, outputs: Array) -> Array:
        """Returns a column for each class or label; a single output is the second class's."""
        if self.classes is None or self.outputs > 1:
            return outputs
        return np.hstack([1.0 - outputs, outputs])

    def confidence(self, outputs: Array) -> Array:
        """Returns how certain each row's class is, (rows,): its probability.

        Where outputs are no probabilities, it is the distance from the threshold for a single
        output, and the largest output otherwise.
        """
        if not self.probabilities and self.outputs == 1:
            distance: Array = np.abs(outputs[:, 0] - self.threshold)
            return distance
        largest: Array = self.to_probabilities(outputs).max(axis=1)
        return largest

    def metric(self) -> Metric:
        """Returns the metric that is reported beside the loss."""
        if self.classes is None:
            if self.multi_label:
                return BinaryAccuracy()
            unit = tuple(self.scaling.unit.tolist())
            if self.transform is NO_TRANSFORM:
                return MeanAbsolute(unit)
            shift = tuple(self.scaling.shift.tolist())
            return TransformedMeanAbsolute(unit, shift, self.transform.invert)
        if self.outputs > 1:
            return CategoricalAccuracy()
        # A logit of 0 is a probability of one half.
        logit = 0.0 if self.probabilities else self.threshold
        return BinaryAccuracy(logit, target_threshold=self.threshold)

    @property
    def _codes(self) -> tuple[float, float]:
        """The numbers that the loss gets for "not this class" and "this class"."""
        return (0.0, 1.0) if self.probabilities else self.loss.codes or self.codes
