"""The rows of a file for a model, whose columns and notation are known."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import Unseen, encode_column
from nnscratch.data.dataset import Feature
from nnscratch.data.tables import TableFile
from nnscratch.errors import DataError
from nnscratch.formatting import some_names


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
    numeric = {feature.name for feature in features if feature.categories is None}
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
