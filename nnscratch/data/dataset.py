"""What a data set is: rows of numbers, what is to be predicted, and what the parts are called."""

import hashlib
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Label = str | int | float | bool


@dataclass(frozen=True)
class Split:
    """Rows that belong together, such as those trained on.

    Attributes:
        inputs: (rows, features), numbers.
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
        feature_names: One for each column of the inputs.
        classes: The labels that class indices stand for, or None where targets are numbers.
        codes: The numbers that a loss of plain numbers takes for "not this class" and "this class".
    """

    splits: dict[str, Split]
    feature_names: tuple[str, ...]
    classes: tuple[Label, ...] | None
    codes: tuple[float, float] = (0.0, 1.0)

    @property
    def numbers(self) -> int:
        """How many numbers a row's target has; 1 for a class."""
        return 1 if self.classes else self.splits["train"].targets.shape[1]

    def fingerprint(self) -> str:
        """Returns the SHA-256 of all rows and names, the same on every machine."""
        digest = hashlib.sha256(repr((self.feature_names, self.classes, self.codes)).encode())
        for name, split in self.splits.items():
            for array in (split.inputs, split.targets):
                digest.update(f"{name} {array.shape}".encode())
                # Neither the size of an index nor the order of bytes is the same on every machine.
                digest.update(array.astype("<f8" if array.dtype.kind == "f" else "<i8").tobytes())
        return digest.hexdigest()
