"""Rows that stand in the config itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnscratch.data.dataset import Dataset, Label, Split


def load_inline(
    inputs: Sequence[Sequence[float]], targets: Sequence[Any], task: str = "auto"
) -> Dataset:
    """Returns the rows as they are written.

    Args:
        inputs: Rows of numbers, all of one width.
        targets: For each row a class, a number, or a list of numbers.
        task: `classes`, `numbers`, or `auto`: words, true and false, 0 and 1, -1 and 1, and whole
            numbers of which each stands there twice on average are classes.
    """
    table = np.array(inputs, dtype=np.float64)
    names = tuple(f"x{i}" for i in range(1, table.shape[1] + 1))
    if task == "classes" or (task == "auto" and _are_classes(targets)):
        classes, indices = _index(targets)
        return Dataset({"train": Split(table, indices)}, names, classes)
    numbers = np.array(targets, dtype=np.float64).reshape(len(targets), -1)
    return Dataset({"train": Split(table, numbers)}, names, classes=None)


def _are_classes(targets: Sequence[Any]) -> bool:
    if any(isinstance(target, list) for target in targets):
        return False
    distinct = set(targets)
    if distinct in ({0, 1}, {-1, 1}) or isinstance(targets[0], str | bool):
        return True
    return all(isinstance(t, int) for t in targets) and 2 * len(distinct) <= len(targets)


def _index(targets: Sequence[Label]) -> tuple[tuple[Label, ...], np.ndarray[Any, Any]]:
    """Returns the distinct labels in order and each target's index among them."""
    classes = tuple(sorted(set(targets)))
    position = {label: index for index, label in enumerate(classes)}
    return classes, np.array([position[target] for target in targets], dtype=np.intp)
