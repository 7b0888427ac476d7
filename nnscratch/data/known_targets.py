"""The targets of a table of the user's own, for a model that knows its classes already."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.class_names import find_class
from nnscratch.data.columns import column_text, encode_column
from nnscratch.data.dataset import Feature, Label
from nnscratch.data.tables import Notation, Table
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.targets import read_flags
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

_ROLE = "the target"


def encode_known_targets(
    table: Table, targets: Sequence[str], encoding: TargetEncoding
) -> NDArray[Any]:
    """Returns class indices (rows,), or numbers (rows, targets), as in training.

    Args:
        table: Its target columns are text where the model has classes; no target is missing.
        targets: The names of its target columns: one for classes, else one for each number.
        encoding: The model's.

    Raises:
        DataError: A class is not one of the model's, or a value is not a number, or for labels
            neither 0 nor 1; the message names the rows.
    """
    if encoding.classes is not None:
        return _encode_classes(table, targets[0], encoding.classes)
    columns = [_encode_numbers(table, target, encoding) for target in targets]
    if encoding.multi_label:
        for target, numbers in zip(targets, columns, strict=True):
            wrong = np.flatnonzero((numbers != 0) & (numbers != 1))
            if len(wrong):
                column = column_text(table.source, target, _ROLE)
                rule = f"{numbers[wrong[0]]:g} is neither 0 nor 1"
                raise DataError(f"{column}: {rule} ({table.name_rows(wrong)})")
    return np.column_stack(columns)


def _encode_classes(table: Table, target: str, classes: Sequence[Label]) -> NDArray[Any]:
    column = table.frame[target]
    indices = {text: find_class(classes, text) for text in column.unique()}
    unknown = [text for text, index in indices.items() if index is None]
    if unknown:
        names = some([repr(label_text(text)) for text in unknown])
        rows = table.name_rows(np.flatnonzero(column.isin(unknown)))
        rule = f"the network does not know {names} ({rows}); its classes are {some(classes, 20)}"
        raise DataError(f"{column_text(table.source, target, _ROLE)}: {rule}")
    return column.map(indices).to_numpy(np.intp)


def _encode_numbers(table: Table, target: str, encoding: TargetEncoding) -> NDArray[np.float64]:
    return encode_column(
        table.source,
        Feature(target),
        _without_flags(table.frame[target], encoding),
        notation=table.file.notation,
        name_rows=table.name_rows,
        role=_ROLE,
    )


def read_known_targets(
    frame: "pd.DataFrame", targets: Sequence[str], encoding: TargetEncoding, notation: Notation
) -> list[list[Any]]:
    """Returns the values of each target column: classes or numbers; None where one is missing.

    What is neither a class of the model nor a number stays the text that it is.

    Args:
        frame: Rows of text.
        targets: The names of the target columns.
        encoding: The model's.
        notation: How numbers are written.
    """

    def read(text: str) -> Any:
        if encoding.classes is not None:
            index = find_class(encoding.classes, text)
            return text if index is None else encoding.classes[index]
        try:
            number = notation.to_number(text)
        except ValueError:
            return text
        return int(number) if encoding.multi_label and number in (0, 1) else number

    columns = []
    for target in targets:
        column = _without_flags(frame[target], encoding)
        known = {text: read(str(text)) for text in column.dropna().unique()}
        columns.append([known.get(text) for text in column])
    return columns


def _without_flags(column: "pd.Series[Any]", encoding: TargetEncoding) -> "pd.Series[Any]":
    """Returns a column with numbers for yes and no, which several targets may be."""
    several = encoding.classes is None and (encoding.multi_label or encoding.numbers > 1)
    return read_flags(column) if several else column
