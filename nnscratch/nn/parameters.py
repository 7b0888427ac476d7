"""One flat vector that holds every number a network learns, and named views into it.

An optimizer updates the vector in a few lines whatever the network looks like, a gradient norm is
one dot product, and a copy of the best weights is one copy; the layers work on the views.
"""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]
# What a loss compares with: numbers of the network's precision, or class indices.
Targets = NDArray[Any]


class Parameters(Mapping[str, Array]):
    """Arrays by name, laid out one after the other in the vector `flat`, zero at first.

    Assign into the vector or the views (`parameters.flat[:] = …`); both see the change, because
    they are the same memory.

    Args:
        shapes: The shape of each array by its name, in the order of the layout.
        dtype: float32 or float64.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], dtype: DTypeLike) -> None:
        self.flat: Array = np.zeros(sum(map(prod, shapes.values())), dtype)
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            end = start + prod(shape)
            self._views[name] = self.flat[start:end].reshape(shape)
            start = end

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)
