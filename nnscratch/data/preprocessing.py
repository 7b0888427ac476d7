"""From the values of a data set to the numbers that a network takes.

Missing values are filled in and marked, dates taken apart, numbers scaled and categories one-hot
encoded. All of this is learned from the training part, saved with the weights, and applied again to
the rows to predict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnscratch.data.dataset import UNSEEN, Dataset, Feature
from nnscratch.data.dates import date_parts, part_names
from nnscratch.data.scaling import Scaling, fit_scaling
from nnscratch.nn.parameters import Array

MISSING_LEVEL = "(missing)"


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """Fills in missing values, scales numbers, and turns a category into 0, …, 1, …, 0.

    A number that is missing is filled in, and a missing category is a category of its own where
    the training part has it. Behind the columns come derived ones: 1 where the value of a flagged
    column is missing, else 0; then the parts of dates.

    Attributes:
        features: The columns of a row.
        scaling: Of the columns and the derived ones; it leaves codes of categories and flags as
            they are.
        fill: (columns,), what replaces a missing value; nan where none may be missing. Of a
            category it is a code: one more than the last stands for a category of its own.
        flagged: The indices of the columns with numbers whose missing values are marked.
    """

    features: tuple[Feature, ...]
    scaling: Scaling
    fill: NDArray[np.float64]
    flagged: tuple[int, ...] = ()

    @classmethod
    def fit(
        cls, dataset: Dataset, scaling: str = "none", *, impute: bool = False
    ) -> "Preprocessing":
        """Learns from the training part.

        Args:
            dataset: Its categories are those of the training part.
            scaling: A method of `fit_scaling`; all pixels of an image share one range.
            impute: Whether values may be missing. Numbers become the column's median.
        """
        inputs = dataset.splits["train"].inputs
        features = dataset.features
        fill = np.full(len(features), np.nan)
        if dataset.image:
            shift, factor = fit_scaling(inputs.reshape(-1, 1), scaling)
            return cls(features, Scaling(shift[0], factor[0]), fill)
        flagged: tuple[int, ...] = ()
        if impute and inputs.dtype.kind == "f":  # bytes cannot be missing
            has_missing = np.isnan(inputs).any(axis=0)
            fill = np.array([_choose_fill(inputs[:, i], f) for i, f in enumerate(features)])
            flagged = tuple(
                i for i in np.flatnonzero(has_missing).tolist() if features[i].categories is None
            )
        unscaled = cls(features, Scaling.identity(), fill, flagged)
        shift, factor = fit_scaling(unscaled.widen(inputs), scaling)
        is_kept = np.zeros(len(shift), np.bool_)
        is_kept[: len(features)] = [feature.categories is not None for feature in features]
        is_kept[len(features) : len(features) + len(flagged)] = True
        kept = Scaling(np.where(is_kept, 0.0, shift), np.where(is_kept, 1.0, factor))
        return cls(features, kept, fill, flagged)

    @classmethod
    def none(cls, features: tuple[Feature, ...]) -> "Preprocessing":
        """Returns the preprocessing that leaves numbers as they are."""
        return cls(features, Scaling.identity(), np.full(len(features), np.nan))

    @cached_property
    def has_categories(self) -> bool:
        """Whether a column holds categories."""
        return any(feature.categories is not None for feature in self.features)

    @cached_property
    def category_counts(self) -> tuple[int | None, ...]:
        """How many categories each column and derived column has; None for numbers."""
        counts = tuple(
            None
            if f.categories is None
            else max(len(f.categories), int(np.nan_to_num(code, nan=UNSEEN)) + 1)
            for f, code in zip(self.features, self.fill.tolist(), strict=True)
        )
        return counts + (None,) * (self.columns - len(counts))

    @cached_property
    def date_columns(self) -> dict[int, str]:
        """The format of each column of dates, by the column's index."""
        formats = {i: feature.date_format for i, feature in enumerate(self.features)}
        return {i: each for i, each in formats.items() if each is not None}

    def marks_missing(self, column: int) -> bool:
        """Returns whether a missing value of a column makes an input of its own 1."""
        categories = self.features[column].categories
        return column in self.flagged or self.category_counts[column] != (
            None if categories is None else len(categories)
        )

    @property
    def columns(self) -> int:
        """How many columns there are with the derived ones."""
        parts = sum(len(part_names(each)) for each in self.date_columns.values())
        return len(self.features) + len(self.flagged) + parts

    @property
    def outputs(self) -> int:
        """How many numbers the network gets for a row."""
        return sum(1 if count is None else count for count in self.category_counts)

    @property
    def number_outputs(self) -> tuple[int, ...]:
        """The indices of those among them that are numbers: neither categories nor flags."""
        columns = len(self.features)
        found, start = [], 0
        for i, count in enumerate(self.category_counts):
            is_flag = columns <= i < columns + len(self.flagged)
            if count is None and not is_flag:
                found.append(start)
            start += 1 if count is None else count
        return tuple(found)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of these numbers: `age` for a number, `color = red` for a category."""
        return tuple(self._output_names())

    def _output_names(self) -> Iterator[str]:
        for feature, count in zip(self.features, self.category_counts, strict=False):
            if count is None or feature.categories is None:
                yield feature.name
                continue
            levels = (*feature.categories, MISSING_LEVEL)[:count]
            yield from (f"{feature.name} = {level}" for level in levels)
        for i in self.flagged:
            yield f"{self.features[i].name} is missing"
        for i, date_format in self.date_columns.items():
            yield from (f"{self.features[i].name}: {part}" for part in part_names(date_format))

    def widen(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Returns rows (rows, columns) without missing values, and behind them the derived columns.

        Flags are 1 for a missing value, else 0.
        """
        flags = np.isnan(rows[:, list(self.flagged)]).astype(np.float64) if self.flagged else None
        filled = _fill_in(rows, self.fill)
        parts = [date_parts(filled[:, i], each) for i, each in self.date_columns.items()]
        derived = [*([] if flags is None else [flags]), *parts]
        return np.hstack([filled, *derived]) if derived else filled

    def transform(self, rows: NDArray[Any], dtype: DTypeLike) -> Array:
        """Returns what the network takes, (rows, outputs), for rows (rows, columns).

        A category that the training part does not have is 0 in all columns of its feature.
        """
        # Bytes fit into float32 exactly; other numbers may need the digits of float64 until they
        # are scaled.
        working = dtype if rows.dtype == np.uint8 else np.float64
        numbers = self.scaling.apply(self.widen(rows), working)
        if self.has_categories:
            numbers = np.hstack(
                [
                    numbers[:, i : i + 1]
                    if count is None
                    else numbers[:, i : i + 1] == np.arange(count)
                    for i, count in enumerate(self.category_counts)
                ]
            )
        return numbers.astype(dtype, copy=False)

    def transform_numbers(self, rows: NDArray[Any], dtype: DTypeLike) -> Iterator[Array]:
        """Yields those columns of `transform` that are `number_outputs`, (rows,), one by one."""
        for i, feature in enumerate(self.features):
            if feature.categories is None:
                yield self._alone(i).transform(rows[:, i : i + 1], dtype)[:, 0]
        for i in self.date_columns:
            yield from self._alone(i).transform(rows[:, i : i + 1], dtype).T[1:]

    def _alone(self, column: int) -> "Preprocessing":
        """Returns what is done to a column of numbers and to the parts of its dates."""
        counts = {i: len(part_names(each)) for i, each in self.date_columns.items()}
        first = len(self.features) + len(self.flagged)
        first += sum(count for i, count in counts.items() if i < column)
        places = [column, *range(first, first + counts.get(column, 0))]
        shift, factor = (np.broadcast_to(part, self.columns)[places] for part in self.scaling)
        kept = slice(column, column + 1)
        return Preprocessing(self.features[kept], Scaling(shift, factor), self.fill[kept])


def _fill_in(rows: NDArray[Any], fill: NDArray[np.float64]) -> NDArray[Any]:
    if rows.dtype.kind != "f" or np.isnan(fill).all():
        return rows
    return np.where(np.isnan(rows), fill, rows)


def _choose_fill(column: NDArray[np.float64], feature: Feature) -> float:
    """Returns what replaces a missing value of a column."""
    if feature.categories is None:
        return typical_value(column, feature)
    return float(len(feature.categories)) if np.isnan(column).any() else float(UNSEEN)


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
