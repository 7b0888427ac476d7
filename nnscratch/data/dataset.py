"""The data set: rows of numbers with their targets, in parts, and the names of both.

Every source of data returns one, and everything that learns or draws takes one.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.tables import TableFormat
from nnscratch.nn.network import ROWS_AT_ONCE

Label = str | int | float | bool
# Takes a line that says what is being done, where that takes long.
Report = Callable[[str], None]

# The code of a category that the training part does not have.
UNSEEN = -1


@dataclass(frozen=True)
class Feature:
    """A column of the inputs.

    Attributes:
        name: The column's name.
        categories: What the codes 0, 1, … stand for; None for a column of numbers.
        date_format: How dates are written in the column, whose numbers are days; None for all
            other columns.
    """

    name: str
    categories: tuple[str, ...] | None = None
    date_format: str | None = None

    def to_json(self) -> list[Any]:
        """Returns plain values for `from_json`."""
        dates = [] if self.date_format is None else [self.date_format]
        return [self.name, self.categories, *dates]

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> "Feature":
        """Returns the feature that `to_json` described.

        Raises:
            ValueError: There are not two or three values.
            TypeError: The name, a category or the format of dates is not text, or the categories
                are not a list.
        """
        name, categories, *dates = values
        if len(dates) > 1:
            raise ValueError("a feature has more than three values")
        if not all(isinstance(text, str) for text in (name, *(categories or ()), *dates)):
            raise TypeError("a feature has a name and categories, which are texts")
        return cls(name, None if categories is None else tuple(categories), *dates)

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers as such, neither categories nor dates."""
        return self.categories is None and self.date_format is None

    @property
    def width(self) -> int:
        """How many of the network's inputs it takes: one for a number, one for each category."""
        return 1 if self.categories is None else len(self.categories)


@dataclass(frozen=True)
class ImageFormat:
    """The format of grey images, of which each row of the inputs holds the pixels line by line.

    Attributes:
        height: In pixels.
        width: In pixels.
        largest: The number for white; black is 0.
    """

    height: int
    width: int
    largest: float


@dataclass(frozen=True)
class Split:
    """The rows of one part, such as those to train on.

    Attributes:
        inputs: Numbers (rows, features); nan where a value is missing.
        targets: Class indices (rows,), or numbers (rows, outputs).
        weights: How much each row counts (rows,), at least 0; None if all count the same.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    weights: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, rows: Any) -> "Split":
        """Returns the split of some rows only, by their indices or a slice."""
        weights = None if self.weights is None else self.weights[rows]
        return Split(self.inputs[rows], self.targets[rows], weights)


@dataclass(frozen=True)
class Dataset:
    """A data set and its parts.

    Attributes:
        splits: The parts by name; `train` is always one of them.
        features: The columns of the inputs.
        classes: The labels that the class indices stand for; None if the targets are numbers.
        codes: What a regression loss takes for "not this class" and "this class".
        image: The format of the rows if they are images.
        held_out: The parts that were drawn from `train`; all others came with the data. One that is
            none of the splits was drawn by each of several networks for itself.
        notes: Remarks on the rows, for those who read about the run.
        target_names: The names of the numbers in a target, if they have any.
        table: How the table is written that the rows were read from, if it is one.
        order: What the rows of `train` are sorted by before the last ones are held out; None for
            the order in which they stand.
        groups: The group of each row of `train`, a number; no group is in two parts. None if each
            row is one of its own. Both are forgotten when rows have been held out.
        is_sample: Whether only the first rows were read.
    """

    splits: dict[str, Split]
    features: tuple[Feature, ...]
    classes: tuple[Label, ...] | None
    codes: tuple[float, float] = (0.0, 1.0)
    image: ImageFormat | None = None
    held_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    table: TableFormat | None = None
    order: NDArray[Any] | None = None
    groups: NDArray[np.intp] | None = None
    is_sample: bool = False

    @property
    def numbers(self) -> int:
        """The number of numbers in a row's target; 1 for a class."""
        return 1 if self.classes else self.splits["train"].targets.shape[1]

    def fingerprint(self) -> str:
        """Returns the SHA-256 of all rows and names, which is the same on every machine."""
        features = tuple(tuple(feature.to_json()) for feature in self.features)
        names = (self.target_names,) if self.target_names else ()
        digest = hashlib.sha256(repr((features, self.classes, self.codes, *names)).encode())
        for name, split in self.splits.items():
            weights = [] if split.weights is None else [split.weights]
            for array in (split.inputs, split.targets, *weights):
                digest.update(f"{name} {array.shape}".encode())
                for start in range(0, len(array), ROWS_AT_ONCE):
                    digest.update(_portable(array[start : start + ROWS_AT_ONCE]).data)
        return digest.hexdigest()


def number_features(count: int, name: str = "x") -> tuple[Feature, ...]:
    """Returns numeric features called x1, x2, …."""
    return tuple(Feature(f"{name}{i}") for i in range(1, count + 1))


def _portable(array: NDArray[Any]) -> NDArray[Any]:
    """Returns the values as bytes, or as little-endian numbers of 8 bytes."""
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    return np.ascontiguousarray(array, "<f8" if array.dtype.kind == "f" else "<i8")
