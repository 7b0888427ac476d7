"""Arrays from files made into a data set, once it is sure that they fit together."""

from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, ImageFormat, Split, number_features
from nnscratch.data.targets import index_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.wording import plural

Parts = dict[str, tuple[NDArray[Any], NDArray[Any]]]

# A row of fewer bytes than 8 × 8 is a table's more likely than a picture's.
_SMALLEST_SIDE = 8
_MANY_CLASSES = 1000


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
    targets = _join_targets(source, parts)
    classes, encoded = index_targets(targets.tolist(), _task_of(targets, task))
    ends = np.cumsum([len(x) for x, _ in parts.values()])[:-1]
    splits = {
        name: Split(_flat(x), part)
        for (name, (x, _)), part in zip(parts.items(), np.split(encoded, ends), strict=True)
    }
    inputs = splits["train"].inputs
    image = _image_format(parts["train"][0].shape[1:], inputs)
    return Dataset(splits, number_features(inputs.shape[1]), classes, image=image)


def _check_inputs(source: str, parts: Parts) -> None:
    same_shape = len({x.shape[1:] for x, _ in parts.values()}) == 1
    for x, _ in parts.values():
        if x.dtype.kind not in "fiub" or x.ndim < 2 or not x.size or not same_shape:
            got = " and ".join(_say(inputs) for inputs, _ in parts.values())
            rule = "inputs must be rows of numbers, all of one shape"
            raise DataError(f"{source}: {rule}; got {got}")
        if x.dtype.kind == "f" and not np.isfinite(x).all():
            raise DataError(f"{source}: inputs have nan or infinity")


def _join_targets(source: str, parts: Parts) -> NDArray[Any]:
    """Returns the targets of all parts, one after the other."""
    for name, (x, y) in parts.items():
        if y.ndim not in (1, 2) or len(y) != len(x) or not y.size:
            rows = plural(len(x), "row")
            raise DataError(f"{source}: {rows} of inputs to {name}, but targets of shape {y.shape}")
        if y.dtype.kind not in "fiubU":
            raise DataError(f"{source}: targets must be numbers or words; got {_say(y)}")
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise DataError(f"{source}: targets have nan or infinity")
    targets = [y for _, y in parts.values()]
    if len({(y.shape[1:], y.dtype.kind == "U") for y in targets}) > 1:
        raise DataError(f"{source}: targets of two kinds: {' and '.join(map(_say, targets))}")
    joined = np.concatenate(targets)
    return joined[:, 0] if joined.ndim == 2 and joined.shape[1] == 1 else joined


def _task_of(targets: NDArray[Any], task: str) -> str:
    if targets.ndim == 2:
        if task == "classes":
            raise SettingError("task", f"cannot be classes: a target is {targets.shape[1]} numbers")
        return "numbers"
    if task == "numbers" and targets.dtype.kind == "U":
        raise SettingError("task", "cannot be numbers: the targets are words")
    if task == "auto" and targets.dtype.kind in "iu":
        count = len(np.unique(targets))
        return "classes" if count <= min(_MANY_CLASSES, len(targets) / 2) else "auto"
    return task


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    rows = x.reshape(len(x), -1)
    return rows if rows.dtype == np.uint8 else rows.astype(np.float64, copy=False)


def _image_format(shape: tuple[int, ...], inputs: NDArray[Any]) -> ImageFormat | None:
    """Returns the format of what looks like grey pictures."""
    largest = 255.0 if inputs.dtype == np.uint8 else float(inputs.max())
    if len(shape) > 1:
        return ImageFormat(shape[0], shape[1], largest) if shape[2:] in ((), (1,)) else None
    side = isqrt(inputs.shape[1])
    square = side * side == inputs.shape[1] and side >= _SMALLEST_SIDE
    return ImageFormat(side, side, largest) if inputs.dtype == np.uint8 and square else None


def _say(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {array.shape}"
