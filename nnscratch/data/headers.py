"""Whether a table's first row holds names, or is a row of values like all others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.tables import Notation, Table
from nnscratch.data.tables.guessing import MISSING_MARKS, guess_notation
from nnscratch.errors import DataError
from nnscratch.formatting import some

if TYPE_CHECKING:
    import pandas as pd

# In a column of text with at most this share of different values, a name is not one of them.
_FEW_DIFFERENT = 0.5
# Names that number the columns, such as pixels, go up in equal steps; of more columns, such as
# wavelengths, any steps will do; years need only go up.
_MIN_EQUAL_STEPS = 3
_MIN_STEPS = 6
_YEARS = (1500, 2200)
# So many values of a column show how its numbers are written.
_SHOWN = 1000


def refuse_headerless(table: Table) -> None:
    """Raises DataError if the file was to have a header, but its first row holds values."""
    file = table.file
    if file.layout.header and is_row_of_values(file.names, table.frame, file.notation):
        raise DataError(
            f"{file}: the first row holds values such as {some(file.names, 3)}, not names of "
            "columns: dataset.header=false reads it as a row, and names the columns column_1, "
            "column_2 and so on; dataset.names=[…] gives other names"
        )


def is_row_of_values(names: Sequence[str], frame: "pd.DataFrame", notation: Notation) -> bool:
    """Returns whether the names of a table's columns are values of these columns.

    A name is a value where its column holds numbers and it is one, or where its column holds few
    different texts and it is one of them. No name may be certain to be none, and names that number
    the columns, such as years, are names.
    """
    named: list[float] = []
    columns: list[NDArray[np.float64]] = []
    matches = 0
    for name in names:
        known = _drop_missing(frame[name])
        if not len(known) or notation.is_missing(name) or name in MISSING_MARKS:
            continue
        written = _notation_of(known, notation)
        if written is not None:
            try:
                named.append(written.to_number(name))
            except ValueError:
                return False
            columns.append(written.to_numbers(known))
        elif (known == name).any():
            matches += 1
        elif known.nunique() <= _FEW_DIFFERENT * len(known):
            return False
    if not named:
        return matches == len(names) > 1
    return not (_number_the_columns(named) or _are_far_from_all(named, np.concatenate(columns)))


def _drop_missing(column: "pd.Series[Any]") -> "pd.Series[Any]":
    known = column.dropna()
    return known if known.dtype.kind in "iuf" else known[~known.isin(MISSING_MARKS)]


def _notation_of(known: "pd.Series[Any]", notation: Notation) -> Notation | None:
    """Returns how the numbers in a column are written; None if it does not hold numbers."""
    if known.dtype.kind in "iuf":
        return notation
    return guess_notation(known.head(_SHOWN).unique().tolist(), notation)


def _number_the_columns(numbers: Sequence[float]) -> bool:
    """Returns whether numbers are names such as 0, 1, 2 or 1990, 2000, 2005."""
    steps = np.diff(numbers)
    if not len(steps):
        return False
    goes_up = len(numbers) >= _MIN_EQUAL_STEPS and steps[0] > 0
    if goes_up and np.allclose(steps, steps[0], rtol=1e-6):
        return True
    if len(numbers) >= _MIN_STEPS and ((steps > 0).all() or (steps < 0).all()):
        return True
    first, last = _YEARS
    are_years = all(first <= number <= last and number.is_integer() for number in numbers)
    return are_years and bool((steps > 0).all())


def _are_far_from_all(numbers: Sequence[float], values: NDArray[np.float64]) -> bool:
    """Returns whether all numbers are smaller or larger than the values by more than their span."""
    low, high = np.nanmin(values), np.nanmax(values)
    span = high - low
    return bool(min(numbers) > high + span or max(numbers) < low - span)
