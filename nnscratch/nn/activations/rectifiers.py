"""Activations like max(z, 0): about z where it is positive, about 0 or a little less elsewhere."""

from math import inf, pi, sqrt
from typing import ClassVar

import numpy as np

from nnscratch.nn.activations.base import Activation, sigmoid, softplus
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import setting, with_settings


class ReLU(Activation):
    """Keeps what is positive, 0 instead of the rest. Nair & Hinton 2010."""

    name = "relu"
    formula = "max(z, 0)"
    derivative = "1 if z > 0 else 0"
    initializer = "he_normal"
    bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.maximum(z, 0.0, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        # As numbers of the same type, ones and zeros are multiplied faster than as booleans.
        grad *= (z > 0.0).astype(z.dtype)


@with_settings
class LeakyReLU(Activation):
    """ReLU with a small slope below zero, so that no unit dies. Maas et al. 2013."""

    negative_slope: float = setting(
        0.01, "Slope below zero; 0 makes it a ReLU.", ge=0, lt=1, symbol="s"
    )
    name = "leaky_relu"
    aliases = ("leakyrelu",)
    formula = "z if z > 0 else negative_slope * z"
    derivative = "1 if z > 0 else negative_slope"
    initializer = "he_normal"

    def forward(self, z: Array, out: Array) -> None:
        np.multiply(z, self.negative_slope, out=out)
        np.maximum(z, out, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= _where_positive(z, 1.0, self.negative_slope)


@with_settings
class ELU(Activation):
    """ReLU that bends smoothly down to -alpha below zero. Clevert et al. 2016."""

    alpha: float = setting(
        1.0, "The function falls to -alpha far below zero.", gt=0, le=1e30, symbol="α"
    )
    name = "elu"
    formula = "z if z > 0 else alpha * (exp(z) - 1)"
    derivative = "1 if z > 0 else a + alpha"
    initializer = "he_normal"

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


class SELU(Activation):
    """ELU scaled so that deep networks keep mean 0 and variance 1. Klambauer et al. 2017."""

    name = "selu"
    formula = "c * z if z > 0 else c * alpha * (exp(z) - 1)"
    derivative = "c if z > 0 else a + c * alpha"
    where = "c = 1.0507009873554805; alpha = 1.6732632423543772"
    initializer = "lecun_normal"

    _SCALE: ClassVar[float] = 1.0507009873554805
    _BOTTOM: ClassVar[float] = _SCALE * 1.6732632423543772
    bounds = (-_BOTTOM, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.minimum(z, 0.0, out=out)
        np.expm1(out, out=out)
        out *= self._BOTTOM
        out += self._SCALE * np.maximum(z, 0.0)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= _where_positive(z, self._SCALE, output + self._BOTTOM)


class GELU(Activation):
    """z times the probability of being below z, in the tanh form. Hendrycks & Gimpel 2016.

    The tanh form of the paper is within 0.0005 of z Φ(z).
    """

    name = "gelu"
    formula = "z / 2 * (1 + t)"
    derivative = "(1 + t) / 2 + z / 2 * (1 - t**2) * sqrt(2 / pi) * (1 + 0.134145 * z**2)"
    where = "t = tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))"
    initializer = "he_normal"
    bounds = (-0.171, inf)

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
    """z times its own sigmoid, also called swish. Elfwing et al. 2018."""

    name = "silu"
    aliases = ("swish",)
    formula = "z * sigmoid(z)"
    derivative = "sigmoid(z) + a * (1 - sigmoid(z))"
    initializer = "he_normal"
    bounds = (-0.279, inf)

    def forward(self, z: Array, out: Array) -> None:
        sigmoid(z, out=out)
        out *= z

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        s = sigmoid(z)
        grad *= s + output * (1.0 - s)


class Mish(Activation):
    """z times the tanh of its softplus: like silu, a little deeper below zero. Misra 2019."""

    name = "mish"
    formula = "z * t"
    derivative = "t + z * (1 - t**2) * sigmoid(z)"
    where = "t = tanh(log(1 + exp(z)))"
    initializer = "he_normal"
    bounds = (-0.309, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.tanh(softplus(z, out=out), out=out)
        out *= z

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        t = softplus(z)
        np.tanh(t, out=t)
        slope = (1.0 - t * t) * z
        slope *= sigmoid(z)
        slope += t
        grad *= slope


class Softplus(Activation):
    """ReLU with a rounded corner. Dugas et al. 2001."""

    name = "softplus"
    formula = "log(1 + exp(z))"
    derivative = "sigmoid(z)"
    initializer = "he_normal"
    bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        softplus(z, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= sigmoid(z)


def _where_positive(z: Array, yes: float, no: float | Array) -> Array:
    # Plain Python numbers would make np.where answer in float64.
    return np.where(z > 0.0, np.asarray(yes, z.dtype), np.asarray(no, z.dtype))
