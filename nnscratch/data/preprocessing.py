"""From the values of a data set to the numbers that a network takes.

Missing values are filled in, numbers scaled and categories one-hot encoded. All of this is learned
from the training part, saved with the weights, and applied again to the rows to predict.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnscratch.data.dataset import Dataset, Feature
from nnscratch.data.scaling import Scaling, fit_scaling
from nnscratch.nn.parameters import Array


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """Fills in missing values, scales numbers, and turns a category into 0, …, 1, …, 0.

    Attributes:
        features: The columns of a row.
        scaling: Of the columns; it leaves the codes of categories as they are.
        fill: (columns,), what replaces a missing value; nan where none may be missing.
    """

    features: tuple[Feature, ...]
    scaling: Scaling
    fill: NDArray[np.float64]

    @classmethod
    def fit(
        cls, dataset: Dataset, scaling: str = "none", *, impute: bool = False
    ) -> "Preprocessing":
        """Learns from the training part.

        Args:
            dataset: Its categories are those of the training part.
            scaling: A method of `fit_scaling`; all pixels of an image share one range.
            impute: Whether missing values are filled in, with a column's median or its most
                frequent category.
        """
        inputs = dataset.splits["train"].inputs
        features = dataset.features
        fill = np.full(len(features), np.nan)
        if impute and inputs.dtype.kind == "f":  # bytes cannot be missing
            fill = np.array([typical_value(inputs[:, i], f) for i, f in enumerate(features)])
            inputs = _fill_in(inputs, fill)
        if dataset.image:
            shift, factor = fit_scaling(inputs.reshape(-1, 1), scaling)
            return cls(features, Scaling(shift[0], factor[0]), fill)
        shift, factor = fit_scaling(inputs, scaling)
        is_code = np.array([feature.categories is not None for feature in features])
        numbers_only = Scaling(np.where(is_code, 0.0, shift), np.where(is_code, 1.0, factor))
        return cls(features, numbers_only, fill)

    @classmethod
    def none(cls, features: tuple[Feature, ...]) -> "Preprocessing":
        """Returns the preprocessing that leaves numbers as they are."""
        return cls(features, Scaling.identity(), np.full(len(features), np.nan))

    @cached_property
    def has_categories(self) -> bool:
        """Whether a column holds categories."""
        return any(feature.categories is not None for feature in self.features)

    @property
    def outputs(self) -> int:
        """How many numbers the network gets for a row."""
        return sum(feature.width for feature in self.features)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of these numbers: `age` for a number, `color = red` for a category."""
        return tuple(
            feature.name if category is None else f"{feature.name} = {category}"
            for feature in self.features
            for category in feature.categories or (None,)
        )

    def transform(self, rows: NDArray[Any], dtype: DTypeLike) -> Array:
        """Returns what the network takes, (rows, outputs), for rows (rows, columns).

        A category that the training part does not have is 0 in all columns of its feature.
        """
        # Bytes fit into float32 exactly; other numbers may need the digits of float64 until they
        # are scaled.
        working = dtype if rows.dtype == np.uint8 else np.float64
        numbers = self.scaling.apply(_fill_in(rows, self.fill), working)
        if self.has_categories:
            numbers = np.hstack(
                [
                    numbers[:, i : i + 1]
                    if feature.categories is None
                    else numbers[:, i : i + 1] == np.arange(len(feature.categories))
                    for i, feature in enumerate(self.features)
                ]
            )
        return numbers.astype(dtype, copy=False)


def _fill_in(rows: NDArray[Any], fill: NDArray[np.float64]) -> NDArray[Any]:
    if rows.dtype.kind != "f" or np.isnan(fill).all():
        return rows
    return np.where(np.isnan(rows), fill, rows)


def typical_value(column: NDArray[np.float64], feature: Feature) -> float:
    """Returns the median of a column's numbers, or the code of its most frequent category.

    Missing values do not count; it is 0 where all are missing.
    """
    known = column[~np.isnan(column)]
    if not len(known):
        return 0.0
    if feature.categories is None:
        return float(np.median(known))
    return float(np.bincount(known.astype(np.intp)).argmax())
