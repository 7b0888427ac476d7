"""Scaling: bringing the columns of a table to about the same size, and back to their own units."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnscratch.nn.network import ROWS_AT_ONCE
from nnscratch.nn.parameters import Array

_ROUNDING = 1e-13


class Scaling(NamedTuple):
    """x′ = (x − shift) · factor, and back x = x′ · unit + shift with unit = 1 / factor."""

    shift: NDArray[np.float64]
    """(columns,), or () where all columns share it."""
    factor: NDArray[np.float64]
    """Likewise; never 0."""

    @classmethod
    def identity(cls, *shape: int) -> "Scaling":
        """Returns the scaling that leaves numbers as they are, its arrays of the given shape."""
        return cls(np.zeros(shape), np.ones(shape))

    @property
    def unit(self) -> NDArray[np.float64]:
        """What a scaled 1 is in the units of the data."""
        return 1.0 / self.factor

    @property
    def is_identity(self) -> bool:
        """Whether numbers stay as they are."""
        return not self.shift.any() and bool((self.factor == 1.0).all())

    def apply(self, values: NDArray[Any], dtype: DTypeLike = np.float64) -> Array:
        """Returns x′ for values x (rows, columns), computed in `dtype`."""
        scaled: Array = np.subtract(values, self.shift, dtype=dtype)
        scaled *= self.factor.astype(dtype)
        return scaled

    def invert(self, scaled: NDArray[Any]) -> Array:
        """Returns x for scaled values x′ (rows, columns), computed in float64; it may overflow."""
        with np.errstate(over="ignore"):
            values: Array = scaled * self.unit + self.shift
        return values


def fit_scaling(table: NDArray[Any], method: str) -> Scaling:
    """Returns the scaling of each column of a table (rows, columns).

    Args:
        table: The rows to learn from.
        method: `minmax` maps the smallest and largest value to 0 and 1; `standardize` makes the
            mean 0 and the standard deviation 1; `none`. A column that does not vary becomes 0; one
            whose sum or spread overflows stays as it is.
    """
    columns = table.shape[1]
    shift = np.zeros(columns)
    spread = np.ones(columns)
    with np.errstate(over="ignore", invalid="ignore"):
        if method == "minmax":
            shift = table.min(axis=0).astype(np.float64)
            spread = table.max(axis=0) - shift
        elif method == "standardize":
            shift = table.mean(axis=0, dtype=np.float64)
            spread = _standard_deviation(table, shift)
    overflows = ~(np.isfinite(shift) & np.isfinite(spread))
    shift[overflows], spread[overflows] = 0.0, 1.0
    # A spread this small is what rounding makes of a column that does not vary.
    least = np.maximum(_ROUNDING * np.abs(shift), np.finfo(np.float64).tiny)
    return Scaling(shift, 1.0 / np.where(spread > least, spread, 1.0))


def _standard_deviation(table: NDArray[Any], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns √mean((x − mean)²) of each column, converting only some rows to floats at a time."""
    squares = np.zeros(len(mean))
    with np.errstate(over="ignore"):
        for start in range(0, len(table), ROWS_AT_ONCE):
            difference = table[start : start + ROWS_AT_ONCE] - mean
            squares += np.square(difference, out=difference).sum(axis=0)
    if not np.isfinite(squares).all():
        unit = np.maximum(np.abs(table).max(axis=0), 1.0)
        if (unit > 1.0).any():  # in units of the largest number the squares can be added up
            return np.asarray(_standard_deviation(table / unit, mean / unit) * unit)
    deviation: NDArray[np.float64] = np.sqrt(squares / len(table))
    return deviation
