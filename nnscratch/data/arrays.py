"""Arrays made into a data set, after checking that they fit together.

The sources that read arrays from files, `npz` and `idx`, use it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, Label, Split, number_features
from nnscratch.data.images import image_of_shape
from nnscratch.data.targets import AUTOMATIC_TASKS, index_parts, is_one_hot, whole_as_int
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import plural

Parts = dict[str, tuple[NDArray[Any], NDArray[Any]]]

_MANY_CLASSES = 1000
# Inputs of these types stay as they are; all others become float64.
_KEPT_DTYPES = ("uint8", "float32", "float64")


def assemble(source: str, parts: Parts, task: str) -> Dataset:
    """Returns a data set of arrays.

    Args:
        source: The file, for messages.
        parts: For each part its inputs (rows, …), of which each row is flattened, and its targets
            (rows,) or (rows, outputs).
        task: As for `index_targets`; with `auto`, whole numbers that repeat are classes, and so are
            one-hot rows, unless the loss takes labels.

    Raises:
        SettingError: The task does not fit the targets.
        DataError: The arrays do not fit together, or are not numbers or text.
    """
    _check_inputs(source, parts)
    classes, encoded = _encode_targets(_check_targets(source, parts), task)
    splits = {name: Split(_flatten(x), encoded[name]) for name, (x, _) in parts.items()}
    inputs = splits["train"].inputs
    image = image_of_shape(parts["train"][0].shape[1:], inputs)
    return Dataset(splits, number_features(inputs.shape[1]), classes, image=image)


def _check_inputs(source: str, parts: Parts) -> None:
    same_shape = len({x.shape[1:] for x, _ in parts.values()}) == 1
    for x, _ in parts.values():
        if x.dtype.kind not in "fiub" or x.ndim < 2 or not x.size or not same_shape:
            got = " and ".join(_describe(inputs) for inputs, _ in parts.values())
            raise DataError(
                f"{source}: inputs must be rows of numbers, all of one shape; got {got}"
            )
        if x.dtype.kind == "f" and not np.isfinite(x).all():
            raise DataError(f"{source}: inputs must not contain nan or infinity")


def _check_targets(source: str, parts: Parts) -> dict[str, NDArray[Any]]:
    """Returns the targets of each part: a single column as (rows,), whole numbers as integers."""
    targets = {}
    for name, (x, y) in parts.items():
        if y.ndim not in (1, 2) or len(y) != len(x) or not y.size:
            raise DataError(
                f"{source}: the {name} part has {plural(len(x), 'row')} of inputs, "
                f"but targets of shape {y.shape}"
            )
        if y.dtype.kind not in "fiubU":
            raise DataError(f"{source}: targets must be numbers or text; got {_describe(y)}")
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise DataError(f"{source}: targets must not contain nan or infinity")
        targets[name] = y[:, 0] if y.shape[1:] == (1,) else y
        if targets[name].ndim == 2 and y.dtype.kind == "U":
            rule = f"targets of several columns must be numbers; got {_describe(y)}"
            raise DataError(f"{source}: {rule}")
    if len({(y.shape[1:], y.dtype.kind == "U") for y in targets.values()}) > 1:
        got = " and ".join(_describe(y) for _, y in parts.values())
        raise DataError(f"{source}: targets must be of one kind in all parts; got {got}")
    return whole_as_int(targets)


def _encode_targets(
    targets: dict[str, NDArray[Any]], task: str
) -> tuple[tuple[Label, ...] | None, dict[str, NDArray[Any]]]:
    """Returns (classes, each part's class indices), or (None, each part's numbers)."""
    whole = np.concatenate(list(targets.values()))
    if task in ("auto", "classification") and is_one_hot(whole):
        # A class that no row has is one of them, too.
        return tuple(range(whole.shape[1])), {name: y.argmax(axis=1) for name, y in targets.items()}
    return index_parts({name: y.tolist() for name, y in targets.items()}, _choose_task(whole, task))


def _choose_task(targets: NDArray[Any], task: str) -> str:
    if targets.ndim == 2:
        if task == "classification":
            numbers = f"{targets.shape[1]} numbers, which are not one 1 and else 0"
            raise SettingError("task", f"cannot be classification: a target is {numbers}")
        return "regression"
    if task == "regression" and targets.dtype.kind == "U":
        raise SettingError("task", "cannot be regression: the targets are text")
    if task in AUTOMATIC_TASKS and targets.dtype.kind in "iu":
        count = len(np.unique(targets))
        return "classification" if count <= min(_MANY_CLASSES, len(targets) / 2) else "auto"
    return task


def _flatten(x: NDArray[Any]) -> NDArray[Any]:
    rows = x.reshape(len(x), -1)
    if rows.dtype == np.bool_:
        return rows.view(np.uint8)
    return rows if rows.dtype in _KEPT_DTYPES else rows.astype(np.float64)


def _describe(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {array.shape}"
