"""From the numbers and codes of a table's columns back to the values that they stand for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.dates import date_text
from nnscratch.formatting import label_text

# Whole numbers below this are written in full, others with six digits.
_IN_FULL = 1e15


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


def value_text(feature: Feature, value: float) -> str:
    """Returns a column's number or code as the value that it stands for; nothing for nan."""
    if np.isnan(value):
        return ""
    if feature.date_format is not None:
        return date_text(value, feature.date_format)
    if feature.categories is not None:
        return label_text(feature.categories[int(value)]) if value >= 0 else "(unseen)"
    is_short = abs(value) < _IN_FULL and value == int(value)
    return f"{value:.0f}" if is_short else f"{value:g}"
