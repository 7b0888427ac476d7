"""Activation functions, forward and backward side by side.

Each is elementwise: z is a layer's weighted sum, f(z) what the layer passes on. All stay finite and
right to |z| = 10⁶ at least, far beyond where any saturates, and warn of nothing there.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf, pi, sqrt
from typing import ClassVar

import numpy as np

from nnscratch.nn.parameters import Array

# Below exp's overflow, and far enough that 1 / exp(limit) is no denormal; by bytes per number.
# As arrays they are taken in half the time of Python's numbers.
_EXP_LIMIT = {4: np.array(87.0, np.float32), 8: np.array(708.0)}


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """σ(z) = 1 / (1 + exp(−z)), without overflow."""
    out = np.negative(z, out=out)
    np.minimum(out, _EXP_LIMIT[out.itemsize], out=out)
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


def _where_positive(z: Array, yes: float, no: float | Array) -> Array:
    # Plain Python numbers would make np.where answer in float64.
    return np.where(z > 0.0, np.asarray(yes, z.dtype), np.asarray(no, z.dtype))


@dataclass(frozen=True)
class Activation(ABC):
    """An elementwise function and its derivative.

    `relu_like` says that f is about max(z, 0), which halves the mean square of what comes in
    (He et al. 2015).
    """

    relu_like: ClassVar[bool] = False
    _bounds: ClassVar[tuple[float, float]] = (-inf, inf)

    @property
    def bounds(self) -> tuple[float, float]:
        """The lower and the upper bound of f."""
        return self._bounds

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
    """f(z) = z, f′ = 1."""

    def forward(self, z: Array, out: Array) -> None:
        np.copyto(out, z)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        pass  # grad × 1


class ReLU(Activation):
    """f(z) = max(z, 0), f′ = 1 where z > 0, else 0. Nair & Hinton 2010."""

    relu_like = True
    _bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        # As numbers of the same type, ones and zeros are multiplied faster than as booleans.
        grad *= (z > 0.0).astype(z.dtype)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """f(z) = max(z, s z), f′ = 1 where z > 0, else s. Maas et al. 2013.

    Args:
        negative_slope: s, at least 0 and below 1.
    """

    negative_slope: float = 0.01
    relu_like = True

    def forward(self, z: Array, out: Array) -> None:
        np.multiply(z, self.negative_slope, out=out)
        np.maximum(z, out, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= _where_positive(z, 1.0, self.negative_slope)


@dataclass(frozen=True)
class ELU(Activation):
    """f(z) = z where z > 0, else α (exp(z) − 1); f′ = 1 or f(z) + α. Clevert et al. 2016.

    Args:
        alpha: α, above 0; −α is the lower bound.
    """

    alpha: float = 1.0
    relu_like = True

    @property
    def bounds(self) -> tuple[float, float]:
        return -self.alpha, inf

    def forward(self, z: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.expm1(out, out=out)
        out *= self.alpha
        out += np.maximum(z, 0.0)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= _where_positive(z, 1.0, output + self.alpha)


class GELU(Activation):
    """f(z) = z/2 (1 + t), t = tanh(√(2/π) (z + 0.044715 z³)). Hendrycks & Gimpel 2016.

    This is the tanh form of the paper, within 0.0005 of z Φ(z).
    """

    relu_like = True
    _bounds = (-0.171, inf)

    _SCALE: ClassVar[float] = sqrt(2.0 / pi)
    _CUBIC: ClassVar[float] = 0.044715

    def _tanh(self, z: Array) -> Array:
        inner = z * z
        inner *= self._CUBIC
        inner += 1.0
        inner *= z
        inner *= self._SCALE
        return np.tanh(inner, out=inner)

    def forward(self, z: Array, out: Array) -> None:
        np.add(self._tanh(z), 1.0, out=out)
        out *= z
        out *= 0.5

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        # f′ = (1 + t)/2 + z/2 (1 − t²) √(2/π) (1 + 3 · 0.044715 z²)
        t = self._tanh(z)
        slope = (1.0 - t * t) * (0.5 * self._SCALE)
        slope *= z + (3.0 * self._CUBIC) * z * z * z
        slope += 0.5 * (1.0 + t)
        grad *= slope


class SiLU(Activation):
    """f(z) = z σ(z), f′ = σ(z) + f(z) (1 − σ(z)); also called swish. Elfwing et al. 2018."""

    relu_like = True
    _bounds = (-0.279, inf)

    def forward(self, z: Array, out: Array) -> None:
        sigmoid(z, out=out)
        out *= z

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        s = sigmoid(z)
        grad *= s + output * (1.0 - s)


class Softplus(Activation):
    """f(z) = log(1 + exp(z)), f′ = σ(z). Dugas et al. 2001."""

    relu_like = True
    _bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        softplus(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= sigmoid(z)


class Sigmoid(Activation):
    """f(z) = σ(z) = 1 / (1 + exp(−z)), f′ = f (1 − f)."""

    _bounds = (0.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        sigmoid(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= output
        grad *= 1.0 - output


class Tanh(Activation):
    """f(z) = tanh(z), f′ = 1 − f²."""

    _bounds = (-1.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        np.tanh(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= 1.0 - output * output


ACTIVATIONS: dict[str, type[Activation]] = {
    "linear": Linear,
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "elu": ELU,
    "gelu": GELU,
    "silu": SiLU,
    "softplus": Softplus,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}
