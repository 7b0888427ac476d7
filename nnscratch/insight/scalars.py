"""A network rebuilt from scalars, with the same weights: the second opinion on every gradient.

Nothing of `nn`'s arithmetic is used: the formulas that its classes state are computed one number at
a time, and the derivatives are the autograd engine's.
"""

from functools import partial, reduce
from math import pi
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.autograd import Value
from nnscratch.insight.expressions import compute
from nnscratch.model.operation import (
    Activate,
    Dense,
    EmbedNumbers,
    EncodePieces,
    Normalize,
    ScaleInputs,
)
from nnscratch.model.operations import layer_operations
from nnscratch.nn.activations import ACTIVATIONS, Activation
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Targets
from nnscratch.nn.registry import describe

# An array whose elements are Values; NumPy adds and multiplies them one by one.
Values = NDArray[Any]


class Weight(Value):
    """A Value that a network learns."""

    __slots__ = ()


class ScalarNetwork:
    """A network whose every weight is a `Value`.

    Args:
        network: The network to rebuild as it is in inference: without dropout, and with the
            averages of batch normalization.

    Attributes:
        params: Arrays of Values with the names and shapes of the network's own.
    """

    def __init__(self, network: Network) -> None:
        self._loss = network.loss
        self._operations = layer_operations(network)
        params = network.params.items()
        self.params = {name: as_values(array, name, Weight) for name, array in params}

    def logits(self, x: Values) -> Values:
        """Returns the logits (rows, outputs) for x (rows, inputs)."""
        for operation in self._operations:
            match operation:
                case EmbedNumbers():
                    x = self._embed(x, operation)
                case EncodePieces():
                    x = np.hstack([x, _encode(x, operation)])
                case ScaleInputs(name=name):
                    x = x * self.params[f"{name}.scale"]
                case Dense(name=name):
                    x = self._plus(x @ self.params[f"{name}.kernel"], f"{name}.bias")
                case Normalize():
                    x = self._normalize(x, operation)
                case Activate(function=function):
                    x = np.asarray(np.frompyfunc(partial(_activate, function), 1, 1)(x))
        return x

    def loss(self, logits: Values, y: Targets) -> Value:
        """Returns the mean loss of logits (rows, outputs)."""
        return scalar_loss(self._loss, logits, y)

    def _plus(self, x: Values, name: str) -> Values:
        return x + self.params[name] if name in self.params else x

    def _embed(self, x: Values, embedding: EmbedNumbers) -> Values:
        f, phases, kernel, bias = (
            self.params[f"{embedding.name}.{key}"]
            for key in ("frequencies", "phases", "kernel", "bias")
        )
        cosine = np.frompyfunc(Value.cos, 1, 1)
        embedded = [
            cosine(x[:, [column]] * f[i] * (2.0 * pi) + phases[i]) @ kernel[i] + bias[i]
            for i, column in enumerate(embedding.columns)
        ]
        return np.hstack([x, *embedded])

    def _normalize(self, x: Values, norm: Normalize) -> Values:
        deviation = np.sqrt(norm.variance.astype(np.float64) + norm.epsilon)
        x = (x - norm.mean.astype(np.float64)) / deviation
        return self._plus(x * self.params[f"{norm.name}.gamma"], f"{norm.name}.beta")


def as_values(array: NDArray[Any], name: str, kind: type[Value] = Value) -> Values:
    """Returns numbers as Values of a kind, labelled `name[0, 1]` by their place."""
    values = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        label = f"{name}[{', '.join(map(str, place))}]"
        values[place] = kind(float(array[place]), label=label)
    return values


def _encode(x: Values, pieces: EncodePieces) -> Values:
    fixed = [part.astype(np.float64) for part in (pieces.lower, pieces.upper, pieces.mean)]
    return np.asarray(np.frompyfunc(_passed, 4, 1)(x[:, list(pieces.columns)], *fixed))


def _passed(x: Any, a: float, b: float, m: float) -> Any:
    """Returns (min(max(x, a), b) − a) / (b − a) − m as a difference of two ramps."""
    return compute("(max(x - a, 0) - max(x - b, 0)) / (b - a) - m", x=x, a=a, b=b, m=m)


def _activate(function: Activation, z: Value) -> Value:
    settings = describe(ACTIVATIONS, function)
    value = compute(function.formula, function.where, **{**settings, "z": z})
    return value if isinstance(value, Value) else Value(value)


def scalar_loss(loss: Loss, logits: Values, y: Targets) -> Value:
    """Returns the mean loss of logits (rows, outputs), as `loss` defines it."""
    settings = describe(LOSSES, loss)
    # Where targets are classes, a row's logits belong together.
    units = list(logits if loss.takes_indices else logits.reshape(-1))
    pairs = [*zip(units, y.reshape(-1).tolist(), strict=True)]
    total = reduce(add, (_loss_of_one(loss, settings, z, target) for z, target in pairs))
    return total if len(pairs) == 1 else total * (1.0 / len(pairs))


def _loss_of_one(loss: Loss, settings: dict[str, Any], z: Any, target: Any) -> Value:
    """Returns the loss of one output z, or of a row of them where targets are class indices."""
    y: Any = np.eye(len(z))[target] if loss.takes_indices else target
    smoothing = settings.get("label_smoothing", 0.0)
    if smoothing:
        y = y * (1.0 - smoothing) + smoothing / (len(z) if loss.takes_indices else 2)
    if not loss.takes_indices:
        y = Value(y, label="y")
    value: Value = compute(loss.formula, loss.where, **{**settings, "z": z, "y": y})
    weights = settings.get("class_weight")
    if not weights:
        return value
    if loss.takes_indices:
        return value * float(weights[target])
    return value * float(weights[0] + target * (weights[1] - weights[0]))
