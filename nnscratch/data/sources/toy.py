"""Points in the plane whose classes no straight line separates."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.sources.base import Source
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import setting

_BLOBS = [(0.0, 1.0), (-0.87, -0.5), (0.87, -0.5)]
_TURNS = 1.75
_NOISE = "Standard deviation of the normal noise on each coordinate."

Points = tuple[NDArray[Any], NDArray[Any]]


@dataclass(eq=False)
class ToySource(Source):
    """Points in the plane, with coordinates of about -1 to 2."""

    samples: int = setting(400, "Number of points.", ge=10, le=10**7)
    noise: float = setting(0.1, _NOISE, ge=0, le=100)
    seed: int = setting(0, "Seed for the points and their noise.", ge=0, lt=2**32)

    @abstractmethod
    def draw(self) -> Points:
        """Returns points (samples, 2) and their classes."""

    def load(self) -> Dataset:
        points, classes = self.draw()
        labels = tuple(range(int(classes.max()) + 1))
        split = Split(points.astype(np.float64), classes.astype(np.intp))
        return Dataset({"train": split}, number_features(2), labels)

    def _make(self, shape: str, **options: Any) -> Points:
        from sklearn import datasets

        make = getattr(datasets, f"make_{shape}")
        points, classes = make(self.samples, random_state=self.seed, **options)
        return points, classes


class Moons(ToySource):
    """Two interleaving half circles, as scikit-learn draws them."""

    name = "moons"

    def draw(self) -> Points:
        return self._make("moons", noise=self.noise)


class Circles(ToySource):
    """A circle within another, as scikit-learn draws them."""

    name = "circles"

    def draw(self) -> Points:
        return self._make("circles", noise=self.noise, factor=0.5)


class Blobs(ToySource):
    """Three round clusters."""

    name = "blobs"

    def draw(self) -> Points:
        return self._make("blobs", cluster_std=self.noise, centers=_BLOBS)


@dataclass(eq=False)
class Imbalance(ToySource):
    """Two round clusters that overlap, one of them with few points."""

    noise: float = setting(0.5, _NOISE, ge=0, le=100)
    rare: float = setting(0.05, "Share of the points that are in the rare class.", gt=0, lt=1)
    name = "imbalance"

    def draw(self) -> Points:
        rng = generator(self.seed, Purpose.DATA)
        few = min(max(1, round(self.rare * self.samples)), self.samples - 1)
        classes = rng.permutation(np.arange(self.samples) < few).astype(np.intp)
        points = classes[:, np.newaxis] * np.ones(2)
        return points + rng.normal(0.0, self.noise, points.shape), classes


@dataclass(eq=False)
class Spiral(ToySource):
    """Two arms around the origin."""

    # An arm is 0.29 from the next.
    noise: float = setting(0.02, _NOISE, ge=0, le=100)
    name = "spiral"

    def draw(self) -> Points:
        # Points with radius r from 0 to 1 at the angle 2π · 1.75 r, the second arm half a turn on.
        rng = generator(self.seed, Purpose.DATA)
        classes = np.arange(self.samples) % 2
        radius = np.sqrt(rng.random(self.samples))  # the arms are evenly dense
        angle = 2 * np.pi * _TURNS * radius + np.pi * classes
        points = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
        return points + rng.normal(0.0, self.noise, points.shape), classes
