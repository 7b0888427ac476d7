"""From the values of a data set to the numbers a network takes.

Missing values are filled, numbers scaled and words one-hot encoded. All of it is learnt from the
rows trained on, saved with the weights, and done again to whatever is predicted.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnscratch.data.dataset import Dataset, Feature
from nnscratch.nn.network import ROWS_AT_ONCE
from nnscratch.nn.parameters import Array

_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """x' = (x − shift) · scale for numbers; 0, …, 1, …, 0 for words.

    Attributes:
        features: The columns that go in.
        shift: (columns,), or () where all columns share it; 0 for words.
        scale: Likewise; 1 for words.
        fill: (columns,), what a missing value is taken for; nan where there must be none.
    """

    features: tuple[Feature, ...]
    shift: NDArray[np.float64]
    scale: NDArray[np.float64]
    fill: NDArray[np.float64]

    @classmethod
    def fit(
        cls, dataset: Dataset, scaling: str = "none", *, impute: bool = False
    ) -> "Preprocessing":
        """Learns from the training part.

        Args:
            dataset: Its words are those of the training part.
            scaling: `minmax` maps the smallest and largest value to 0 and 1; `standardize` makes
                the mean 0 and the standard deviation 1; `none`. All pixels of a picture share one
                range. A column that does not vary becomes 0.
            impute: Whether missing values are filled: by a column's median, or commonest word.
        """
        inputs, features = dataset.splits["train"].inputs, dataset.features
        fill = np.full(len(features), np.nan)
        if impute and inputs.dtype.kind == "f":  # bytes have no holes
            fill = np.array([middle(inputs[:, i], f) for i, f in enumerate(features)])
            inputs = _filled(inputs, fill)
        if dataset.image:
            inputs = inputs.reshape(-1, 1)
        shift, scale = fit_scaling(inputs, scaling)
        if dataset.image:
            return cls(features, shift[0], scale[0], fill)
        words = np.array([feature.categories is not None for feature in features])
        return cls(features, np.where(words, 0.0, shift), np.where(words, 1.0, scale), fill)

    @classmethod
    def none(cls, features: tuple[Feature, ...]) -> "Preprocessing":
        """Returns what leaves numbers as they are."""
        return cls(features, np.zeros(()), np.ones(()), np.full(len(features), np.nan))

    @cached_property
    def _has_words(self) -> bool:
        return any(feature.categories is not None for feature in self.features)

    @property
    def outputs(self) -> int:
        """How many numbers the network gets for a row."""
        return sum(feature.width for feature in self.features)

    @property
    def is_identity(self) -> bool:
        """Whether numbers go in as they are."""
        return not self.shift.any() and bool((self.scale == 1.0).all())

    @property
    def output_names(self) -> tuple[str, ...]:
        """What these numbers are called: `age`, and `color = red` for a word."""
        return tuple(
            feature.name if word is None else f"{feature.name} = {word}"
            for feature in self.features
            for word in feature.categories or (None,)
        )

    def transform(self, rows: NDArray[Any], dtype: DTypeLike) -> Array:
        """Returns what the network takes, (rows, outputs), for rows (rows, columns).

        A word that training did not have is 0 for every word that it had.
        """
        # Bytes fit into float32 exactly; other numbers may need the digits of float64 until they
        # are scaled.
        working = dtype if rows.dtype == np.uint8 else np.float64
        numbers: Array = _filled(rows, self.fill).astype(working)
        if self.shift.any():
            numbers -= self.shift.astype(working)
        numbers *= self.scale.astype(working)
        if self._has_words:
            numbers = np.hstack(
                [
                    numbers[:, i : i + 1]
                    if feature.categories is None
                    else numbers[:, i : i + 1] == np.arange(len(feature.categories))
                    for i, feature in enumerate(self.features)
                ]
            )
        return numbers.astype(dtype, copy=False)


def _filled(rows: NDArray[Any], fill: NDArray[np.float64]) -> NDArray[Any]:
    if rows.dtype.kind != "f" or np.isnan(fill).all():
        return rows
    return np.where(np.isnan(rows), fill, rows)


def middle(column: NDArray[np.float64], feature: Feature) -> float:
    """Returns the median of a column's numbers, or the code of its commonest word; holes aside."""
    known = column[~np.isnan(column)]
    if not len(known):
        return 0.0
    if feature.categories is None:
        return float(np.median(known))
    return float(np.bincount(known.astype(np.intp)).argmax())


def fit_scaling(
    inputs: NDArray[Any], scaling: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns shift and scale (columns,) of inputs (rows, columns), as `Preprocessing` has them."""
    columns = inputs.shape[1]
    shift, spread = np.zeros(columns), np.ones(columns)
    if scaling == "minmax":
        shift = inputs.min(axis=0).astype(np.float64)
        spread = inputs.max(axis=0) - shift
    elif scaling == "standardize":
        shift = inputs.mean(axis=0, dtype=np.float64)
        spread = _standard_deviation(inputs, shift)
    # What rounding alone makes of a column that does not vary is no spread.
    least = np.maximum(_ROUNDING * np.abs(shift), np.finfo(np.float64).tiny)
    return shift, 1.0 / np.where(spread > least, spread, 1.0)


def _standard_deviation(inputs: NDArray[Any], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns √mean((x − mean)²) of each column, without floats of all bytes at once."""
    squares = np.zeros(len(mean))
    for start in range(0, len(inputs), ROWS_AT_ONCE):
        difference = inputs[start : start + ROWS_AT_ONCE] - mean
        squares += np.square(difference, out=difference).sum(axis=0)
    deviation: NDArray[np.float64] = np.sqrt(squares / len(inputs))
    return deviation
