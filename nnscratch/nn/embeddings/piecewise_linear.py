"""Piecewise linear encoding: how far a number has come through each piece of its column's range.

With it the first layer bends a column at every edge between two pieces, freely and apart from all
other columns, as a tree cuts it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnscratch.nn.embeddings.base import EmbeddingLayer, NumericEmbedding
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import setting, with_settings

_MOST_PIECES = 256
_LARGEST = float(np.finfo(np.float64).max)


@with_settings
class PiecewiseLinear(NumericEmbedding):
    """How much of each piece of a column's range a number has passed. Gorishniy et al. 2022.

    Attributes:
        edges: For each column the ends of its pieces, ascending; none before `fit`.
        means: For each column how far the training rows have come through each of its pieces, as a
            share of it and on average; ½ unless given.
        precision: float32 or float64: what a number is rounded to before it is compared with them,
            as in the rows that they were found in, however precise a copy of the network is; empty
            for that of the network.
    """

    bins: int = setting(
        16,
        "Pieces of a column, at most; a column with fewer values has fewer.",
        ge=2,
        le=_MOST_PIECES,
    )
    edges: tuple[tuple[float, ...], ...] = ()
    means: tuple[tuple[float, ...], ...] = ()
    precision: str = ""
    name = "piecewise_linear"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.edges = tuple(map(tuple, self.edges))
        if len(self.edges) != len(self.columns):
            raise ValueError("`edges` must be a list of numbers for each of the `columns`.")
        for edges in self.edges:
            if not 1 <= len(edges) <= _MOST_PIECES + 1:
                rule = f"`edges` must be 1 to {_MOST_PIECES + 1} numbers for each column"
                raise ValueError(f"{rule}; got {len(edges)}.")
            if not all(isinstance(e, Real) and abs(e) <= _LARGEST for e in edges):
                raise ValueError("`edges` must be finite numbers.")
            if not all(low < high for low, high in pairwise(edges)):
                raise ValueError("`edges` must ascend.")
        self.means = tuple(map(tuple, self.means)) or tuple((0.5,) * n for n in self.pieces)
        if tuple(map(len, self.means)) != self.pieces:
            raise ValueError("`means` must be a number for each piece of each column.")
        if not all(isinstance(m, Real) and 0 <= m <= 1 for m in chain(*self.means)):
            raise ValueError("`means` must be from 0 to 1.")
        if self.precision not in ("", "float32", "float64"):
            raise ValueError(f"`precision` must be float32 or float64; got {self.precision!r}.")

    def fit(
        self, columns: Sequence[int], numbers: Iterable[Array], dtype: str
    ) -> "PiecewiseLinear":
        edges: list[tuple[float, ...]] = []
        means: list[tuple[float, ...]] = []
        for column in numbers:
            found = tuple(find_edges(column, self.bins).tolist())
            edges.append(found)
            means.append(tuple(_mean_share(column, *ends) for ends in pairwise(found)))
        fitted = replace(self, columns=tuple(columns), edges=tuple(edges), means=tuple(means))
        return fitted.at(dtype)

    def at(self, dtype: str) -> "PiecewiseLinear":
        return replace(self, precision=self.precision or dtype)

    @property
    def pieces(self) -> tuple[int, ...]:
        """The number of pieces of each column."""
        return tuple(len(edges) - 1 for edges in self.edges)

    @property
    def appended(self) -> int:
        return sum(self.pieces)

    @property
    def summary(self) -> str:
        most = max(self.pieces)
        what = "1 piece" if most == 1 else f"{most} pieces"
        return what if most == min(self.pieces) else f"up to {what}"

    def build(self, features: int, dtype: DTypeLike) -> "PieceLayer":
        return PieceLayer(features, self, dtype=dtype)

    def describe(self) -> dict[str, Any]:
        described = super().describe()
        del described["bins"]  # The edges tell all of it.
        return described


class PieceLayer(EmbeddingLayer):
    """Appends to x, for each piece of some columns, e = (min(max(x_j, a), b) − a) / (b − a) − m.

    a and b are the ends of the piece, b_{k−1} and b_k of its column, and m is the mean of what
    stands before it: so e is −m below the piece, 1 − m above it, a straight line within, and 0 on
    average. Without m, a piece that few rows have reached would be one bias more. Nothing is
    learned.

    Args:
        features: The width of x.
        settings: The columns and their edges.
        dtype: float32 or float64.

    Attributes:
        columns: The column of each piece.
        lower: a of each piece.
        upper: b of each piece.
        mean: m of each piece.

    Raises:
        ValueError: There is no such column, or the edges are too close or too far apart for the
            precision.
    """

    def __init__(self, features: int, settings: PiecewiseLinear, *, dtype: DTypeLike) -> None:
        super().__init__(features, settings)
        self.settings, self.dtype = settings, np.dtype(dtype)
        self.columns = np.repeat(np.array(settings.columns, np.intp), settings.pieces)
        pairs = chain.from_iterable(map(pairwise, settings.edges))
        ends = np.array(list(pairs), np.float64).reshape(-1, 2)
        with np.errstate(over="ignore", invalid="ignore"):
            self.lower, self.upper = ends.T.astype(self.dtype, order="C")
            self._width = self.upper - self.lower
        if not (np.isfinite(self._width).all() and (self._width > 0).all()):
            raise ValueError(f"`edges` must be apart, and by finite numbers, in {self.dtype}.")
        means = np.array(list(chain(*settings.means)), settings.precision or self.dtype)
        self.mean = means.astype(self.dtype)
        precision = np.dtype(settings.precision)
        self._rounds_to = precision if precision.itemsize < self.dtype.itemsize else None
        self._allocate(rows=0)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if len(x) != len(self._output):
            self._allocate(len(x))
        self._x = x
        pieces = self._pieces
        np.take(self._rounded(x), self.columns, axis=1, out=pieces, mode="clip")
        # Kept within the piece before anything is subtracted, so that nothing overflows and both
        # ends are exact. With arrays, np.clip takes twice as long.
        np.maximum(pieces, self.lower, out=pieces)
        np.minimum(pieces, self.upper, out=pieces)
        pieces -= self.lower
        pieces /= self._width
        self._output[:, : self.features] = x
        np.subtract(pieces, self.mean, out=self._output[:, self.features :])
        return self._output

    def backward(self, grad: Array) -> Array:
        """Returns ∂loss/∂x, where ∂e/∂x is 1 / (b − a) for a < x ≤ b, else 0."""
        through = grad[:, : self.features].copy()
        x = self._rounded(self._x)[:, self.columns]
        inside = (x > self.lower) & (x <= self.upper)
        slopes = np.where(inside, grad[:, self.features :] / self._width, 0.0)
        np.add.at(through.T, self.columns, slopes.T)
        return through

    def backward_parameters(self, grad: Array) -> None:
        """Does nothing, as there are no parameters."""

    def _rounded(self, x: Array) -> Array:
        return x if self._rounds_to is None else x.astype(self._rounds_to).astype(self.dtype)

    def _allocate(self, rows: int) -> None:
        self._output: Array = np.empty((rows, self.units), self.dtype)
        self._pieces: Array = np.empty((rows, len(self.columns)), self.dtype)


def _mean_share(column: Array, low: float, high: float) -> float:
    """Returns how far numbers (rows,) have come from `low` to `high`, on average."""
    passed = column.clip(low, high).mean(dtype=np.float64)
    return float(np.clip((passed - low) / (high - low), 0.0, 1.0))


def find_edges(column: Array, bins: int) -> Array:
    """Returns at most bins + 1 ascending edges of pieces of a column, all of them its values.

    A column with no more values than that has an edge at each. Otherwise, as LightGBM finds its
    bins, a value that alone fills more than an equal share has an edge of its own; the others are
    quantiles of the remaining rows. The smallest and the largest value always are edges.

    Args:
        column: (rows,), at least one, finite.
        bins: The largest number of pieces, at least 2.
    """
    values, counts = np.unique(column, return_counts=True)
    most = bins + 1
    if len(values) <= most:
        return values
    is_frequent = _find_frequent(counts, most)
    left = max(most - int(is_frequent.sum()), 2)
    is_edge = is_frequent.copy()
    is_edge[[0, -1]] = True
    others = np.flatnonzero(~is_frequent)
    is_edge[others[_quantiles(counts[others], left)]] = True
    edges = np.flatnonzero(is_edge)
    if len(edges) > most:
        # Only one is left beside the frequent values, which has become two ends.
        rarest = 1 + int(counts[edges[1:-1]].argmin())
        edges = np.delete(edges, rarest)
    found: Array = values[edges]
    return found


def _find_frequent(counts: NDArray[np.intp], most: int) -> NDArray[np.bool_]:
    """Returns which values have more rows than an equal share of those that the others have."""
    is_frequent = np.zeros(len(counts), np.bool_)
    while True:
        rest = counts[~is_frequent].sum()
        share = rest / (most - int(is_frequent.sum()))
        is_new = (counts > share) & ~is_frequent
        if not is_new.any():
            return is_frequent
        is_frequent |= is_new


def _quantiles(counts: NDArray[np.intp], number: int) -> NDArray[np.intp]:
    """Returns the indices of evenly spaced quantiles of values with these counts.

    They are those of the inverted distribution function: actual values.
    """
    total = counts.cumsum()
    ranks = np.ceil(total[-1] * np.linspace(0, 1, number) - 1).clip(min=0)
    found: NDArray[np.intp] = np.searchsorted(total, ranks, side="right")
    return found
