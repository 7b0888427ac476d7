"""Arrays from files made into a data set, once it is sure that they fit together."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.image_format import image_of_shape
from nnscratch.data.targets import index_parts, whole_as_int
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import plural

Parts = dict[str, tuple[NDArray[Any], NDArray[Any]]]

_MANY_CLASSES = 1000
# What needs no more memory than it has; other types become float64.
_KEPT = ("uint8", "float32", "float64")


def assemble(source: str, parts: Parts, task: str) -> Dataset:
    """Returns a data set of arrays.

    Args:
        source: The file, for messages.
        parts: By name: inputs (rows, …), which are flattened row by row, and targets (rows,) or
            (rows, outputs).
        task: As for `index_targets`; when it is `auto`, whole numbers that repeat are classes.

    Raises:
        SettingError: The task does not fit the targets.
        DataError: The arrays do not fit together, or are not numbers or words.
    """
    _check_inputs(source, parts)
    targets = _check_targets(source, parts)
    task = _task_of(np.concatenate(list(targets.values())), task)
    classes, encoded = index_parts({name: y.tolist() for name, y in targets.items()}, task)
    splits = {name: Split(_flat(x), encoded[name]) for name, (x, _) in parts.items()}
    inputs = splits["train"].inputs
    image = image_of_shape(parts["train"][0].shape[1:], inputs)
    return Dataset(splits, number_features(inputs.shape[1]), classes, image=image)


def _check_inputs(source: str, parts: Parts) -> None:
    same_shape = len({x.shape[1:] for x, _ in parts.values()}) == 1
    for x, _ in parts.values():
        if x.dtype.kind not in "fiub" or x.ndim < 2 or not x.size or not same_shape:
            got = " and ".join(_described(inputs) for inputs, _ in parts.values())
            rule = "inputs must be rows of numbers, all of one shape"
            raise DataError(f"{source}: {rule}; got {got}")
        if x.dtype.kind == "f" and not np.isfinite(x).all():
            raise DataError(f"{source}: inputs have nan or infinity")


def _check_targets(source: str, parts: Parts) -> dict[str, NDArray[Any]]:
    """Returns the targets of each part: whole numbers as such, one column as none."""
    for name, (x, y) in parts.items():
        if y.ndim not in (1, 2) or len(y) != len(x) or not y.size:
            rows = plural(len(x), "row")
            raise DataError(f"{source}: {rows} of inputs to {name}, but targets of shape {y.shape}")
        if y.dtype.kind not in "fiubU":
            raise DataError(f"{source}: targets must be numbers or words; got {_described(y)}")
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise DataError(f"{source}: targets have nan or infinity")
    targets = {name: y for name, (_, y) in parts.items()}
    if len({(y.shape[1:], y.dtype.kind == "U") for y in targets.values()}) > 1:
        kinds = " and ".join(map(_described, targets.values()))
        raise DataError(f"{source}: targets of two kinds: {kinds}")
    columns = {n: y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y for n, y in targets.items()}
    return whole_as_int(columns)


def _task_of(targets: NDArray[Any], task: str) -> str:
    if targets.ndim == 2:
        if task == "classification":
            rule = f"cannot be classification: a target is {targets.shape[1]} numbers"
            raise SettingError("task", rule)
        return "regression"
    if task == "regression" and targets.dtype.kind == "U":
        raise SettingError("task", "cannot be regression: the targets are words")
    if task == "auto" and targets.dtype.kind in "iu":
        count = len(np.unique(targets))
        return "classification" if count <= min(_MANY_CLASSES, len(targets) / 2) else "auto"
    return task


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    rows = x.reshape(len(x), -1)
    if rows.dtype == np.bool_:
        return rows.view(np.uint8)
    return rows if rows.dtype in _KEPT else rows.astype(np.float64)


def _described(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {array.shape}"
