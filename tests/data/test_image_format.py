"""Which rows of numbers are images: recognized by shape and values, or by their columns' names."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.dataset import ImageFormat
from nnscratch.data.image_format import are_bytes, image_of_names, image_of_shape


def rows(shape: tuple[int, ...], low: float, high: float, dtype: str) -> NDArray[Any]:
    """Three rows for images of a shape, whose smallest and largest number are these."""
    made = np.linspace(low, high, 3 * int(np.prod(shape))).reshape(3, -1)
    return made.astype(dtype)


@pytest.mark.parametrize(
    ("shape", "low", "high", "dtype", "form"),
    [
        ((28, 28), 0, 255, "uint8", (28, 28, 255)),
        ((28, 28, 1), 0, 255, "uint8", (28, 28, 255)),
        ((28, 28), 0, 9, "uint8", (28, 28, 255)),  # dark ones are images too
        ((784,), 0, 255, "uint8", (28, 28, 255)),
        ((64,), 0, 16, "uint8", (8, 8, 255)),
        ((5, 4), 0, 255, "uint8", (5, 4, 255)),
        ((28, 20), 0, 1, "float32", (28, 20, 1)),
        ((28, 28), 0, 0.5, "float64", (28, 28, 1)),
        ((8, 8), 0, 16, "float64", (8, 8, 255)),
        ((28, 28), 0, 255, "float64", (28, 28, 255)),
        ((28, 28, 1), 0, 65535, "float64", (28, 28, 65535)),
    ],
)
def test_grey_images(
    shape: tuple[int, ...], low: float, high: float, dtype: str, form: tuple[int, int, float]
) -> None:
    assert image_of_shape(shape, rows(shape, low, high, dtype)) == ImageFormat(*form)


@pytest.mark.parametrize(
    ("shape", "low", "high", "dtype"),
    [
        ((28, 28), -1, 1, "float32"),
        ((28, 28), -1e-9, 255, "float64"),
        ((28, 28), 0, 0, "float64"),
        ((28, 28), 0, 0, "uint8"),
        ((20, 3), 0, 1, "float64"),  # twenty measurements of three things
        ((3, 20), 0, 255, "float64"),
        ((7, 7), 0, 1, "float32"),
        ((784,), 0, 1, "float64"),  # a table
        ((49,), 0, 255, "uint8"),
        ((785,), 0, 255, "uint8"),
        ((32, 32, 3), 0, 255, "uint8"),  # coloured
        ((32, 32, 3), 0, 1, "float64"),
        ((8, 8, 8, 1), 0, 255, "uint8"),
    ],
)
def test_rows_that_are_not_grey_images(
    shape: tuple[int, ...], low: float, high: float, dtype: str
) -> None:
    assert image_of_shape(shape, rows(shape, low, high, dtype)) is None


def counted(first: int, count: int, form: str = "pixel{}") -> list[str]:
    return [form.format(i) for i in range(first, first + count)]


def grid(side: int, first: int = 1) -> list[str]:
    places = range(first, first + side)
    return [f"{row}x{column}" for row in places for column in places]


@pytest.mark.parametrize(
    ("names", "side"),
    [
        (counted(0, 784), 28),  # Kaggle's Digit Recognizer
        (counted(1, 784), 28),  # OpenML's mnist_784
        (counted(0, 64, "pixel_{}"), 8),
        (counted(0, 784, "pixel{:03}"), 28),
        (grid(28), 28),  # mnist_train.csv
        (grid(8, first=0), 8),
    ],
)
def test_names_of_pixels_in_order(names: list[str], side: int) -> None:
    assert image_of_names(names) == ImageFormat(side, side, 255)


@pytest.mark.parametrize(
    "names",
    [
        sorted(counted(0, 784)),  # pixel0, pixel1, pixel10
        sorted(grid(28)),
        counted(0, 784)[::-1],
        [*counted(1, 783), "pixel0"],
        counted(0, 783),
        counted(0, 49),
        [*counted(0, 63), "width"],
        counted(0, 64, "x{}"),
        counted(0, 64, "my pixel{}"),
        counted(0, 64, "pixel{}.5"),
        [],
    ],
    ids=[
        "alphabetical", "alphabetical grid", "backwards", "one out of order", "no square",
        "too few", "another column", "other names", "words before", "words behind", "none",
    ],
)  # fmt: skip
def test_names_that_are_not_of_images(names: list[str]) -> None:
    assert image_of_names(names) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, True), (255, True), (256, False), (-1, False), (0.5, False), (float("nan"), False)],
)
def test_bytes_are_whole_numbers_from_0_to_255(value: float, expected: bool) -> None:
    assert are_bytes(np.array([[0.0, value], [7.0, 8.0]])) is expected
