"""The user's own table: a CSV file whose columns are numbers and words, one of them the target."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import name_kind
from nnscratch.data.columns import ignoring, refuse_holes, rows_text, to_numbers
from nnscratch.data.csv_files import read_table
from nnscratch.data.dataset import Dataset, Feature, Label, Split
from nnscratch.data.image_format import are_bytes, image_of_names
from nnscratch.data.targets import index_parts, whole_as_int
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some, some_names

if TYPE_CHECKING:
    import pandas as pd

_ROLE = "the target"
MANY_ROWS = 20
# What people write in a column of labels that a row has or has not.
_FLAGS = {"true": 1, "yes": 1, "false": 0, "no": 0}


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
    """Returns a table's rows.

    Args:
        path: The rows to train on (and to hold some out of).
        target: The column to predict; or several, of numbers, or of labels that a row has or has
            not: 1 and 0, true and false, yes and no.
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
    wanted = [target] if isinstance(target, str) else target
    names, notes = _choose_columns(path, frames["train"], wanted, features, ignore or [])
    for part, frame in frames.items():
        absent = [name for name in (*names, *wanted) if name not in frame.columns]
        if absent:
            raise DataError(f"{files[part]}: has no column {some_names(absent)}")
    kinds = _kinds(path, names, frames)
    tables = {
        part: np.column_stack([to_numbers(files[part], kind, frame[kind.name]) for kind in kinds])
        for part, frame in frames.items()
    }
    if missing == "error":
        for part, table in tables.items():
            refuse_holes(files[part], kinds, table)
    image = image_of_names(names)
    if image and not all(map(are_bytes, tables.values())):
        image = None
    if image:
        tables = {part: table.astype(np.uint8) for part, table in tables.items()}
    classes, targets = (
        _targets(wanted[0], files, frames, task)
        if len(wanted) == 1
        else (None, _number_targets(wanted, files, frames, task))
    )
    splits = {part: Split(tables[part], targets[part]) for part in frames}
    notes += tuple(_number_notes(kinds, tables["train"]))
    target_names = tuple(wanted) if classes is None else ()
    return Dataset(
        splits, tuple(kinds), classes, image=image, notes=notes, target_names=target_names
    )


def _choose_columns(
    path: str,
    frame: "pd.DataFrame",
    target: list[str],
    features: list[str] | None,
    ignore: list[str],
) -> tuple[list[str], tuple[str, ...]]:
    """Returns the columns to predict from, and a note on those left out by themselves."""
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


def _targets(
    target: str, files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    kind = name_kind(files["train"], target, frames["train"][target], role=_ROLE)
    if kind.words is not None and task == "regression":
        rule = f"cannot be regression: the column {label_text(target)} has words"
        raise SettingError("task", rule)
    _refuse_absent([target], files, frames)
    values: dict[str, NDArray[Any]] = {}
    for part, frame in frames.items():
        column = frame[target]
        if kind.words is None:
            values[part] = to_numbers(files[part], kind, column, role=_ROLE)
        else:
            values[part] = column.to_numpy(object)
    labels = {part: labels.tolist() for part, labels in whole_as_int(values).items()}
    return index_parts(labels, task)


def _refuse_absent(
    targets: list[str], files: dict[str, str], frames: "dict[str, pd.DataFrame]"
) -> None:
    """Raises DataError with a line for each target that some rows do not have."""
    lines = [
        f"{files[part]}: column {label_text(target)}, {_ROLE}: no value in {rows_text(absent)}"
        for target in targets
        for part, frame in frames.items()
        if len(absent := np.flatnonzero(frame[target].isna()))
    ]
    if lines:
        raise DataError("\n".join(lines))


def _number_targets(
    targets: list[str], files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> dict[str, NDArray[Any]]:
    """Returns the numbers of several targets, (rows, targets) for each part."""
    if task == "classification":
        raise SettingError("task", f"cannot be classification for {len(targets)} targets")
    columns: dict[str, list[NDArray[Any]]] = {part: [] for part in frames}
    _refuse_absent(targets, files, frames)
    for target in targets:
        kind = name_kind(files["train"], target, frames["train"][target], role=_ROLE)
        if kind.words is not None and not {word.lower() for word in kind.words} <= _FLAGS.keys():
            rule = f"names {label_text(target)}, a column of words such as {some(kind.words, 3)}"
            raise SettingError("target", f"{rule}; several targets must be numbers, or yes and no")
        for part, frame in frames.items():
            column = frame[target]
            if kind.words is not None:
                column = column.map(lambda word: _FLAGS.get(word.lower(), word))
            columns[part].append(to_numbers(files[part], Feature(target), column, role=_ROLE))
    return {part: np.column_stack(arrays) for part, arrays in columns.items()}


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
