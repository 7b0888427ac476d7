"""Losses by name: each takes the network's logits and the targets and returns (loss, gradient).

The gradient is ∂loss/∂logits. A loss that implies an output activation (sigmoid, softmax) joins
the two in one stable formula, so no loss overflows and none takes the logarithm of zero.
"""

from nnscratch.nn.losses.base import Loss
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy, Hinge
from nnscratch.nn.losses.regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError
from nnscratch.nn.registry import components, import_modules

__all__ = [
    "LOSSES",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Hinge",
    "Huber",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
]

import_modules(__name__, __path__)
LOSSES = components(Loss)
