"""Tables of the user's own: CSV files whose columns are numbers and categories, one the target.

Other parts of the data may come in files of their own.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import column_text, encode_column, ignore_override, refuse_missing
from nnscratch.data.csv_files import read_table
from nnscratch.data.dataset import Dataset, Feature, Split
from nnscratch.data.image_format import are_bytes, image_of_names
from nnscratch.data.table_targets import encode_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some_names

if TYPE_CHECKING:
    import pandas as pd

MANY_ROWS = 20


def load_csv(
    path: str,
    target: str | list[str],
    task: str = "auto",
    features: list[str] | None = None,
    ignore: list[str] | None = None,
    missing: str = "error",
    test_path: str | None = None,
    validation_path: str | None = None,
) -> Dataset:
    """Returns the rows of a table.

    Args:
        path: The file with the rows to train on, from which others may be held out.
        target: The column to predict; or several columns, of numbers or of labels that a row has
            or does not have: 1 and 0, true and false, yes and no.
        task: As for `index_targets`.
        features: The columns to predict from; by default all others.
        ignore: Columns not to predict from.
        missing: `error` refuses missing values; `impute` leaves them to be filled in.
        test_path: A file with the rows to test on.
        validation_path: A file with the rows to validate on.

    Raises:
        SettingError: The table has no column of that name, or the task does not fit the target.
        DataError: A file cannot be read, or a column cannot be learned from.
    """
    paths = {"train": path, "validation": validation_path, "test": test_path}
    files = {part: file for part, file in paths.items() if file}
    frames = _read_parts(files)
    wanted = [target] if isinstance(target, str) else target
    names, notes = _choose_columns(path, frames["train"], wanted, features, ignore or [])
    for part, frame in frames.items():
        absent = [name for name in (*names, *wanted) if name not in frame.columns]
        if absent:
            raise DataError(f"{files[part]}: has no column {some_names(absent)}")
    columns = _features(path, names, frames)
    tables = {
        part: np.column_stack([encode_column(files[part], c, frame[c.name]) for c in columns])
        for part, frame in frames.items()
    }
    if missing == "error":
        for part, table in tables.items():
            refuse_missing(files[part], columns, table)
    image = image_of_names(names)
    if image and not all(map(are_bytes, tables.values())):
        image = None
    if image:
        tables = {part: table.astype(np.uint8) for part, table in tables.items()}
    classes, targets = encode_targets(wanted, files, frames, task)
    splits = {part: Split(tables[part], targets[part]) for part in frames}
    notes += tuple(_row_number_notes(columns, tables["train"]))
    target_names = tuple(wanted) if classes is None else ()
    return Dataset(
        splits, tuple(columns), classes, image=image, notes=notes, target_names=target_names
    )


def _choose_columns(
    path: str,
    frame: "pd.DataFrame",
    target: list[str],
    features: list[str] | None,
    ignore: list[str],
) -> tuple[list[str], tuple[str, ...]]:
    """Returns the columns to predict from, and a note if a column without a name is left out."""
    columns = [str(name) for name in frame.columns]
    for key, wanted in (("target", target), ("features", features or []), ("ignore", ignore)):
        for name in wanted:
            if name not in columns:
                raise SettingError(key, f"names {_unknown(name, path, columns)}")
            if wanted.count(name) > 1:
                raise SettingError(key, f"names the column {label_text(name)} twice")
    if features is not None:
        for name in target:
            if name in features:
                raise SettingError("features", f"has the target, {label_text(name)}")
        return list(features), ()
    names = [name for name in columns if name and name not in (*target, *ignore)]
    if not names:
        key = "ignore" if ignore else "target"
        raise SettingError(key, f"leaves no column to predict from in {path}")
    nameless = ("a column without a name, such as an index, is left out",) if "" in columns else ()
    return names, nameless


def _unknown(name: str, path: str, columns: Sequence[str]) -> str:
    lower = {column.lower(): column for column in columns}
    near = get_close_matches(name.lower(), lower, n=1)
    if len(columns) == 1:
        hint = "; columns must be separated by , ; | or a tab"
    else:
        hint = f"; did you mean {label_text(lower[near[0]])}?" if near else ""
    return f"{label_text(name)!r}, which is no column of {path}; it has {some_names(columns)}{hint}"


def _read_parts(files: dict[str, str]) -> "dict[str, pd.DataFrame]":
    """Returns each part's table; columns of text in the training file are text in all of them."""
    train = read_table(files["train"])
    texts = [name for name in train.columns if not _is_numeric(train[name])]
    others = {part: read_table(file, texts) for part, file in files.items() if part != "train"}
    return {"train": train, **others}


def _is_numeric(column: "pd.Series[Any]") -> bool:
    return column.dtype.kind in "fiu"


def _features(path: str, names: list[str], frames: "dict[str, pd.DataFrame]") -> list[Feature]:
    """Returns the columns, of the type they have in the training file.

    Raises:
        DataError: With a line for each column that cannot be learned from.
    """
    features: list[Feature] = []
    problems: dict[str, ColumnProblem] = {}
    for name in names:
        kind = column_type(name, frames["train"][name])
        if isinstance(kind, ColumnProblem):
            problems[name] = kind
        elif kind.categories is None:
            features.append(kind)
        else:
            # Categories that only another file has are known too.
            categories = set().union(*(frame[name].dropna() for frame in frames.values()))
            features.append(Feature(name, tuple(sorted(categories))))
    lines = [
        problem.message(column_text(path, name), f"leave it out: {ignore_override([name])}")
        for name, problem in problems.items()
    ]
    if len(lines) > 1:
        lines.append(f"to leave all of these out: {ignore_override(problems)}")
    if lines:
        raise DataError("\n".join(lines))
    return features


def _row_number_notes(columns: list[Feature], table: NDArray[Any]) -> Iterator[str]:
    """Yields a note on each column that only numbers the rows."""
    for feature, column in zip(columns, table.T, strict=True):
        if feature.categories is None and counts_rows(column):
            name = label_text(feature.name)
            yield f"column {name} counts the rows, like an id: dataset.ignore leaves it out"


def counts_rows(column: NDArray[Any]) -> bool:
    """Returns whether the numbers of many rows are consecutive integers, in any order."""
    in_order = np.sort(column)
    counted = np.array_equal(in_order, in_order[0] + np.arange(len(column)))
    return counted and len(column) >= MANY_ROWS
