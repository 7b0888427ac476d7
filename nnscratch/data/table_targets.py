"""The targets of a table: a column of classes or numbers, or several of numbers or yes and no."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import name_kind
from nnscratch.data.columns import rows_text, to_numbers
from nnscratch.data.dataset import Feature, Label
from nnscratch.data.targets import index_parts, whole_as_int
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

_ROLE = "the target"
# What people write in a column of labels that a row has or has not.
_FLAGS = {"true": 1, "yes": 1, "false": 0, "no": 0}


def read_targets(
    columns: list[str], files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    """Returns the classes, or None where targets are numbers, and the targets of each part.

    Args:
        columns: What to predict.
        files: The name of each part's file.
        frames: Each part's table.
        task: As for `index_targets`.

    Raises:
        SettingError: The task does not fit the columns.
        DataError: A target is missing or no number.
    """
    if len(columns) == 1:
        return _read_one(columns[0], files, frames, task)
    return None, _read_several(columns, files, frames, task)


def _read_one(
    target: str, files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    kind = name_kind(files["train"], target, frames["train"][target], role=_ROLE)
    if kind.words is not None and task == "numbers":
        raise SettingError("task", f"cannot be numbers: the column {label_text(target)} has words")
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


def _read_several(
    targets: list[str], files: dict[str, str], frames: "dict[str, pd.DataFrame]", task: str
) -> dict[str, NDArray[Any]]:
    """Returns the numbers of several targets, (rows, targets) for each part."""
    if task == "classes":
        raise SettingError("task", f"cannot be classes for {len(targets)} targets")
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
