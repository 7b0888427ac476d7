"""The first rows of a table, by which a config for it is written and one that is there is judged.

A large table then takes no longer than a small one.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.headers import is_row_of_values
from nnscratch.data.tables import Layout, Notation, RepeatedNamesError, Table, TableFile
from nnscratch.experiment.loading import ENOUGH_ROWS

if TYPE_CHECKING:
    import pandas as pd

# So many values are looked at, and no more rows than that.
_SAMPLE_VALUES = 4_000_000
_LEAST_SAMPLE_ROWS = 200
# What looks like the decimals of a number, rather than like thousands.
_DECIMAL_COMMA = r"^[^,]*\d,(?:\d\d?|\d{4,})(?!\d)[^,]*$"


def sample_rows(columns: int) -> int:
    """Returns how many of the first rows are looked at in a table with this many columns."""
    return max(_LEAST_SAMPLE_ROWS, min(ENOUGH_ROWS, _SAMPLE_VALUES // max(columns, 1)))


def read_first_rows(path: str) -> tuple[Table, bool]:
    """Returns the rows that are looked at, in the usual notation, and whether they are all."""
    file = _open(path)
    rows = sample_rows(len(file.names))
    frame = file.read(rows=rows + 1)
    if file.layout.header and is_row_of_values(file.names, frame, file.notation):
        file = TableFile(path, Layout(header=False))
        frame = file.read(rows=rows + 1)
    return Table(file, frame.head(rows)), len(frame) <= rows


def read_as_written(table: Table) -> "pd.DataFrame":
    """Returns the same rows as text, missing values included.

    Columns of fractions stay numbers, which is faster, unless `1.620` may be a whole number in
    them: beside 558 in the same column, or where others have decimal commas.
    """
    literal = TableFile(table.file.path, table.file.layout, Notation(missing_values=()))
    frame = table.frame
    texts = [name for name in literal.names if not _holds_fractions(frame[name])]
    raw = literal.read(texts, len(frame)) if texts else frame
    has_commas = any(raw[name].str.contains(_DECIMAL_COMMA, na=False).any() for name in texts)
    return literal.read(literal.names, len(frame)) if has_commas else raw


def _holds_fractions(column: "pd.Series[Any]") -> bool:
    """Returns whether numbers have decimals beyond doubt, and none is missing."""
    if column.dtype.kind != "f" or column.isna().any():
        return False
    values = np.abs(column.to_numpy())
    is_whole = values == np.floor(values)
    may_be_whole = values.max() < 1000 and values[is_whole].max(initial=0) >= 100
    return not may_be_whole or bool(values[~is_whole].min(initial=np.inf) < 1)


def _open(path: str) -> TableFile:
    """Opens a table, of which the first row holds names unless a number is there twice."""
    try:
        return TableFile(path)
    except RepeatedNamesError as error:
        # Names are all different; values, such as those of pixels, need not be.
        if not error.hold_values:
            raise
        return TableFile(path, Layout(header=False))
