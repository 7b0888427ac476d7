"""The rows of a file for a model, whose columns and notation are known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import Unseen, encode_column
from nnscratch.data.dataset import Feature
from nnscratch.data.tables import TableFile, TableFormat
from nnscratch.errors import DataError
from nnscratch.formatting import some_names


def open_rows(path: str | Path, form: TableFormat, features: Sequence[Feature]) -> TableFile:
    """Returns a file that is written as the table was that a model was trained on.

    Without a header, it may lack the columns that are no inputs, such as the target.

    Args:
        path: The file.
        form: How that table was written.
        features: The model's columns.

    Raises:
        DataError: The file cannot be read, or has another number of columns.
    """
    layout = form.layout
    if not layout.header:
        count = len(TableFile(path, replace(layout, names=())).names)
        inputs = tuple(feature.name for feature in features)
        if count == len(inputs) != len(layout.names):
            wanted = set(inputs)
            layout = replace(layout, names=tuple(n for n in layout.names if n in wanted))
    return TableFile(path, layout, form.notation)


def read_rows(
    file: TableFile, features: Sequence[Feature], unseen: Unseen
) -> Iterator[NDArray[np.float64]]:
    """Yields the rows of a file, up to 16,384 at a time, encoded for a model with these features.

    Other columns are ignored; a missing value is nan.

    Args:
        file: The file.
        features: The columns to read.
        unseen: Collects categories that the features do not have.

    Raises:
        DataError: The file cannot be read, lacks a column, or a value that should be a number is
            not.
    """
    absent = [feature.name for feature in features if feature.name not in file.names]
    if absent:
        raise DataError(
            f"{file}: has no column {some_names(absent)}, which the network was trained on; "
            f"it has {some_names(file.names)}"
        )
    # All columns are read, because only then does pandas check the number of values in a row.
    numeric = {feature.name for feature in features if feature.is_number}
    texts = {name for name in file.names if name not in numeric}
    first_row = 0
    for piece in file.pieces(texts):
        start = first_row

        def name_rows(rows: NDArray[np.intp], start: int = start) -> str:
            return file.name_rows(rows + start)

        columns = [
            encode_column(
                str(file),
                feature,
                piece[feature.name],
                notation=file.notation,
                name_rows=name_rows,
                unseen=unseen,
            )
            for feature in features
        ]
        if len(piece):
            yield np.column_stack(columns)
        first_row += len(piece)
