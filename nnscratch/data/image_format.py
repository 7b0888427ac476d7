"""Recognizing grey images among rows of numbers, by their shape, values and column names.

Data that is recognized as images is scaled and drawn as such.
"""

import re
from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import ImageFormat

# Fewer than 8 × 8 numbers are more likely the columns of a table than pixels.
_SMALLEST_SIDE = 8
_WHITE = 255.0
_NAME = re.compile(r"pixel_?(\d+)|(\d+)x(\d+)")


def image_of_shape(shape: tuple[int, ...], inputs: NDArray[Any]) -> ImageFormat | None:
    """Returns the format of grey images, or None if the rows are not grey images.

    Args:
        shape: The shape of one row before it was flattened: (height, width), (height, width, 1),
            or for bytes also (side · side,).
        inputs: The rows, (rows, height · width).
    """
    is_bytes = inputs.dtype == np.uint8
    if len(shape) == 1 and is_bytes:
        shape = _square(shape[0]) or shape
    if len(shape) < 2 or shape[2:] not in ((), (1,)):
        return None
    largest = float(inputs.max())
    # A few fractions may be a sequence of measurements rather than an image.
    if inputs.min() < 0 or largest == 0 or (min(shape[:2]) < _SMALLEST_SIDE and not is_bytes):
        return None
    if is_bytes:
        return ImageFormat(shape[0], shape[1], _WHITE)
    white = next(x for x in (1.0, _WHITE, largest) if largest <= x)
    return ImageFormat(shape[0], shape[1], white)


def image_of_names(names: Sequence[str]) -> ImageFormat | None:
    """Returns the format of square images whose columns are called pixel0, … or 1x1, …; or None."""
    found = [_NAME.fullmatch(name) for name in names]
    places = [tuple(int(n) for n in match.groups() if n) for match in found if match]
    square = _square(len(names))
    # In any other order, such as the alphabetical one, the columns are not an image row by row.
    if square is None or len(places) < len(names) or places != sorted(places):
        return None
    return ImageFormat(*square, _WHITE)


def are_bytes(table: NDArray[Any]) -> bool:
    """Returns whether all numbers are whole and from 0 to 255; a missing value, nan, is not."""
    return bool(((table >= 0) & (table <= _WHITE) & (table == np.floor(table))).all())


def _square(pixels: int) -> tuple[int, int] | None:
    side = isqrt(pixels)
    return (side, side) if side * side == pixels and side >= _SMALLEST_SIDE else None
