"""Targets: whether labels are classes or numbers, the index of each class, and a table's columns.

One target column may be either; several are numbers, or labels that a row has or does not have.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import column_text, encode_column
from nnscratch.data.dataset import Feature, Label
from nnscratch.data.tables import Table
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

# More different whole numbers than this are numbers, such as ages.
_MAX_CLASSES = 20
# Larger floats are whole only because they have no digits left.
_LARGEST_EXACT = 2.0**53
_ROLE = "the target"
# What people write in a column of labels that a row either has or does not have.
_FLAGS = {"true": 1, "yes": 1, "false": 0, "no": 0}
# The tasks that leave it to the targets whether a whole number is a class.
AUTOMATIC_TASKS = ("auto", "labels_if_possible")


def index_targets(
    labels: Sequence[Any], task: str = "auto"
) -> tuple[tuple[Label, ...] | None, NDArray[Any]]:
    """Returns (classes, each row's index among them), or (None, numbers (rows, outputs)).

    Args:
        labels: A class, a number or a list of numbers for each row, all of one kind.
        task: `classification`; `regression`; `regression_if_possible`, where only text, true and
            false are classes; or `auto`, where 0 and 1, -1 and 1, and up to 20 different whole
            numbers, each of which occurs twice on average, are classes too. `labels_if_possible` is
            like `auto`, but lists are never classes.
    """
    if task == "classification" and isinstance(labels[0], list):
        rows = np.array(labels)
        return tuple(range(rows.shape[1])), rows.argmax(axis=1)
    if not _are_classes(labels, task):
        return None, np.array(labels, dtype=np.float64).reshape(len(labels), -1)
    classes = tuple(sorted(set(labels)))
    position = {label: index for index, label in enumerate(classes)}
    return classes, np.array([position[label] for label in labels], dtype=np.intp)


def index_parts(
    parts: Mapping[str, Sequence[Any]], task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    """Returns (classes of all parts, each part's indices), or (None, each part's numbers)."""
    classes, encoded = index_targets([label for part in parts.values() for label in part], task)
    ends = np.cumsum([len(part) for part in parts.values()])[:-1]
    return classes, dict(zip(parts, np.split(encoded, ends), strict=True))


def is_one_hot(targets: NDArray[Any]) -> bool:
    """Returns whether each target is two or more numbers, of which one is 1 and all others 0."""
    if targets.ndim != 2 or targets.shape[1] < 2:
        return False
    ones = targets == 1
    return bool((ones | (targets == 0)).all() and (ones.sum(axis=1) == 1).all())


def whole_as_int(parts: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Returns floats as whole numbers if all of them are, so that 1.0 is the class 1."""
    if all(map(_are_whole, parts.values())):
        return {name: y.astype(np.int64) for name, y in parts.items()}
    return parts


def _are_whole(numbers: NDArray[Any]) -> bool:
    if numbers.dtype.kind not in "iuf":
        return False
    return bool(((numbers == np.floor(numbers)) & (np.abs(numbers) < _LARGEST_EXACT)).all())


def _are_classes(labels: Sequence[Any], task: str) -> bool:
    if task in ("classification", "regression"):
        return task == "classification"
    if any(isinstance(label, list) for label in labels):
        return False
    if isinstance(labels[0], str | bool):
        return True
    if task == "regression_if_possible":
        return False
    distinct = set(labels)
    if distinct in ({0, 1}, {-1, 1}):
        return True
    are_whole = all(isinstance(label, int) for label in labels)
    return are_whole and len(distinct) <= min(_MAX_CLASSES, len(labels) / 2)


def encode_targets(
    targets: Sequence[str], tables: Mapping[str, Table], task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    """Returns (classes, each part's class indices), or (None, each part's numbers).

    Args:
        targets: The names of the target columns, in which no value is missing.
        tables: The table of each part; `train` is one of them.
        task: As for `index_targets`.

    Raises:
        SettingError: The task does not fit the targets, or several targets are not numbers.
        DataError: A target cannot be learned.
    """
    if len(targets) > 1:
        return None, _encode_several(targets, tables, task)
    (target,) = targets
    feature = _target_type(tables["train"], target)
    if feature.categories is not None and task == "regression":
        rule = f"cannot be regression: the column {label_text(target)} has text"
        raise SettingError("task", rule)
    values: dict[str, NDArray[Any]] = {
        part: _encode_target(table, feature, table.frame[target])
        if feature.categories is None
        else table.frame[target].to_numpy(object)
        for part, table in tables.items()
    }
    return index_parts({part: y.tolist() for part, y in whole_as_int(values).items()}, task)


def _target_type(table: Table, target: str) -> Feature:
    """Returns the target column with its type, or raises DataError if it cannot be learned."""
    kind = column_type(target, table.frame[target], table.file.notation, table.name_rows)
    if isinstance(kind, ColumnProblem):
        column = column_text(table.source, target, _ROLE)
        raise DataError(kind.message(column, "choose another target"))
    if kind.date_format is not None:
        first = label_text(table.frame[target].dropna().iloc[0])
        column = column_text(table.source, target, _ROLE)
        raise DataError(
            f"{column}: holds dates or times such as {first}; turn them into numbers, such as the "
            "year or the days since then, or choose another target"
        )
    return kind


def _encode_several(
    targets: Sequence[str], tables: Mapping[str, Table], task: str
) -> dict[str, NDArray[Any]]:
    """Returns the numbers of several targets, (rows, targets), for each part."""
    if task == "classification":
        raise SettingError("task", f"cannot be classification for {len(targets)} targets")
    columns: dict[str, list[NDArray[Any]]] = {part: [] for part in tables}
    for target in targets:
        kind = _target_type(tables["train"], target)
        flags = {text.lower() for text in kind.categories or ()}
        if not flags <= _FLAGS.keys():
            raise SettingError(
                "target",
                f"names {label_text(target)}, a column of text such as "
                f"{some(kind.categories or (), 3)}; several targets must be numbers, or yes and no",
            )
        for part, table in tables.items():
            column = table.frame[target]
            if flags:
                column = read_flags(column)
            columns[part].append(_encode_target(table, Feature(target), column))
    return {part: np.column_stack(arrays) for part, arrays in columns.items()}


def read_flags(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Returns a column with yes and true as 1, no and false as 0, and all other values as ever."""
    if column.dtype.kind in "iuf":
        return column
    return column.map(lambda text: _FLAGS.get(str(text).lower(), text), na_action="ignore")


def _encode_target(table: Table, feature: Feature, column: "pd.Series[Any]") -> NDArray[np.float64]:
    return encode_column(
        table.source,
        feature,
        column,
        notation=table.file.notation,
        name_rows=table.name_rows,
        role=_ROLE,
    )
