"""The user's own table: a CSV file whose columns are numbers and words, one of them the target."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import refuse_holes, rows_text, to_numbers
from nnscratch.data.csv_file import listed, read_table
from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Label, Split
from nnscratch.data.kinds import name_kind
from nnscratch.data.targets import index_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.wording import label_text

if TYPE_CHECKING:
    import pandas as pd

_ROLE = "the target"
_WHITE = 255
_PIXEL = re.compile(r"pixel_?\d+|\d+x\d+")


def load_csv(
    path: str,
    target: str,
    task: str = "auto",
    features: list[str] | None = None,
    ignore: list[str] | None = None,
    missing: str = "error",
    test_path: str | None = None,
    validation_path: str | None = None,
) -> Dataset:
    """Returns a table's rows.

    Args:
        path: The rows to train on (and to hold some out of).
        target: The column to predict.
        task: As for `index_targets`.
        features: The columns to predict from; all others unless given.
        ignore: Columns not to predict from.
        missing: `error` refuses holes; `impute` leaves them to be filled.
        test_path: A file with the rows to test on.
        validation_path: A file with the rows to validate on.

    Raises:
        SettingError: A column that is named is not there, or the task does not fit the target.
        DataError: A file cannot be read, or a column cannot be learnt from.
    """
    paths = {"train": path, "validation": validation_path, "test": test_path}
    files = {part: file for part, file in paths.items() if file}
    frames = _read_parts(files)
    names, notes = _choose_columns(path, frames["train"], target, features, ignore or [])
    for part, frame in frames.items():
        absent = [name for name in (*names, target) if name not in frame.columns]
        if absent:
            raise DataError(f"{files[part]}: has no column {listed(absent)}")
    kinds = [_kind(path, name, frames) for name in names]
    tables = {
        part: np.column_stack([to_numbers(files[part], kind, frame[kind.name]) for kind in kinds])
        for part, frame in frames.items()
    }
    if missing == "error":
        for part, table in tables.items():
            refuse_holes(files[part], kinds, table)
    image = _image_format(names, list(tables.values()))
    if image:
        tables = {part: table.astype(np.uint8) for part, table in tables.items()}
    classes, targets = _targets(target, files, frames, task)
    splits = {part: Split(tables[part], targets[part]) for part in frames}
    return Dataset(splits, tuple(kinds), classes, image=image, notes=notes)


def _choose_columns(
    path: str,
    frame: "pd.DataFrame",
    target: str,
    features: list[str] | None,
    ignore: list[str],
) -> tuple[list[str], tuple[str, ...]]:
    """Returns the columns to predict from, and a note on those left out by themselves."""
    columns = [str(name) for name in frame.columns]
    for key, wanted in (("target", [target]), ("features", features or []), ("ignore", ignore)):
        for name in wanted:
            if name not in columns:
                raise SettingError(key, f"names {_unknown(name, path, columns)}")
            if wanted.count(name) > 1:
                raise SettingError(key, f"names the column {label_text(name)} twice")
    if features is not None:
        if target in features:
            raise SettingError("features", f"has the target, {label_text(target)}")
        return list(features), ()
    names = [name for name in columns if name and name != target and name not in ignore]
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
    return f"{label_text(name)!r}, which is no column of {path}; it has {listed(columns)}{hint}"


def _read_parts(files: dict[str, str]) -> "dict[str, pd.DataFrame]":
    """Reads each part; what is text in the training file is text in all of them."""
    train = read_table(files["train"])
    texts = [name for name in train.columns if not _is_numeric(train[name])]
    others = {part: read_table(file, texts) for part, file in files.items() if part != "train"}
    return {"train": train, **others}


def _is_numeric(column: "pd.Series[Any]") -> bool:
    return column.dtype.kind in "fiu"


def _kind(path: str, name: str, frames: "dict[str, pd.DataFrame]") -> Feature:
    """Returns what the training file's column holds, with the words of all files."""
    kind = name_kind(path, name, frames["train"][name])
    if kind.words is None:
        return kind
    return Feature(name, tuple(sorted(set().union(*(f[name].dropna() for f in frames.values())))))


def _targets(
    target: str, files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    kind = name_kind(files["train"], target, frames["train"][target], role=_ROLE)
    if kind.words is not None and task == "numbers":
        raise SettingError("task", f"cannot be numbers: the column {label_text(target)} has words")
    whole = all(frame[target].dtype.kind in "iu" for frame in frames.values())
    labels: list[Any] = []
    for part, frame in frames.items():
        column = frame[target]
        absent = np.flatnonzero(column.isna())
        if len(absent):
            where = f"{files[part]}: column {label_text(target)}, {_ROLE}"
            raise DataError(f"{where}: no value in {rows_text(absent)}")
        if kind.words is not None or whole:
            labels += column.tolist()
        else:
            labels += to_numbers(files[part], kind, column, role=_ROLE).tolist()
    classes, encoded = index_targets(labels, task)
    ends = np.cumsum([len(frame) for frame in frames.values()])[:-1]
    return classes, dict(zip(frames, np.split(encoded, ends), strict=True))


def _image_format(
    names: Sequence[str], tables: Sequence[NDArray[np.float64]]
) -> ImageFormat | None:
    """Returns the format of pictures where the columns are called after the pixels of a square."""
    side = isqrt(len(names))
    if side < 2 or side * side != len(names) or not all(map(_PIXEL.fullmatch, names)):
        return None
    # A hole is nan, which is no byte either.
    are_bytes = all(
        ((table >= 0) & (table <= _WHITE) & (table == np.floor(table))).all() for table in tables
    )
    return ImageFormat(side, side, largest=_WHITE) if are_bytes else None
