"""Waves: a few learned ones of a column beside the column itself.

A network bends a column with the units of its first layer, which all columns share; waves of its
own let it follow steps and peaks of a single column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.embeddings.base import EmbeddingLayer, NumericEmbedding
from nnscratch.nn.layers import Arrays
from nnscratch.nn.parameters import Array, Shapes
from nnscratch.nn.registry import arguments_of, setting, with_settings


@with_settings
class Waves(NumericEmbedding):
    """Learned waves of each column: cosines, added up to a few numbers. Holzmüller et al. 2024."""

    waves: int = setting(16, "Cosines of a column.", ge=1, le=1024)
    size: int = setting(
        3, "Numbers that they are added up to, beside the column itself.", ge=1, le=1024
    )
    sigma: float = setting(
        0.1,
        "Standard deviation of the first frequencies; larger ones see finer steps.",
        gt=0,
        le=1e6,
    )
    name = "waves"

    def fit(self, columns: Sequence[int], numbers: Iterable[Array], dtype: str) -> "Waves":
        return replace(self, columns=tuple(columns))

    @property
    def appended(self) -> int:
        return len(self.columns) * self.size

    @property
    def shapes(self) -> Shapes:
        count = len(self.columns)
        return {
            "frequencies": (count, self.waves),
            "phases": (count, self.waves),
            "kernel": (count, self.waves, self.size),
            "bias": (count, self.size),
        }

    @property
    def summary(self) -> str:
        return f"{self.waves} waves"

    def build(self, features: int, dtype: DTypeLike) -> "WaveLayer":
        return WaveLayer(features, self, dtype=dtype)

    def describe(self) -> dict[str, Any]:
        # Without a name, as before there were others.
        return arguments_of(self)


class WaveLayer(EmbeddingLayer):
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
        super().__init__(features, settings)
        self.settings, self.columns = settings, np.array(settings.columns, np.intp)
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
