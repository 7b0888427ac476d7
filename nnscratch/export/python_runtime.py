"""What an exported Python file computes with: it takes over the functions that its model needs.

Everything here needs the standard library only, and nothing of nnscratch.
"""

import base64
import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from operator import mul

Numbers = list[float]


class RowError(ValueError):
    """A row cannot be predicted; the message says why."""


def unpack(code: str, width: int, text: str) -> list[Numbers]:
    """Returns rows of `width` numbers from packed bytes; `code` is f or d, as for struct."""
    content = zlib.decompress(base64.b64decode(text))
    numbers = struct.unpack(f"<{len(content) // struct.calcsize(code)}{code}", content)
    return [list(numbers[i : i + width]) for i in range(0, len(numbers), width)]


def recode(x: Numbers, codes: Sequence[tuple[int, ...] | None]) -> Numbers:
    """Replaces each index of a category by another; -1 and nan stay."""
    return [
        float(new[int(number)]) if new is not None and number >= 0 else number
        for number, new in zip(x, codes, strict=True)
    ]


def flag_missing(x: Numbers, columns: Iterable[int]) -> Numbers:
    """Appends, for each of these columns, 1 where its value is missing, else 0."""
    return [*x, *(float(x[i] != x[i]) for i in columns)]


def impute(x: Numbers, values: Numbers) -> Numbers:
    """Fills in missing values."""
    return [value if number != number else number for number, value in zip(x, values, strict=True)]


def scale(x: Numbers, shift: Numbers, factor: Numbers) -> Numbers:
    """Returns (x - shift) * factor."""
    return [(a - b) * c for a, b, c in zip(x, shift, factor, strict=True)]


def encode_categories(x: Numbers, counts: Sequence[int | None]) -> Numbers:
    """Replaces the index of a category by a number for each category: 0, ..., 1, ..., 0."""
    encoded: Numbers = []
    for number, count in zip(x, counts, strict=True):
        encoded += [number] if count is None else [float(number == i) for i in range(count)]
    return encoded


def embed_numbers(
    x: Numbers,
    columns: Sequence[int],
    frequencies: Sequence[Numbers],
    phases: Sequence[Numbers],
    kernels: Sequence[Numbers],
    biases: Numbers,
) -> Numbers:
    """Appends sums of cos(2 pi x f + phase) for some columns; each has as many of the kernels."""
    size = len(kernels) // len(columns)
    waves = [
        [math.cos(2.0 * math.pi * x[i] * a + b) for a, b in zip(own, others, strict=True)]
        for i, own, others in zip(columns, frequencies, phases, strict=True)
    ]
    sums = [sum(map(mul, kernel, waves[i // size])) for i, kernel in enumerate(kernels)]
    return [*x, *(a + b for a, b in zip(sums, biases, strict=True))]


def encode_pieces(
    x: Numbers, columns: Sequence[int], lower: Numbers, upper: Numbers, mean: Numbers, code: str
) -> Numbers:
    """Appends how far some columns have come through each of their pieces, less the mean of that.

    They are rounded to the precision of `code`, f or d, as for struct.
    """
    packing = struct.Struct(f"<{len(x)}{code}")
    rounded = packing.unpack(packing.pack(*x))
    pieces = zip(columns, lower, upper, mean, strict=True)
    return [*x, *((min(max(rounded[i], a), b) - a) / (b - a) - m for i, a, b, m in pieces)]


def dense(x: Numbers, kernel: Sequence[Numbers], bias: Numbers | None) -> Numbers:
    """Returns x W + b; each row of `kernel` has the weights of one unit."""
    sums = [sum(map(mul, unit, x)) for unit in kernel]
    return sums if bias is None else [a + b for a, b in zip(sums, bias, strict=True)]


def normalize(
    x: Numbers, mean: Numbers, variance: Numbers, gamma: Numbers, beta: Numbers, epsilon: float
) -> Numbers:
    """Returns (x - mean) * gamma / sqrt(variance + epsilon) + beta."""
    return [
        (a - m) * (g / math.sqrt(v + epsilon)) + b
        for a, m, v, g, b in zip(x, mean, variance, gamma, beta, strict=True)
    ]


def exp(x: float) -> float:
    """Returns e to the power of x, infinity where that is too large."""
    return math.exp(x) if x < 709.78 else math.inf


def expm1(x: float) -> float:
    """Returns e to the power of x, less 1; infinity where that is too large."""
    return math.expm1(x) if x < 709.78 else math.inf


def softplus(x: float) -> float:
    """Returns log(1 + exp(x)), without overflow."""
    return math.log1p(math.exp(-abs(x))) + max(x, 0.0)


def softmax(x: Numbers) -> Numbers:
    """Returns the probabilities of classes."""
    largest = max(x)
    powers = [math.exp(number - largest) for number in x]
    total = sum(powers)
    return [power / total for power in powers]


def average(rows: Sequence[Numbers]) -> Numbers:
    """Returns the mean of several models' numbers."""
    return [sum(numbers) / len(rows) for numbers in zip(*rows, strict=True)]


def check_finite(values: Numbers) -> Numbers:
    """Returns the values, unless they overflow."""
    if not all(map(math.isfinite, values)):
        raise RowError(
            "the network's outputs overflow: the row is far from those that it was trained on"
        )
    return values


def arg_max(x: Numbers) -> int:
    """Returns the index of the largest number, the first of equal ones."""
    return x.index(max(x))
