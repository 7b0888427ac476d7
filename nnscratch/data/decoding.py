"""From the numbers and codes of a table's columns back to the values that they stand for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import value_text
from nnscratch.data.dataset import UNSEEN, Feature


def decode_column(feature: Feature, column: NDArray[Any]) -> list[Any]:
    """Returns the numbers, categories or dates of an encoded column; None for a missing value.

    A category that training did not have is None too.
    """

    def decode(value: float) -> Any:
        if np.isnan(value) or (feature.categories is not None and value == UNSEEN):
            return None
        if feature.categories is not None:
            return feature.categories[int(value)]
        return value if feature.is_number else value_text(feature, value)

    return list(map(decode, column.tolist()))
