"""The base class of activations, the two simplest ones, and two functions that several share."""

from abc import ABC, abstractmethod
from math import inf
from typing import ClassVar

import numpy as np

from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import Component

# Below exp's overflow, and far enough that 1 / exp(limit) is no denormal; by bytes per number.
# As arrays they are taken in half the time of Python's numbers.
EXP_LIMIT = {4: np.array(87.0, np.float32), 8: np.array(708.0)}


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """σ(z) = 1 / (1 + exp(−z)), without overflow."""
    out = np.negative(z, out=out)
    np.minimum(out, EXP_LIMIT[out.itemsize], out=out)
    np.exp(out, out=out)
    out += 1.0
    return np.reciprocal(out, out=out)


def softplus(z: Array, out: Array | None = None) -> Array:
    """log(1 + exp(z)) = max(z, 0) + log(1 + exp(−|z|)), without overflow."""
    out = np.abs(z, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.maximum(z, 0.0)
    return out


class Activation(Component, ABC):
    """An elementwise function and its derivative.

    Attributes:
        formula: f(z), as Python would compute it with the functions of math; the settings have the
            names that they have here. `explain` prints it, and the scalar second opinion computes
            with it.
        derivative: f′(z), likewise; a is f(z).
        where: What other letters of the two stand for: assignments, separated by semicolons.
        initializer: What keeps the variance of the signal: He's for functions like max(z, 0),
            which halve the mean square of what comes in (He et al. 2015).
    """

    formula: ClassVar[str]
    derivative: ClassVar[str]
    where: ClassVar[str] = ""
    initializer: ClassVar[str] = "glorot_uniform"

    @property
    def bounds(self) -> tuple[float, float]:
        """The lower and the upper bound of f."""
        return -inf, inf

    @abstractmethod
    def forward(self, z: Array, out: Array) -> None:
        """Writes f(z) into `out`, an array of z's shape that is not z itself."""

    @abstractmethod
    def backward(self, z: Array, output: Array, grad: Array) -> None:
        """Multiplies `grad` in place by f′(z); `output` is f(z)."""

    def __call__(self, z: Array) -> Array:
        """Returns f(z) in a new array."""
        out = np.empty_like(z)
        self.forward(z, out)
        return out


class Linear(Activation):
    """Passes z on as it is."""

    name = "linear"
    aliases = ("identity",)
    formula = "z"
    derivative = "1"

    def forward(self, z: Array, out: Array) -> None:
        np.copyto(out, z)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        pass  # grad × 1


class Exponential(Activation):
    """e to the power of z, for outputs that must be positive, such as rates and counts.

    Above 87 in float32 and 708 in float64, the last whole numbers before it would overflow, it
    stays at what it is there, with the slope 0.
    """

    name = "exponential"
    formula = "exp(z)"
    derivative = "a"
    bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.minimum(z, EXP_LIMIT[z.itemsize], out=out)
        np.exp(out, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= output
        grad *= (z < EXP_LIMIT[z.itemsize]).astype(z.dtype)
