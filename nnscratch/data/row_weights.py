"""How much each row of a table counts: a column of numbers of at least 0."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import column_text, encode_column
from nnscratch.data.dataset import Feature
from nnscratch.data.tables import Table
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

_ROLE = "the weight of the rows"


def weights_of_rows(tables: Mapping[str, Table], name: str) -> dict[str, NDArray[np.float64]]:
    """Returns how much each row of each table counts, (rows,).

    Args:
        tables: The table of each part.
        name: The column.

    Raises:
        DataError: A table has no such column, or a value is missing, no number or below 0.
    """
    return {part: _read(table, name) for part, table in tables.items()}


def _read(table: Table, name: str) -> NDArray[np.float64]:
    if name not in table.frame.columns:
        raise DataError(f"{table.source}: has no column {label_text(name)}, {_ROLE}")
    column = table.frame[name]
    weights = encode_column(
        table.source,
        Feature(name),
        column,
        notation=table.file.notation,
        name_rows=table.name_rows,
        role=_ROLE,
    )
    missing, negative = np.flatnonzero(np.isnan(weights)), np.flatnonzero(weights < 0)
    where = column_text(table.source, name, _ROLE)
    if len(missing):
        raise DataError(f"{where}: no value in {table.name_rows(missing)}")
    if len(negative):
        value = label_text(column.iloc[negative[0]])
        rows = table.name_rows(negative)
        raise DataError(f"{where}: must be at least 0; {value} is not ({rows})")
    return weights
