"""One example to look at: a row of the data by its number, or values as they are typed."""

from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import Unseen, split_values
from nnscratch.data.dataset import Dataset, Split
from nnscratch.errors import UsageError
from nnscratch.experiment.run_data import choose_split
from nnscratch.formatting import label_text, plain_text, some
from nnscratch.model.model import Model

# So much of what was typed is said again.
_WIDTH = 60


@dataclass(frozen=True)
class Example:
    """A row, and what is right for it if that is known.

    Attributes:
        name: Where it is from.
        inputs: (1, columns), as a model takes them.
        target: A class index (1,), or numbers (1, outputs).
    """

    name: str
    inputs: NDArray[Any]
    target: NDArray[Any] | None


def take_row(dataset: Dataset, number: int, split: str | None = None) -> Example:
    """Returns a row of the data, counted from 0; one of those trained on unless told otherwise.

    Raises:
        UsageError: There is no such split or row.
    """
    name, part = choose_split(dataset, "train" if split is None else split)
    if not 0 <= number < len(part):
        raise UsageError(f"--row {number}: {name} has the rows 0 to {len(part) - 1:,}")
    rows = slice(number, number + 1)
    return Example(f"row {number:,} of {name}", part.inputs[rows], part.targets[rows])


def take_values(
    model: Model,
    values: str,
    target: str | None,
    dataset: Dataset | None,
    unseen: Unseen | None = None,
) -> Example:
    """Returns values as they are typed, `5.1,red`.

    Args:
        model: Knows the columns and the classes.
        values: One for each column.
        target: What is right for them; looked up in the data unless given.
        dataset: Where that is looked up.
        unseen: Takes the words that training did not have, by their columns.

    Raises:
        UsageError: They do not fit the model.
    """
    name = f"--input {shorten(label_text(values.strip()), _WIDTH, placeholder=' …')}"
    try:
        inputs = model.as_table([split_values(values)], unseen)
        model.outputs(inputs)  # refuses what cannot go in
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    if target is not None:
        return Example(name, inputs, read_target(model, target))
    for part, split in dataset.splits.items() if dataset else ():
        found = _find(split, inputs)
        if found is not None:
            rows = slice(found, found + 1)
            return Example(f"row {found:,} of {part}", inputs, split.targets[rows])
    return Example(name, inputs, None)


def read_target(model: Model, text: str) -> NDArray[Any]:
    """Returns a target as it is typed: a class (1,), or numbers `1.5,2` (1, numbers).

    Raises:
        UsageError: There is no such class, or they are not as many numbers.
    """
    encoding = model.encoding
    if encoding.classes is not None:
        names = [plain_text(label) for label in encoding.classes]
        if text not in names:
            near = get_close_matches(text, names, n=1, cutoff=0.6)
            hint = f"; did you mean {label_text(near[0])}?" if near else ""
            raise UsageError(
                f"--target {label_text(text)}: the classes are {some(names, 20)}{hint}"
            )
        return np.array([names.index(text)])
    try:
        numbers = np.array([[float(part) for part in text.split(",")]])
    except ValueError:
        numbers = np.empty((1, 0))
    limit = float(np.finfo(model.network.dtype).max)
    allowed = np.isin(numbers, (0, 1)) if encoding.multi_label else np.abs(numbers) <= limit
    if numbers.shape[1] != encoding.numbers or not allowed.all():
        kind = "0 or 1" if encoding.multi_label else "a finite number"
        many = f", for each of {encoding.numbers}" if encoding.numbers > 1 else ""
        raise UsageError(f"--target {label_text(text)}: must be {kind}{many}")
    return numbers


def _find(split: Split, inputs: NDArray[Any]) -> int | None:
    """Returns the first row that is exactly this one, (1, columns); a hole equals a hole."""
    hole = np.isnan(inputs[0])
    equal = split.inputs == inputs
    equal[:, hole] = np.isnan(split.inputs[:, hole])
    same = np.flatnonzero(equal.all(axis=1))
    return int(same[0]) if len(same) else None
