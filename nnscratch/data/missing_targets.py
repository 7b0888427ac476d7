"""Rows of tables without a target: nothing can be learned from them, nor can they be scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import column_text
from nnscratch.data.tables import Table, TableFile
from nnscratch.errors import DataError
from nnscratch.formatting import plural, some

MissingTarget = Literal["error", "drop"]

_ROLE = "the target"
_REMEDY = (
    "dataset.missing_target=drop leaves these rows out, dataset.missing_values=[…] lists other "
    "texts as missing, or choose another target"
)


def settle_missing_targets(
    targets: Sequence[str], tables: Mapping[str, Table], missing_target: MissingTarget
) -> tuple[dict[str, Table], list[str]]:
    """Returns the tables without the rows that lack a target, and a note on each that had some.

    Args:
        targets: The names of the target columns.
        tables: The table of each part.
        missing_target: Whether such rows are an error, or dropped.

    Raises:
        DataError: There are such rows and they are an error, or no row of a table has its targets.
    """
    settled, notes = dict(tables), []
    lines: list[str] = []
    for part, table in tables.items():
        missing = table.frame[list(targets)].isna().any(axis=1).to_numpy()
        rows = np.flatnonzero(missing)
        if len(rows) == len(missing):
            remedy = "choose another target" if part == "train" else "nothing can be scored with it"
            raise DataError(f"{_describe_empty(targets, table)}; {remedy}")
        if len(rows) and missing_target == "drop":
            settled[part] = table._replace(frame=table.frame[~missing])
            verb = "is" if len(rows) == 1 else "are"
            about = f"{plural(len(rows), 'row')} without a target {verb} left out"
            notes.append(f"{table.source}: {about} ({table.name_rows(rows)})")
        elif len(rows):
            lines += _describe_missing(targets, table)
    if len(lines) == 1:
        raise DataError(f"{lines[0]}; {_REMEDY}")
    if lines:
        raise DataError("\n".join([*lines, _REMEDY]))
    return settled, notes


def _describe_empty(targets: Sequence[str], table: Table) -> str:
    """Returns why no row of a table can be used."""
    for target in targets:
        if table.frame[target].isna().all():
            column = column_text(table.source, target, _ROLE)
            return f"{column}: has no values at all"
    return f"{table.source}: no row has a value in all of the targets {some(targets)}"


def _describe_missing(targets: Sequence[str], table: Table) -> Iterator[str]:
    """Yields a line for each target with missing values."""
    for target in targets:
        rows = np.flatnonzero(table.frame[target].isna())
        if not len(rows):
            continue
        line = f"{column_text(table.source, target, _ROLE)}: no value in {table.name_rows(rows)}"
        words = _find_words(table, target, rows)
        if words:
            quoted = some([repr(word) for word in words], 3)
            line += f"; {quoted} {'is' if len(words) == 1 else 'are'} read as missing"
        yield line


def _find_words(table: Table, target: str, rows: NDArray[np.intp]) -> list[str]:
    """Returns the texts in these rows that stand for no value."""
    file = table.file
    # A missing value does not say how it is written, so the file is read once more.
    literal = TableFile(file.path, file.layout, replace(file.notation, missing_values=()))
    texts = literal.read([target])[target].iloc[table.frame.index.to_numpy()[rows]]
    return sorted(set(texts.dropna().astype(str)))
