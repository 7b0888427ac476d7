"""What a data set is: rows of numbers, what is to be predicted, and what the parts are called."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.network import ROWS_AT_ONCE

Label = str | int | float | bool
# Told what is being done, where that takes long.
Report = Callable[[str], None]

# The code of a category that the training part does not have.
UNSEEN = -1


@dataclass(frozen=True)
class Feature:
    """A column of the inputs.

    Attributes:
        name: What it is called.
        categories: What the codes 0, 1, … stand for; None for a column of numbers.
    """

    name: str
    categories: tuple[str, ...] | None = None

    def to_json(self) -> list[Any]:
        """Returns plain values for `from_json`."""
        return [self.name, self.categories]

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> "Feature":
        """Returns the feature that `to_json` described.

        Raises:
            ValueError: There are not two values.
            TypeError: The categories are not a list.
        """
        name, categories = values
        return cls(str(name), None if categories is None else tuple(map(str, categories)))

    @property
    def width(self) -> int:
        """How many of the network's inputs it takes: one for a number, one for each category."""
        return 1 if self.categories is None else len(self.categories)


@dataclass(frozen=True)
class ImageFormat:
    """Grey pictures, a row of the inputs being the pixels line by line.

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
    """Rows that belong together, such as those trained on.

    Attributes:
        inputs: (rows, features), numbers; nan where a value is missing.
        targets: Class indices (rows,), or numbers (rows, outputs).
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Dataset:
    """A data set in its parts.

    Attributes:
        splits: By name; `train` is always there.
        features: One for each column of the inputs.
        classes: The labels that class indices stand for, or None where targets are numbers.
        codes: The numbers that a loss of plain numbers takes for "not this class" and "this class".
        image: Where a row is a picture.
        held_out: The splits that were drawn from `train`; others came with the data.
        notes: What a reader should know about the rows.
        target_names: What the numbers of a target are called, if they have names.
    """

    splits: dict[str, Split]
    features: tuple[Feature, ...]
    classes: tuple[Label, ...] | None
    codes: tuple[float, float] = (0.0, 1.0)
    image: ImageFormat | None = None
    held_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()

    @property
    def numbers(self) -> int:
        """How many numbers a row's target has; 1 for a class."""
        return 1 if self.classes else self.splits["train"].targets.shape[1]

    def fingerprint(self) -> str:
        """Returns the SHA-256 of all rows and names, the same on every machine."""
        features = tuple((feature.name, feature.categories) for feature in self.features)
        names = (self.target_names,) if self.target_names else ()
        digest = hashlib.sha256(repr((features, self.classes, self.codes, *names)).encode())
        for name, split in self.splits.items():
            for array in (split.inputs, split.targets):
                digest.update(f"{name} {array.shape}".encode())
                for start in range(0, len(array), ROWS_AT_ONCE):
                    digest.update(_portable(array[start : start + ROWS_AT_ONCE]).data)
        return digest.hexdigest()


def number_features(count: int, name: str = "x") -> tuple[Feature, ...]:
    """Returns features of numbers called x1, x2 and so on."""
    return tuple(Feature(f"{name}{i}") for i in range(1, count + 1))


def _portable(array: NDArray[Any]) -> NDArray[Any]:
    """Returns the values in a form that is the same on every machine."""
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    # Neither the size of an index nor the order of bytes is the same on every machine.
    return np.ascontiguousarray(array, "<f8" if array.dtype.kind == "f" else "<i8")
