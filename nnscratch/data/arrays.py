"""Arrays in files: .npz as Keras lays MNIST out, and the idx files that MNIST came in."""

import gzip
import zlib
from math import isqrt, prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, ImageFormat, Split, number_features
from nnscratch.data.targets import index_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.wording import plural

_LAYOUTS = ({"x_train", "y_train", "x_test", "y_test"}, {"x_train", "y_train"}, {"x", "y"})
# The idx format's third byte, and the numbers that follow.
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_IDX_FILES = {"train": "train", "test": "t10k"}


def load_npz(path: str, task: str = "auto") -> Dataset:
    """Returns the arrays of a .npz file.

    Args:
        path: Holds x_train, y_train and, if there is a test part, x_test and y_test; or x and y.
            Inputs of more than two dimensions are flattened, row by row.
        task: As for `index_targets`; labels of whole numbers are classes when it is `auto`.

    Raises:
        DataError: The file cannot be read, or its arrays do not fit together.
    """
    arrays = _read_npz(Path(path))
    layout = next((names for names in _LAYOUTS if names <= arrays.keys()), None)
    if layout is None:
        rule = "holds x_train, y_train, x_test and y_test, or x and y"
        raise DataError(f"{path}: no arrays {rule}; it holds {', '.join(arrays) or 'nothing'}")
    suffixes = {"train": "_train", "test": "_test"} if "x_train" in layout else {"train": ""}
    parts = {
        part: (arrays[f"x{suffix}"], arrays[f"y{suffix}"])
        for part, suffix in suffixes.items()
        if f"x{suffix}" in layout
    }
    return _assemble(str(path), parts, task)


def load_idx(path: str) -> Dataset:
    """Returns the pictures and labels of a directory of idx files, gzipped or not.

    Args:
        path: Holds train-images-idx3-ubyte and train-labels-idx1-ubyte, with or without .gz, and
            the same with t10k if there is a test part. Names may begin with the data set's own.

    Raises:
        DataError: A file is missing or damaged, or they do not fit together.
    """
    directory, parts = Path(path), {}
    for part, stem in _IDX_FILES.items():
        images, labels = (_find_idx(directory, f"{stem}-{kind}") for kind in ("images", "labels"))
        if images and labels:
            parts[part] = (_read_idx(images), _read_idx(labels))
        elif part == "train" or images or labels:
            missing = f"{stem}-{'labels-idx1' if images else 'images-idx3'}-ubyte"
            raise DataError(f"{path}: has no file {missing} or {missing}.gz")
    return _assemble(str(path), parts, "classes")


def _read_npz(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            # A member that is no array comes as bytes.
            return {name: np.asarray(archive[name]) for name in archive.files}
    except MemoryError:
        raise
    except Exception as error:
        # NumPy and zipfile answer a broken file with a dozen unrelated exceptions.
        raise DataError(f"{path}: cannot be read as a .npz file of arrays: {error}") from error


def _find_idx(directory: Path, stem: str) -> Path | None:
    found = sorted(
        file
        for pattern in (f"*{stem}?idx?-ubyte", f"*{stem}?idx?-ubyte.gz")
        for file in directory.glob(pattern)
    )
    names = {file.name.removesuffix(".gz") for file in found}
    if len(names) > 1:
        raise DataError(f"{directory}: which is meant, {' or '.join(sorted(names))}?")
    return found[0] if found else None


def _read_idx(path: Path) -> NDArray[Any]:
    """Returns the array of one idx file: 0, 0, type, dimensions, their sizes, the numbers."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
    if (
        len(data) < 4
        or data[:2] != b"\0\0"
        or data[2] not in _IDX_TYPES
        or len(data) < 4 + 4 * data[3]
    ):
        raise DataError(f"{path}: no idx file; it does not begin like one")
    start = 4 + 4 * data[3]
    shape = tuple(np.frombuffer(data[4:start], ">u4").tolist())
    dtype = np.dtype(_IDX_TYPES[data[2]])
    if len(data) - start != prod(shape) * dtype.itemsize:
        raise DataError(
            f"{path}: has {len(data) - start:,} bytes of numbers where its header says {shape}"
        )
    numbers = np.frombuffer(data, dtype, offset=start)
    return numbers.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _assemble(
    source: str, parts: dict[str, tuple[NDArray[Any], NDArray[Any]]], task: str
) -> Dataset:
    """Returns the data set of inputs (rows, …) and targets (rows,) or (rows, outputs)."""
    shapes = {x.shape[1:] for x, _ in parts.values()}
    for name, (x, y) in parts.items():
        if x.dtype.kind not in "fiub" or x.ndim < 2 or not x.size or len(shapes) > 1:
            raise DataError(
                f"{source}: inputs must be rows of numbers, of one shape; got {_say(x)}"
            )
        if len(x) != len(y) or y.ndim > 2:
            rows = plural(len(x), "row")
            raise DataError(f"{source}: {rows} of inputs to {name}, but targets of shape {y.shape}")
        if x.dtype.kind == "f" and not np.isfinite(x).all():
            raise DataError(f"{source}: inputs have nan or infinity")
    every = np.concatenate([y for _, y in parts.values()])
    every = every[:, 0] if every.ndim == 2 and every.shape[1] == 1 else every
    classes, encoded = index_targets(every.tolist(), _task_of(source, every, task))
    ends = np.cumsum([len(x) for x, _ in parts.values()])[:-1]
    splits = {
        name: Split(_flat(x), targets)
        for (name, (x, _)), targets in zip(parts.items(), np.split(encoded, ends), strict=True)
    }
    inputs = splits["train"].inputs
    image = _image_format(next(iter(shapes)), inputs)
    return Dataset(splits, number_features(inputs.shape[1]), classes, image=image)


def _task_of(source: str, targets: NDArray[Any], task: str) -> str:
    if targets.dtype.kind not in "fiubU":
        raise DataError(f"{source}: targets must be numbers or words; got {_say(targets)}")
    if targets.dtype.kind == "f" and not np.isfinite(targets).all():
        raise DataError(f"{source}: targets have nan or infinity")
    if targets.ndim == 2:
        if task == "classes":
            raise SettingError("task", f"cannot be classes: a target is {targets.shape[1]} numbers")
        return "numbers"
    if task == "numbers" and targets.dtype.kind == "U":
        raise SettingError("task", "cannot be numbers: the targets are words")
    return "classes" if task == "auto" and targets.dtype.kind in "iubU" else task


def _flat(x: NDArray[Any]) -> NDArray[Any]:
    rows = x.reshape(len(x), -1)
    return rows if rows.dtype == np.uint8 else rows.astype(np.float64, copy=False)


def _image_format(shape: tuple[int, ...], inputs: NDArray[Any]) -> ImageFormat | None:
    """Returns the format of what looks like grey pictures."""
    largest = 255.0 if inputs.dtype == np.uint8 else float(inputs.max())
    if len(shape) > 1:
        return ImageFormat(shape[0], shape[1], largest) if shape[2:] in ((), (1,)) else None
    side = isqrt(inputs.shape[1])
    square = side * side == inputs.shape[1] and side > 1
    return ImageFormat(side, side, largest) if inputs.dtype == np.uint8 and square else None


def _say(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {array.shape}"
