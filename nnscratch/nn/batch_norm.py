"""Batch normalization: each unit's outputs are brought to mean 0 and variance 1 over the batch."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.layers import Arrays, Layer
from nnscratch.nn.parameters import Array

_LARGEST_EPSILON = 1e30


@dataclass(frozen=True)
class Normalization:
    """How a layer is normalized.

    Args:
        momentum: The share of a moving average that is kept at each batch, at least 0 and below 1.
        epsilon: ε, which prevents a division by zero, above 0.
    """

    momentum: float = 0.9
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        """Raises ValueError where a number is out of its range, or none."""
        if not (isinstance(self.momentum, Real) and 0 <= self.momentum < 1):
            raise ValueError(f"`momentum` must be at least 0 and below 1; got {self.momentum!r}.")
        if not (isinstance(self.epsilon, Real) and 0 < self.epsilon <= _LARGEST_EPSILON):
            raise ValueError(f"`epsilon` must be above 0, up to 1e30; got {self.epsilon!r}.")


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), μ and σ² being each unit's mean and variance.

    In training μ and σ² are the batch's own, and the gradient goes through them too; in inference
    they are moving averages of what training saw, of the mean and of the unbiased variance, so that
    a row's output does not depend on the others. Ioffe & Szegedy 2015, algorithms 1 and 2.

    Args:
        units: The width of x.
        settings: ε and the momentum of the averages.
        use_bias: Whether β is added.
        dtype: float32 or float64.
    """

    def __init__(
        self, units: int, settings: Normalization, *, use_bias: bool, dtype: DTypeLike
    ) -> None:
        self.settings = settings
        self.shapes = {"gamma": (units,)} | ({"beta": (units,)} if use_bias else {})
        self.statistics_shapes = {"moving_mean": (units,), "moving_variance": (units,)}
        self._units, self._dtype = units, np.dtype(dtype)
        self._allocate(rows=0)

    def bind(self, params: Arrays, grads: Arrays, statistics: Arrays) -> None:
        self.gamma, self.beta = params["gamma"], params.get("beta")
        self.gamma_grad, self.beta_grad = grads["gamma"], grads.get("beta")
        self.mean, self.variance = statistics["moving_mean"], statistics["moving_variance"]
        self.gamma[:] = 1.0
        self.variance[:] = 1.0

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Raises ValueError if `training` with one row, which has no variance."""
        if len(x) != len(self._output):
            self._allocate(len(x))
        if training:
            self._normalize(x)
            np.multiply(self._normalized, self.gamma, out=self._output)
        else:
            np.subtract(x, self.mean, out=self._output)
            self._output *= self.gamma / np.sqrt(self.variance + self.settings.epsilon)
        if self.beta is not None:
            self._output += self.beta
        return self._output

    def backward(self, grad: Array) -> Array:
        # With g = ∂loss/∂y: ∂/∂γ = Σ g x̂, ∂/∂β = Σ g, and, as x̂ has mean 0 and variance 1,
        # ∂/∂x = γ / √(σ² + ε) (g − mean(g) − x̂ mean(g x̂)).
        np.multiply(grad, self._normalized, out=self._scratch)
        aligned = np.dot(self._shares, self._scratch)
        average = np.dot(self._shares, grad)
        np.multiply(aligned, len(grad), out=self.gamma_grad)
        if self.beta_grad is not None:
            np.multiply(average, len(grad), out=self.beta_grad)
        np.multiply(self._normalized, aligned, out=self._scratch)
        grad -= self._scratch
        grad -= average
        grad *= self.gamma * self._inverse
        return grad

    def backward_inference(self, x: Array, grad: Array) -> Array:
        """Turns ∂loss/∂y of an inference for x into ∂loss/∂x, μ and σ² being constants.

        The gradients of γ and β are computed on the way.
        """
        inverse = 1.0 / np.sqrt(self.variance + self.settings.epsilon)
        self.gamma_grad[:] = (grad * (x - self.mean) * inverse).sum(axis=0)
        if self.beta_grad is not None:
            self.beta_grad[:] = grad.sum(axis=0)
        through: Array = grad * (self.gamma * inverse)
        return through

    def _normalize(self, x: Array) -> None:
        """Computes x̂ from the batch's own mean and variance, and updates the moving averages."""
        rows = len(x)
        if rows < 2:
            raise ValueError("`batch_norm` needs at least 2 rows in each batch of training; got 1.")
        mean = np.dot(self._shares, x)
        centred = np.subtract(x, mean, out=self._normalized)
        variance = np.dot(self._shares, np.multiply(centred, centred, out=self._scratch))
        self._inverse = 1.0 / np.sqrt(variance + self.settings.epsilon)
        centred *= self._inverse
        new = 1.0 - self.settings.momentum
        self.mean += new * (mean - self.mean)
        self.variance += new * (variance * (rows / (rows - 1)) - self.variance)

    def _allocate(self, rows: int) -> None:
        shape = rows, self._units
        self._output: Array = np.empty(shape, self._dtype)
        self._normalized: Array = np.empty(shape, self._dtype)
        self._scratch: Array = np.empty(shape, self._dtype)
        # A product with these is the mean over the rows, faster than mean(axis=0).
        self._shares: Array = np.full(rows, 1.0 / max(rows, 1), self._dtype)
