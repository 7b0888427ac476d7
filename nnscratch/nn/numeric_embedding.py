"""Embeddings of numbers: a few learned waves of a column beside the column itself.

A network bends a column with the units of its first layer, which all columns share; waves of its
own let it follow steps and peaks of a single column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, pi, sqrt
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.layers import Arrays, Layer
from nnscratch.nn.parameters import Array


@dataclass(frozen=True)
class Waves:
    """The settings of `NumericEmbedding`.

    Args:
        columns: The indices of the columns, at least one.
        waves: How many cosines there are for a column, at least 1.
        size: How many numbers they are added up to, at least 1.
        sigma: The standard deviation of the first frequencies, above 0.

    Raises:
        ValueError: One of them is not what it must be.
    """

    columns: tuple[int, ...]
    waves: int = 16
    size: int = 3
    sigma: float = 0.1

    def __post_init__(self) -> None:
        for name, number in (("waves", self.waves), ("size", self.size)):
            if not isinstance(number, Integral) or number < 1:
                raise ValueError(f"`{name}` must be a whole number of at least 1; got {number!r}.")
        if not (isinstance(self.sigma, Real) and 0 < self.sigma < inf):
            raise ValueError(f"`sigma` must be a number above 0; got {self.sigma!r}.")
        columns = self.columns
        are_indices = all(isinstance(i, Integral) and i >= 0 for i in columns)
        if not (columns and are_indices and len(set(columns)) == len(columns)):
            raise ValueError(f"`columns` must be different indices of columns; got {columns!r}.")


def as_waves(spec: Waves | Mapping[str, Any] | None) -> Waves | None:
    """Returns the settings that a caller or a file gives; None for no embedding.

    Raises:
        ValueError: They are not what `Waves` takes.
    """
    if not isinstance(spec, Mapping):
        return spec
    try:
        return Waves(**{**spec, "columns": tuple(spec["columns"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"`numeric_embedding` does not take these arguments: {error}") from None


class NumericEmbedding(Layer):
    """Appends to x, for each of some columns, e = cos(2π x_j f + φ) K + c.

    f and φ are (waves,), K is (waves, size) and c is (size,), for each column its own: the PBLD
    embeddings of Holzmüller et al. 2024, after Gorishniy et al. 2022.

    Args:
        features: The width of x.
        settings: Which columns have waves, how many, and how they begin.
        dtype: float32 or float64.

    Raises:
        ValueError: There is no such column.
    """

    def __init__(self, features: int, settings: Waves, *, dtype: DTypeLike) -> None:
        count, waves, size = len(settings.columns), settings.waves, settings.size
        self.features, self.columns = features, np.array(settings.columns, np.intp)
        if self.columns.max() >= features:
            raise ValueError(f"`columns` must be below {features}, the number of inputs.")
        self.settings = settings
        self.shapes = {
            "frequencies": (count, waves),
            "phases": (count, waves),
            "kernel": (count, waves, size),
            "bias": (count, size),
        }
        self.units = features + count * size
        self._output: Array = np.empty((0, self.units), dtype)

    def bind(self, params: Arrays, grads: Arrays, statistics: Arrays) -> None:
        self.frequencies, self.phases = params["frequencies"], params["phases"]
        self.kernel, self.bias = params["kernel"], params["bias"]
        self._grads = grads

    def initialize(self, rng: np.random.Generator) -> None:
        """Draws f from N(0, σ²), φ from U(−π, π), and K and c from U(−1, 1) / √waves."""
        limit = 1.0 / sqrt(self.settings.waves)
        self.frequencies[:] = rng.normal(0.0, self.settings.sigma, self.frequencies.shape)
        self.phases[:] = rng.uniform(-pi, pi, self.phases.shape)
        self.kernel[:] = rng.uniform(-limit, limit, self.kernel.shape)
        self.bias[:] = rng.uniform(-limit, limit, self.bias.shape)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if len(x) != len(self._output):
            self._output = np.empty((len(x), self.units), self._output.dtype)
        # The batch lies last, so that every product runs along it: (columns, waves, batch).
        self._x = x.T[self.columns][:, np.newaxis, :]
        self._angles = (2.0 * pi * self.frequencies)[:, :, np.newaxis] * self._x
        self._angles += self.phases[:, :, np.newaxis]
        self._waves = np.cos(self._angles)
        embedded = self.kernel.transpose(0, 2, 1) @ self._waves
        embedded += self.bias[:, :, np.newaxis]
        self._output[:, : self.features] = x
        self._output[:, self.features :] = embedded.reshape(-1, len(x)).T
        return self._output

    def backward(self, grad: Array) -> Array:
        slopes = self._backward(grad)
        slopes *= (2.0 * pi * self.frequencies)[:, :, np.newaxis]
        through = grad[:, : self.features].copy()
        through[:, self.columns] += slopes.sum(axis=1).T
        return through

    def backward_parameters(self, grad: Array) -> None:
        """Writes the gradients of f, φ, K and c."""
        self._backward(grad)

    def _backward(self, grad: Array) -> Array:
        """Writes the gradients, and returns ∂loss/∂angle of each wave, (columns, waves, batch)."""
        count, size = self.bias.shape
        grad = np.ascontiguousarray(grad[:, self.features :].T).reshape(count, size, len(grad))
        np.matmul(self._waves, grad.transpose(0, 2, 1), out=self._grads["kernel"])
        grad.sum(axis=2, out=self._grads["bias"])
        slopes = self.kernel @ grad
        slopes *= np.sin(self._angles)
        np.negative(slopes, out=slopes)
        slopes.sum(axis=2, out=self._grads["phases"])
        frequencies = np.matmul(slopes, self._x.transpose(0, 2, 1))[:, :, 0]
        np.multiply(frequencies, 2.0 * pi, out=self._grads["frequencies"])
        return slopes
