"""From the CSV files that a source names to a data set."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import name_kind
from nnscratch.data.columns import ignoring, refuse_holes, to_numbers
from nnscratch.data.csv_files import read_table
from nnscratch.data.dataset import Dataset, Feature, Split
from nnscratch.data.image_format import are_bytes, image_of_names
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.table_targets import read_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some_names

if TYPE_CHECKING:
    import pandas as pd

MANY_ROWS = 20


def read_dataset(source: CsvSource) -> Dataset:
    """Returns a table's rows.

    Raises:
        SettingError: A column that is named is not there, or the task does not fit the target.
        DataError: A file cannot be read, or a column cannot be learned from.
    """
    paths = {"train": source.path, "validation": source.validation_path, "test": source.test_path}
    files = {part: file for part, file in paths.items() if file}
    frames = _read_parts(files)
    wanted = [source.target] if isinstance(source.target, str) else source.target
    names, notes = _choose_columns(source, frames["train"], wanted)
    for part, frame in frames.items():
        absent = [name for name in (*names, *wanted) if name not in frame.columns]
        if absent:
            raise DataError(f"{files[part]}: has no column {some_names(absent)}")
    kinds = _kinds(source.path, names, frames)
    tables = {
        part: np.column_stack([to_numbers(files[part], kind, frame[kind.name]) for kind in kinds])
        for part, frame in frames.items()
    }
    if source.missing == "error":
        for part, table in tables.items():
            refuse_holes(files[part], kinds, table)
    image = image_of_names(names)
    if image and not all(map(are_bytes, tables.values())):
        image = None
    if image:
        tables = {part: table.astype(np.uint8) for part, table in tables.items()}
    classes, targets = read_targets(wanted, files, frames, source.task)
    splits = {part: Split(tables[part], targets[part]) for part in frames}
    notes += tuple(_number_notes(kinds, tables["train"]))
    target_names = tuple(wanted) if classes is None else ()
    return Dataset(
        splits, tuple(kinds), classes, image=image, notes=notes, target_names=target_names
    )


def _choose_columns(
    source: CsvSource, frame: "pd.DataFrame", target: list[str]
) -> tuple[list[str], tuple[str, ...]]:
    """Returns the columns to predict from, and a note on those left out by themselves."""
    path, features, ignore = source.path, source.features, source.ignore or []
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
    """Reads each part; what is text in the training file is text in all of them."""
    train = read_table(files["train"])
    texts = [name for name in train.columns if not _is_numeric(train[name])]
    others = {part: read_table(file, texts) for part, file in files.items() if part != "train"}
    return {"train": train, **others}


def _is_numeric(column: "pd.Series[Any]") -> bool:
    return column.dtype.kind in "fiu"


def _kinds(path: str, names: list[str], frames: "dict[str, pd.DataFrame]") -> list[Feature]:
    """Returns what each column holds.

    Raises:
        DataError: With a line for each column that cannot be learnt from.
    """
    kinds: list[Feature] = []
    problems: dict[str, str] = {}
    for name in names:
        try:
            kinds.append(_kind(path, name, frames))
        except DataError as error:
            problems[name] = str(error)
    if problems:
        lines = list(problems.values())
        if len(lines) > 1:
            lines.append(f"all of these left out: {ignoring(problems)}")
        raise DataError("\n".join(lines))
    return kinds


def _kind(path: str, name: str, frames: "dict[str, pd.DataFrame]") -> Feature:
    """Returns what the training file's column holds, with the words of all files."""
    kind = name_kind(path, name, frames["train"][name])
    if kind.words is None:
        return kind
    return Feature(name, tuple(sorted(set().union(*(f[name].dropna() for f in frames.values())))))


def _number_notes(kinds: list[Feature], table: NDArray[Any]) -> Iterator[str]:
    """Yields a note on each column that only counts the rows, in whatever order."""
    for kind, column in zip(kinds, table.T, strict=True):
        if kind.words is None and counts_rows(column):
            name = label_text(kind.name)
            yield f"column {name} counts the rows, like an id: dataset.ignore leaves it out"


def counts_rows(column: NDArray[Any]) -> bool:
    """Says whether numbers, of many rows, are one more for each of them, in whatever order."""
    in_order = np.sort(column)
    counted = np.array_equal(in_order, in_order[0] + np.arange(len(column)))
    return counted and len(column) >= MANY_ROWS
