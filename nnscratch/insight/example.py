"""One example to look at: a row of the data by its number, or values as a user types them."""

from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.class_names import find_class
from nnscratch.data.columns import Unseen, split_values
from nnscratch.data.dataset import Dataset, Split
from nnscratch.errors import UsageError
from nnscratch.experiment.run_data import choose_split
from nnscratch.formatting import label_text, plain_text, some
from nnscratch.model.predictor import Predictor

_WIDTH = 60


@dataclass(frozen=True)
class Example:
    """A row, and its target if that is known.

    Attributes:
        name: Where the row is from.
        inputs: (1, columns), as a model takes them.
        target: A class index (1,), or numbers (1, outputs).
    """

    name: str
    inputs: NDArray[Any]
    target: NDArray[Any] | None


def take_row(dataset: Dataset, number: int, split: str = "train") -> Example:
    """Returns a row of a part of the data, counted from 0.

    Raises:
        UsageError: There is no such part or row.
    """
    name, part = choose_split(dataset, split)
    if not 0 <= number < len(part):
        raise UsageError(f"{name} has the rows 0 to {len(part) - 1:,}")
    return _row(name, part, number)


def take_values(
    model: Predictor,
    values: str,
    target: NDArray[Any] | None,
    dataset: Dataset | None,
    unseen: Unseen | None = None,
) -> Example:
    """Returns values as a user types them, `5.1,red`.

    Args:
        model: Has the columns.
        values: One for each column.
        target: Their target, as `read_target` returns it; looked up in the data unless given.
        dataset: The data to look it up in.
        unseen: Collects the categories that are not in the training data.

    Raises:
        UsageError: The values do not fit the model.
        NNScratchError: The network's outputs overflow.
    """
    inputs = model.as_table([split_values(values, len(model.features))], unseen)
    model.outputs(inputs)  # refuses what cannot be predicted
    name = f"values {shorten_text(values)}"
    if target is None and dataset:
        for part, split in dataset.splits.items():
            number = _find(split, inputs)
            if number is not None:
                return _row(part, split, number)
    return Example(name, inputs, target)


def read_target(model: Predictor, text: str) -> NDArray[Any]:
    """Returns a target as a user types it: a class (1,), or numbers `1.5,2` (1, numbers).

    Raises:
        UsageError: There is no such class, or the number of numbers is another.
    """
    encoding = model.encoding
    if encoding.classes is not None:
        index = find_class(encoding.classes, text)
        if index is None:
            names = [plain_text(label) for label in encoding.classes]
            near = get_close_matches(text, names, n=1, cutoff=0.6)
            hint = f"; did you mean {label_text(near[0])}?" if near else ""
            raise UsageError(f"the classes are {some(names, 20)}{hint}")
        return np.array([index])
    try:
        parts = split_values(text, encoding.numbers)
        numbers = np.array([[float(part) for part in parts]])
    except ValueError:
        numbers = np.empty((1, 0))
    limit = float(min(np.finfo(member.network.dtype).max for member in model.members))
    allowed = np.isin(numbers, (0, 1)) if encoding.multi_label else np.abs(numbers) <= limit
    if numbers.shape[1] != encoding.numbers or not allowed.all():
        kind = "0 or 1" if encoding.multi_label else "a finite number"
        if encoding.numbers == 1:
            raise UsageError(f"must be {kind}")
        raise UsageError(f"must be {kind} for each of {encoding.numbers} outputs")
    return numbers


def shorten_text(text: str) -> str:
    """Returns text that a user typed as one printable line, short enough for a message."""
    return shorten(label_text(text.strip()), _WIDTH, placeholder=" …")


def _row(name: str, split: Split, number: int) -> Example:
    rows = slice(number, number + 1)
    return Example(f"row {number:,} of {name}", split.inputs[rows], split.targets[rows])


def _find(split: Split, inputs: NDArray[Any]) -> int | None:
    """Returns the first row equal to inputs (1, columns); missing values are equal."""
    missing = np.isnan(inputs[0])
    equal = split.inputs == inputs
    equal[:, missing] = np.isnan(split.inputs[:, missing])
    same = np.flatnonzero(equal.all(axis=1))
    return int(same[0]) if len(same) else None
