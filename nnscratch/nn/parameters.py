"""One flat vector that holds every number a network learns, and named views into it.

An optimizer updates the vector in a few lines whatever the network looks like, a gradient norm is
one dot product, and a copy of the best weights is one copy; the layers work on the views.
"""

from collections.abc import Iterator, Mapping
from math import isfinite, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]
# What a loss compares with: numbers of the network's precision, or class indices.
Targets = NDArray[Any]


Shapes = Mapping[str, tuple[int, ...]]


class Parameters(Mapping[str, Array]):
    """Arrays by name, laid out one after the other in the vector `flat`.

    Assign into the vector or the views (`parameters.flat[:] = …`); both see the change, because
    they are the same memory.

    Args:
        shapes: The shape of each array by its name, in the order of the layout.
        flat: The vector, as long as all arrays together.
    """

    def __init__(self, shapes: Shapes, flat: Array) -> None:
        assert flat.shape == (size_of(shapes),)
        self.flat = flat
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            end = start + prod(shape)
            self._views[name] = self.flat[start:end].reshape(shape)
            start = end

    @classmethod
    def zeros(cls, shapes: Shapes, dtype: DTypeLike) -> "Parameters":
        """Returns zeros of the dtype in a vector of their own."""
        return cls(shapes, np.zeros(size_of(shapes), dtype))

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)


def euclidean_norm(values: Array) -> float:
    """Returns √Σ v², nan or infinite only if a number is."""
    norm = float(np.linalg.norm(values))
    if isfinite(norm):
        return norm
    # The squares may overflow where the numbers do not.
    largest = float(np.abs(values).max())
    return largest * float(np.linalg.norm(values / largest)) if isfinite(largest) else largest


def root_mean_square(values: Array) -> float:
    """Returns √(Σ v² / n), computed in float64; nan or infinite only if a number is."""
    with np.errstate(over="ignore"):
        return euclidean_norm(values.astype(np.float64)) / sqrt(values.size)


def size_of(shapes: Shapes) -> int:
    """Returns how many numbers arrays of these shapes hold together."""
    return sum(map(prod, shapes.values()))
