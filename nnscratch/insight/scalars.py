"""A network rebuilt from scalars, with the same weights: the second opinion on every gradient.

Nothing of `nn`'s mathematics is used: each formula is written once more, for one number at a time,
and the derivatives are the autograd engine's.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from math import log, pi, sqrt
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.autograd import Value
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.layers import ActivationLayer, Dense
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
        network: What is rebuilt, as it is in inference: without dropout, and batch normalization
            by the averages that it noted.

    Attributes:
        params: Arrays of Values with the names and shapes of the network's own.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        params = network.params.items()
        self.params = {name: as_values(array, name, Weight) for name, array in params}

    def logits(self, x: Values) -> Values:
        """Returns the logits (rows, outputs) for x (rows, inputs)."""
        for name, layer in self._network.layers.items():
            match layer:
                case Dense():
                    x = self._plus(x @ self.params[f"{name}.kernel"], f"{name}.bias")
                case BatchNorm():
                    x = self._normalize(x, name, layer)
                case ActivationLayer():
                    settings = describe(ACTIVATIONS, layer.function)
                    function = _ACTIVATIONS[settings.pop("name")]
                    x = np.asarray(np.frompyfunc(partial(function, **settings), 1, 1)(x))
        return x

    def loss(self, logits: Values, y: Targets) -> Value:
        """Returns the mean loss of logits (rows, outputs)."""
        return scalar_loss(self._network.loss, logits, y)

    def _plus(self, x: Values, name: str) -> Values:
        return x + self.params[name] if name in self.params else x

    def _normalize(self, x: Values, name: str, layer: BatchNorm) -> Values:
        deviation = np.sqrt(layer.variance.astype(np.float64) + layer.settings.epsilon)
        x = (x - layer.mean.astype(np.float64)) / deviation
        return self._plus(x * self.params[f"{name}.gamma"], f"{name}.beta")


def as_values(array: NDArray[Any], name: str, kind: type[Value] = Value) -> Values:
    """Returns numbers as Values of a kind, labelled `name[0, 1]` by their place."""
    values = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        label = f"{name}[{', '.join(map(str, place))}]"
        values[place] = kind(float(array[place]), label=label)
    return values


def scalar_loss(loss: Loss, logits: Values, y: Targets) -> Value:
    """Returns the mean loss of logits (rows, outputs), as `loss` defines it."""
    settings = describe(LOSSES, loss)
    function = _LOSSES[settings.pop("name")]
    # Where targets are classes, a row's logits belong together.
    units = list(logits if loss.takes_indices else logits.reshape(-1))
    pairs = [*zip(units, y.reshape(-1).tolist(), strict=True)]
    total = _total(function(z, target, **settings) for z, target in pairs)
    return total if len(pairs) == 1 else total * (1.0 / len(pairs))


def _total(values: Iterable[Any]) -> Value:
    total: Value = reduce(add, values)
    return total


def _known(target: float) -> Value:
    return Value(target, label="y")


def _softplus(z: Value) -> Value:
    if z.data > 0.0:
        return z + ((-z).exp() + 1.0).log()
    return (z.exp() + 1.0).log()


def _absolute(z: Value) -> Value:
    return z.relu() + (-z).relu()


def _gelu(z: Value) -> Value:
    return 0.5 * z * (1.0 + (sqrt(2.0 / pi) * (z + 0.044715 * z**3)).tanh())


def _elu(z: Value, alpha: float) -> Value:
    return z.relu() if z.data > 0.0 else alpha * (z.exp() - 1.0)


def _leaky_relu(z: Value, negative_slope: float) -> Value:
    return z if z.data > 0.0 else z * negative_slope


# The arguments have the names that the registries give them.
_ACTIVATIONS: dict[str, Callable[..., Value]] = {
    "linear": lambda z: z,
    "relu": lambda z: z.relu(),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "gelu": _gelu,
    "silu": lambda z: z * z.sigmoid(),
    "softplus": _softplus,
    "sigmoid": lambda z: z.sigmoid(),
    "tanh": lambda z: z.tanh(),
}


def _cross_entropy(
    row: Values, target: int, label_smoothing: float, class_weight: Sequence[float] | None
) -> Value:
    largest = Value(max(z.data for z in row), label="largest z")
    total = _total((z - largest).exp() for z in row).log() + largest
    right: Value = row[target]
    if label_smoothing:
        share = label_smoothing / len(row)
        right = right * (1.0 - label_smoothing) + _total(row) * share
    loss = total - right
    return loss * class_weight[target] if class_weight else loss


def _binary_cross_entropy(
    z: Value, y: float, label_smoothing: float, class_weight: Sequence[float] | None
) -> Value:
    smooth = _known(y * (1.0 - label_smoothing) + 0.5 * label_smoothing)
    loss = _softplus(z) - z * smooth
    if not class_weight:
        return loss
    zero, one = class_weight
    return loss * (zero + y * (one - zero))


def _huber(z: Value, y: float, delta: float) -> Value:
    distance = _absolute(z - _known(y))
    if distance.data <= delta:
        return distance**2 * 0.5
    return (distance - 0.5 * delta) * delta


def _log_cosh(z: Value, y: float) -> Value:
    distance = _absolute(z - _known(y))
    return distance + (((-2.0) * distance).exp() + 1.0).log() - log(2.0)


_LOSSES: dict[str, Callable[..., Value]] = {
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy": _binary_cross_entropy,
    "hinge": lambda z, y: (1.0 - z * _known(y)).relu(),
    "mean_squared_error": lambda z, y: (z - _known(y)) ** 2,
    "mean_absolute_error": lambda z, y: _absolute(z - _known(y)),
    "huber": _huber,
    "log_cosh": _log_cosh,
}
