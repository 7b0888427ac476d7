"""The operations of which a trained model consists; operations.py lists a model's in order."""

from dataclasses import dataclass
from typing import dataclass_transform

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, Label
from nnscratch.nn.activations import Activation
from nnscratch.nn.parameters import Array


@dataclass_transform(eq_default=False, frozen_default=True)
class Operation:
    """A step of what a model computes, a frozen dataclass."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, eq=False)(cls)


class ReadColumns(Operation):
    """Takes a row's values in this order, in float64: a category's index, nan if it is missing.

    The index of a category that is not listed is −1. An image is its pixels, line by line.
    """

    features: tuple[Feature, ...]


class Recode(Operation):
    """Replaces each index of a category by another; −1 stays −1 and nan stays nan.

    A member of an ensemble may not know all of the categories that the ensemble reads.
    """

    codes: tuple[tuple[int, ...] | None, ...]
    """For each column the new index of each category, −1 for one that is not known; None for a
    column that stays."""


class FlagMissing(Operation):
    """Appends, for each of these columns, 1 where its value is nan, else 0."""

    columns: tuple[int, ...]


class Impute(Operation):
    """Replaces nan by the column's value."""

    values: NDArray[np.float64]
    """(columns,), those that were appended too; nan where none may be missing."""


class DateParts(Operation):
    """Appends, for each of these columns of days since 1970-01-01, the parts of its dates."""

    columns: tuple[int, ...]
    parts: tuple[tuple[str, ...], ...]
    """For each column: year, month (1 to 12), weekday (0 for Monday) and perhaps hour."""


class Scale(Operation):
    """(x − shift) · factor, in float64; for rows of bytes in the dtype of `Cast`."""

    shift: NDArray[np.float64]
    """(columns,), those that were appended too; or () where all columns share it."""
    factor: NDArray[np.float64]
    """Likewise."""


class EncodeCategories(Operation):
    """Replaces each index of a category by as many numbers as the column has categories.

    The number at the index is 1, the others are 0; all are 0 where the index is −1.
    """

    counts: tuple[int | None, ...]
    """How many categories a column has; None for a column of numbers, which stays.

    A missing value may be one of them, the last.
    """


class Cast(Operation):
    """Rounds to the precision that the network computes in."""

    dtype: str
    """float32 or float64."""


class EmbedNumbers(Operation):
    """Appends, for each of these columns x, Σ_k cos(2π x f_k + φ_k) K_k + c: `size` numbers.

    First come all those of the first of the columns.
    """

    name: str
    columns: tuple[int, ...]
    frequencies: Array
    """f, (columns, waves)."""
    phases: Array
    """φ, (columns, waves)."""
    kernel: Array
    """K, (columns, waves, size)."""
    bias: Array
    """c, (columns, size)."""


class EncodePieces(Operation):
    """Appends, for each piece of some columns x, (min(max(x, a), b) − a) / (b − a) − m.

    Before that x is rounded to the precision in which the pieces were found.
    """

    name: str
    columns: tuple[int, ...]
    """The column of each piece."""
    lower: Array
    """a, (pieces,)."""
    upper: Array
    """b, (pieces,)."""
    mean: Array
    """m, (pieces,)."""
    precision: str
    """float32 or float64."""


class ScaleInputs(Operation):
    """x · s, column by column."""

    name: str
    scale: Array
    """s, (columns,), those that were appended too."""


class Dense(Operation):
    """x W + b."""

    name: str
    kernel: Array
    """W, (inputs, units)."""
    bias: Array | None
    """b, (units,)."""


class Normalize(Operation):
    """(x − μ) · (γ / √(σ² + ε)) + β, with the averages that batch normalization has learned."""

    name: str
    mean: Array
    """μ, (units,)."""
    variance: Array
    """σ², (units,)."""
    gamma: Array
    """γ, (units,)."""
    beta: Array | None
    """β, (units,)."""
    epsilon: float
    """ε."""


class Activate(Operation):
    """f(x), elementwise."""

    name: str
    function: Activation
    """f, a component of `ACTIVATIONS`."""


class Sigmoid(Operation):
    """σ(x) = 1 / (1 + exp(−x)), elementwise: a probability for each output."""


class Softmax(Operation):
    """exp(x_k) / Σ_j exp(x_j) along each row: a probability for each class."""


class Complement(Operation):
    """(1 − p, p): the probabilities of two classes from that of the second."""


class Average(Operation):
    """The mean, elementwise, of what several lists of operations compute from the same columns."""

    members: tuple[tuple[Operation, ...], ...]
    """The operations of each member, applied one after the other to what `ReadColumns` gives."""


class Threshold(Operation):
    """1 where x is above the border, else 0, elementwise."""

    border: float


class ArgMax(Operation):
    """The index of the largest number of each row, the first of equal ones."""


class DecodeLabels(Operation):
    """The class of each index."""

    classes: tuple[Label, ...]


class Unscale(Operation):
    """x · unit + shift in float64: numbers in the units of the data."""

    shift: NDArray[np.float64]
    """(outputs,), or (1,) where all outputs share it."""
    unit: NDArray[np.float64]
    """Likewise."""


class Exp(Operation):
    """exp(x), elementwise, in float64: numbers from their logarithms."""


class Expm1(Operation):
    """exp(x) − 1, elementwise, in float64: numbers y from log(1 + y)."""


class NameOutputs(Operation):
    """Names the numbers of a row, or its labels, each of which is 0 or 1."""

    names: tuple[str, ...]


LayerOperation = EmbedNumbers | EncodePieces | ScaleInputs | Dense | Normalize | Activate
