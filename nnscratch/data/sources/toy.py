"""Toy sets of points in the plane, whose classes no straight line parts."""

import numpy as np

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.nn.randomness import Purpose, generator

_BLOBS = [(0.0, 1.0), (-0.87, -0.5), (0.87, -0.5)]
_TURNS = 1.75


def load_toy(name: str, samples: int = 400, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Returns points with two coordinates of about -1 to 2, of two classes (blobs: three).

    Args:
        name: `moons` and `circles` as scikit-learn makes them; `blobs`, three round heaps; or
            `spiral`, two arms around the origin.
        samples: The number of points.
        noise: The standard deviation of the normal noise on each coordinate.
        seed: Of the noise.
    """
    points, classes = (
        _spiral(samples, noise, seed)
        if name == "spiral"
        else _from_library(name, samples, noise, seed)
    )
    labels = tuple(range(int(classes.max()) + 1))
    split = Split(points.astype(np.float64), classes.astype(np.intp))
    return Dataset({"train": split}, number_features(2), labels)


def _from_library(
    name: str, samples: int, noise: float, seed: int
) -> "tuple[np.ndarray, np.ndarray]":
    from sklearn.datasets import make_blobs, make_circles, make_moons

    if name == "moons":
        made = make_moons(samples, noise=noise, random_state=seed)
    elif name == "circles":
        made = make_circles(samples, noise=noise, random_state=seed, factor=0.5)
    else:
        made = make_blobs(samples, centers=_BLOBS, cluster_std=noise, random_state=seed)
    return made[0], made[1]


def _spiral(samples: int, noise: float, seed: int) -> "tuple[np.ndarray, np.ndarray]":
    """Points with radius r from 0 to 1 at the angle 2π · 1.75 r, the second arm half a turn on."""
    rng = generator(seed, Purpose.DATA)
    classes = np.arange(samples) % 2
    radius = np.sqrt(rng.random(samples))  # the arms are evenly dense
    angle = 2 * np.pi * _TURNS * radius + np.pi * classes
    points = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return points + rng.normal(0.0, noise, points.shape), classes
