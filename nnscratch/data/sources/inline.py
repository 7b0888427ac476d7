"""Rows that stand in the config itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.targets import index_targets


def load_inline(
    inputs: Sequence[Sequence[float]], targets: Sequence[Any], task: str = "auto"
) -> Dataset:
    """Returns the rows as they are written.

    Args:
        inputs: Rows of numbers, all of one width.
        targets: For each row a class, a number, or a list of numbers.
        task: As for `index_targets`.
    """
    table = np.array(inputs, dtype=np.float64)
    classes, encoded = index_targets(targets, task)
    return Dataset({"train": Split(table, encoded)}, number_features(table.shape[1]), classes)
