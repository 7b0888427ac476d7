"""What is to be predicted: whether labels are classes or numbers, and the classes' indices."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Label

# Whole numbers of more kinds than this are taken for numbers, such as ages.
_MANY = 20
_EXACT = 2.0**53


def index_targets(
    labels: Sequence[Any], task: str = "auto"
) -> tuple[tuple[Label, ...] | None, NDArray[Any]]:
    """Returns (classes, each row's index among them), or (None, numbers (rows, outputs)).

    Args:
        labels: A class, a number or a list of numbers for each row, all of one kind.
        task: `classification`; `regression`; `regression_if_possible`, where only text, true and
            false are classes; or `auto`, where 0 and 1, -1 and 1, and up to 20 different whole
            numbers, each of which occurs twice on average, are classes too.
    """
    if not _are_classes(labels, task):
        return None, np.array(labels, dtype=np.float64).reshape(len(labels), -1)
    classes = tuple(sorted(set(labels)))
    position = {label: index for index, label in enumerate(classes)}
    return classes, np.array([position[label] for label in labels], dtype=np.intp)


def index_parts(
    parts: Mapping[str, Sequence[Any]], task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    """Returns (classes, each part's indices), or (None, each part's numbers), from all labels."""
    classes, encoded = index_targets([label for part in parts.values() for label in part], task)
    ends = np.cumsum([len(part) for part in parts.values()])[:-1]
    return classes, dict(zip(parts, np.split(encoded, ends), strict=True))


def whole_as_int(parts: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Returns floats as whole numbers if all of them are, so that 1.0 is the class 1."""
    if all(map(_are_whole, parts.values())):
        return {name: y.astype(np.int64) for name, y in parts.items()}
    return parts


def _are_whole(numbers: NDArray[Any]) -> bool:
    if numbers.dtype.kind not in "iuf":
        return False
    # Larger floats are whole only because they have no digits left.
    return bool(((numbers == np.floor(numbers)) & (np.abs(numbers) < _EXACT)).all())


def _are_classes(labels: Sequence[Any], task: str) -> bool:
    if task in ("classification", "regression"):
        return task == "classification"
    if any(isinstance(label, list) for label in labels):
        return False
    if isinstance(labels[0], str | bool):
        return True
    distinct = set(labels)
    if task == "regression_if_possible":
        return False
    if distinct in ({0, 1}, {-1, 1}):
        return True
    whole = all(isinstance(label, int) for label in labels)
    return whole and len(distinct) <= min(_MANY, len(labels) / 2)
