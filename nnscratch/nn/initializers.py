"""Where the weights start: how a kernel of shape (in_features, units) is drawn.

The scaled ones keep the variance of the signal about the same from layer to layer. Numbers are
drawn in float64 whatever the network's precision, so float32 and float64 start at the same point.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnscratch.nn.parameters import Array

Shape = tuple[int, int]


@dataclass(frozen=True)
class Initializer(ABC):
    """Draws a kernel."""

    @abstractmethod
    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        """Returns a float64 kernel of `shape` = (in_features, units)."""


def _normal(generator: np.random.Generator, shape: Shape, variance: float) -> Array:
    return generator.normal(0.0, sqrt(variance), shape)


def _uniform(generator: np.random.Generator, shape: Shape, variance: float) -> Array:
    # A uniform distribution on [-limit, limit] has the variance limit² / 3.
    limit = sqrt(3.0 * variance)
    return generator.uniform(-limit, limit, shape)


class Zeros(Initializer):
    """All zeros. Units that start equal stay equal: right for biases, a lesson for kernels."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True)
class Normal(Initializer):
    """N(mean, stddev²)."""

    mean: float = 0.0
    stddev: float = 0.05

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return generator.normal(self.mean, self.stddev, shape)


@dataclass(frozen=True)
class Uniform(Initializer):
    """U(minval, maxval)."""

    minval: float = -0.05
    maxval: float = 0.05

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return generator.uniform(self.minval, self.maxval, shape)


class LecunNormal(Initializer):
    """N(0, 1 / in_features). LeCun et al. 1998, "Efficient BackProp", equation 16."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 1.0 / shape[0])


class LecunUniform(Initializer):
    """U(−l, l), l = √(3 / in_features): the variance of `LecunNormal`."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 1.0 / shape[0])


class GlorotNormal(Initializer):
    """N(0, 2 / (in_features + units)). Glorot & Bengio 2010, equation 12."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 2.0 / sum(shape))


class GlorotUniform(Initializer):
    """U(−l, l), l = √(6 / (in_features + units)). Glorot & Bengio 2010, equation 16."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 2.0 / sum(shape))


class HeNormal(Initializer):
    """N(0, 2 / in_features). He et al. 2015, equation 10; for activations like ReLU."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 2.0 / shape[0])


class HeUniform(Initializer):
    """U(−l, l), l = √(6 / in_features): the variance of `HeNormal`."""

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 2.0 / shape[0])


INITIALIZERS: dict[str, type[Initializer]] = {
    "zeros": Zeros,
    "normal": Normal,
    "uniform": Uniform,
    "lecun_normal": LecunNormal,
    "lecun_uniform": LecunUniform,
    "glorot_normal": GlorotNormal,
    "glorot_uniform": GlorotUniform,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
}
