"""The columns of a table that a network predicts from: which, of what type, and as numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import (
    ColumnProblem,
    Reading,
    column_type,
    words_that_are_numbers,
)
from nnscratch.data.columns import column_text, encode_column, ignore_override
from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.ids import id_remark
from nnscratch.data.images import are_bytes, image_of_names
from nnscratch.data.tables import Table
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some_names

# A column with more categories than this is remarked on if it makes up most of the inputs.
_MANY_LEVELS = 200


def choose_columns(
    table: Table,
    targets: list[str],
    features: list[str] | None,
    ignore: list[str],
    others: Mapping[str, str | None],
) -> list[str]:
    """Returns the names of the columns to predict from.

    Args:
        table: The table.
        targets: The columns to predict.
        features: The columns to predict from; all others unless given.
        ignore: The columns not to predict from.
        others: What rows are sorted, grouped or weighted by, by the setting that names it. It is no
            input unless `features` lists it.

    Raises:
        SettingError: A setting does not fit the columns.
    """
    columns = table.file.names
    for key, wanted in (("target", targets), ("features", features or []), ("ignore", ignore)):
        check_names(key, wanted, table)
    left_out = [*targets, *ignore]
    for key, name in others.items():
        if name is not None:
            check_names(key, [name], table)
            if name in targets:
                raise SettingError(key, f"names the target, {label_text(name)}")
            left_out.append(name)
    if features is not None:
        for name in targets:
            if name in features:
                raise SettingError("features", f"has the target, {label_text(name)}")
        return features
    names = [name for name in columns if name and name not in left_out]
    if not names:
        key = "ignore" if ignore else "target"
        raise SettingError(key, f"leaves no column to predict from in {table.source}")
    return names


def check_names(key: str, wanted: Sequence[str], table: Table) -> None:
    """Raises SettingError if a setting names a column twice, or one that is not in the table."""
    for name in wanted:
        if name not in table.file.names:
            raise _unknown_column(key, name, table.source, table.file.names)
        if wanted.count(name) > 1:
            raise SettingError(key, f"names the column {label_text(name)} twice")


def _unknown_column(key: str, name: str, source: str, columns: Sequence[str]) -> SettingError:
    rule = (
        f"names {label_text(name)!r}, which is not a column of {source}; "
        f"it has {some_names(columns)}"
    )
    if len(columns) == 1:
        return SettingError(key, rule, "columns must be separated by , ; | or a tab")
    lower = {column.lower(): column for column in columns}
    near = get_close_matches(name.lower(), lower, n=1)
    return SettingError(key, rule, f"did you mean {label_text(lower[near[0]])}?" if near else "")


def find_types(
    names: Sequence[str], tables: Mapping[str, Table], reading: Callable[[str], Reading]
) -> list[Feature]:
    """Returns the columns with the types they have in the training file.

    Args:
        names: The columns.
        tables: The table of each part; `train` is one of them.
        reading: Returns how a column is to be read, whatever it looks like.

    Raises:
        DataError: With a line for each column that cannot be learned from.
    """
    train = tables["train"]
    file = train.file
    features: list[Feature] = []
    problems: dict[str, ColumnProblem] = {}
    for name in names:
        kind = column_type(name, train.frame[name], file.notation, train.name_rows, reading(name))
        if isinstance(kind, ColumnProblem):
            problems[name] = kind
        elif kind.categories is None:
            features.append(kind)
        else:
            # Categories that occur only in another part's file are included.
            known = set().union(*(table.frame[name].dropna() for table in tables.values()))
            features.append(Feature(name, tuple(sorted(known))))
    lines = [
        problem.message(column_text(str(file), name), f"leave it out: {ignore_override([name])}")
        for name, problem in problems.items()
    ]
    if len(lines) > 1:
        lines.append(f"to leave all of these out: {ignore_override(problems)}")
    if lines:
        raise DataError("\n".join(lines))
    return features


def encode_inputs(
    columns: Sequence[Feature], tables: Mapping[str, Table]
) -> tuple[dict[str, NDArray[Any]], ImageFormat | None]:
    """Returns each part's inputs, and their format if they are images, which are bytes."""
    inputs: dict[str, NDArray[Any]] = {
        part: np.column_stack([_encode_input(table, column) for column in columns])
        for part, table in tables.items()
    }
    image = image_of_names([column.name for column in columns])
    if image is None or not all(map(are_bytes, inputs.values())):
        return inputs, None
    return {part: table.astype(np.uint8) for part, table in inputs.items()}, image


def _encode_input(table: Table, feature: Feature) -> NDArray[np.float64]:
    """Returns a column of a table as a feature's numbers or codes."""
    return encode_column(
        table.source,
        feature,
        table.frame[feature.name],
        notation=table.file.notation,
        name_rows=table.name_rows,
    )


def remarks(columns: Sequence[Feature], table: Table) -> Iterator[str]:
    """Yields a remark on each column that may hold something else than it seems to."""
    width = sum(feature.width for feature in columns)
    for feature in columns:
        words = words_that_are_numbers(feature, table.file.notation)
        if words:
            yield words
        elif feature.width > _MANY_LEVELS and 2 * feature.width > width:
            yield (
                f"column {label_text(feature.name)} takes {feature.width:,} of the network's "
                f"{width:,} inputs, one for each category: {ignore_override([feature.name])} "
                "leaves it out"
            )
        elif feature.is_number and len(columns) > 1:
            about = id_remark(feature.name, table.frame[feature.name])
            if about:
                yield (
                    f"column {label_text(feature.name)} {about}: if it is an id, "
                    f"{ignore_override([feature.name])} leaves it out"
                )
