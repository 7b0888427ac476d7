"""The rows of a file for a model, whose columns and notation are known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import NameRows, Unseen, encode_column
from nnscratch.data.dataset import Feature, Split
from nnscratch.data.known_targets import encode_known_targets
from nnscratch.data.missing_targets import settle_missing_targets
from nnscratch.data.tables import Table, TableFile, TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import DataError
from nnscratch.formatting import some_names

if TYPE_CHECKING:
    import pandas as pd


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
    # All columns are read, because only then does pandas check the number of values in a row.
    texts = _find_texts(file, features)
    first_row = 0
    for piece in file.pieces(texts):
        start = first_row

        def name_rows(rows: NDArray[np.intp], start: int = start) -> str:
            return file.name_rows(rows + start)

        if len(piece):
            yield _encode(file, features, piece, name_rows, unseen)
        first_row += len(piece)


def read_labelled_rows(
    file: TableFile,
    features: Sequence[Feature],
    targets: Sequence[str],
    encoding: TargetEncoding,
    unseen: Unseen,
) -> tuple[Split, Table, list[str]]:
    """Returns the rows of a file with their targets, its table, and notes on rows left out.

    Args:
        file: The file.
        features: The model's columns.
        targets: The names of the target columns, as many as the model has targets.
        encoding: The model's.
        unseen: Collects categories that the features do not have.

    Raises:
        DataError: As `read_rows` and `encode_known_targets`; or no row has a target.
    """
    absent = [target for target in targets if target not in file.names]
    if absent:
        raise DataError(
            f"{file}: has no column {some_names(absent)}, the target; "
            f"it has {some_names(file.names)}"
        )
    texts = _find_texts(file, features)
    if encoding.classes is None:
        texts -= set(targets)
    tables = {"labelled": Table.read(file, texts)}
    settled, notes = settle_missing_targets(targets, tables, "drop")
    table = settled["labelled"]
    inputs = _encode(file, features, table.frame, table.name_rows, unseen)
    return Split(inputs, encode_known_targets(table, targets, encoding)), table, notes


def _find_texts(file: TableFile, features: Sequence[Feature]) -> set[str]:
    """Returns the columns of a file that are no numbers for a model with these features.

    Raises:
        DataError: The file lacks a column.
    """
    absent = [feature.name for feature in features if feature.name not in file.names]
    if absent:
        raise DataError(
            f"{file}: has no column {some_names(absent)}, which the network was trained on; "
            f"it has {some_names(file.names)}"
        )
    numeric = {feature.name for feature in features if feature.is_number}
    return {name for name in file.names if name not in numeric}


def _encode(
    file: TableFile,
    features: Sequence[Feature],
    frame: "pd.DataFrame",
    name_rows: NameRows,
    unseen: Unseen,
) -> NDArray[np.float64]:
    """Returns rows of a file as a table (rows, columns) of numbers and the codes of categories."""
    columns = [
        encode_column(
            str(file),
            feature,
            frame[feature.name],
            notation=file.notation,
            name_rows=name_rows,
            unseen=unseen,
        )
        for feature in features
    ]
    return np.column_stack(columns)
