"""Activations shaped like an S, which level off on both sides."""

import numpy as np

from nnscratch.nn.activations.base import Activation, sigmoid
from nnscratch.nn.parameters import Array


class Sigmoid(Activation):
    """Squeezes z into 0 to 1, steepest at zero."""

    name = "sigmoid"
    aliases = ("logistic",)
    formula = "1 / (1 + exp(-z))"
    derivative = "a * (1 - a)"
    bounds = (0.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        sigmoid(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= output
        grad *= 1.0 - output


class HardSigmoid(Activation):
    """A sigmoid of three straight lines, cheap to compute. Courbariaux et al. 2015."""

    name = "hard_sigmoid"
    formula = "min(max(z + 3, 0), 6) / 6"
    derivative = "1 / 6 if abs(z) < 3 else 0"
    bounds = (0.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        np.add(z, 3.0, out=out)
        np.clip(out, 0.0, 6.0, out=out)
        out /= 6.0

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= (np.abs(z) < 3.0).astype(z.dtype)
        grad /= 6.0


class Tanh(Activation):
    """Squeezes z into -1 to 1, steepest at zero."""

    name = "tanh"
    formula = "tanh(z)"
    derivative = "1 - a**2"
    bounds = (-1.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        np.tanh(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= 1.0 - output * output


class Softsign(Activation):
    """Squeezes z into -1 to 1 like tanh, but slowly. Bergstra et al. 2009."""

    name = "softsign"
    formula = "z / (1 + abs(z))"
    derivative = "1 / (1 + abs(z))**2"
    bounds = (-1.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        np.abs(z, out=out)
        out += 1.0
        np.divide(z, out, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        spread = np.abs(z)
        spread += 1.0
        spread *= spread
        grad /= spread
