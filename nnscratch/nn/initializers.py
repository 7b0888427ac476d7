"""Initializers: how the initial weights, a kernel of shape (in_features, units), are drawn.

The scaled ones keep the variance of the signal about the same from layer to layer. Numbers are
drawn in float64 whatever the network's precision, so float32 and float64 start at the same point.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from math import sqrt
from typing import Any

import numpy as np

from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import Component, components, setting, with_settings

Shape = tuple[int, int]


class Initializer(Component, ABC):
    """A distribution that kernels are drawn from."""

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

    name = "zeros"

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return np.zeros(shape)


@with_settings
class Normal(Initializer):
    """The normal distribution N(mean, stddev²)."""

    mean: float = setting(0.0, "Mean; 0 keeps the signal centered.", ge=-1e30, le=1e30)
    stddev: float = setting(
        0.05, "Standard deviation; about 1 / √inputs keeps the signal's size.", ge=0, le=1e30
    )
    name = "normal"

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return generator.normal(self.mean, self.stddev, shape)


@with_settings
class Uniform(Initializer):
    """The uniform distribution U(minval, maxval)."""

    minval: float = setting(-0.05, "Smallest weight.", ge=-1e30, le=1e30)
    maxval: float = setting(0.05, "Largest weight, at least minval.", ge=-1e30, le=1e30)
    name = "uniform"

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.minval > settings.maxval:
            yield "maxval", f"must be at least `minval`, which is {settings.minval:g}"

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return generator.uniform(self.minval, self.maxval, shape)


class LecunNormal(Initializer):
    """N(0, 1 / in_features). LeCun et al. 1998, "Efficient BackProp", equation 16."""

    name = "lecun_normal"

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 1.0 / shape[0])


class LecunUniform(Initializer):
    """U(−l, l), l = √(3 / in_features): the variance of `LecunNormal`."""

    name = "lecun_uniform"

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 1.0 / shape[0])


class GlorotNormal(Initializer):
    """N(0, 2 / (in_features + units)). Glorot & Bengio 2010, equation 12."""

    name = "glorot_normal"
    aliases = ("xavier_normal",)

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 2.0 / sum(shape))


class GlorotUniform(Initializer):
    """U(−l, l), l = √(6 / (in_features + units)). Glorot & Bengio 2010, equation 16."""

    name = "glorot_uniform"
    aliases = ("xavier_uniform",)

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 2.0 / sum(shape))


class HeNormal(Initializer):
    """N(0, 2 / in_features). He et al. 2015, equation 10; for activations like ReLU."""

    name = "he_normal"
    aliases = ("kaiming_normal",)

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _normal(generator, shape, 2.0 / shape[0])


class HeUniform(Initializer):
    """U(−l, l), l = √(6 / in_features): the variance of `HeNormal`."""

    name = "he_uniform"
    aliases = ("kaiming_uniform",)

    def __call__(self, generator: np.random.Generator, shape: Shape) -> Array:
        return _uniform(generator, shape, 2.0 / shape[0])


INITIALIZERS = components(Initializer)
