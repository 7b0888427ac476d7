"""The idx files that MNIST came in, and Fashion-MNIST, KMNIST and EMNIST after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.base import Source
from nnscratch.errors import DataError
from nnscratch.files.regular import open_regular
from nnscratch.nn.registry import REQUIRED, setting

if TYPE_CHECKING:
    from nnscratch.data.arrays import Parts

# The third byte of a file, and the numbers that follow.
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_DIMENSIONS = 32
_PIECE = 1 << 20
_STEMS = {"train": ("train",), "test": ("t10k", "test")}


@dataclass(eq=False)
class IdxSource(Source):
    """Images in the files that MNIST came in, gzipped or not.

    The directory holds train-images-idx3-ubyte and train-labels-idx1-ubyte, with or without .gz,
    and the same with t10k (or test) if there is a test part. Names may begin with the data set's.
    """

    path: str = setting(
        REQUIRED,
        "Directory, relative to the config's folder or the current one.",
        example="data/mnist",
    )
    name = "idx"
    path_keys = ("path",)

    def load(self) -> Dataset:
        from nnscratch.data.arrays import assemble

        directory = Path(self.path)
        parts: Parts = {}
        if not directory.is_dir():
            raise DataError(
                f"{self.path}: is not a directory; it must hold train-images-idx3-ubyte and so on"
            )
        for part, stems in _STEMS.items():
            images, labels = _find(directory, stems, "images"), _find(directory, stems, "labels")
            if images and labels:
                count, shape = _read_shape(images)[:1], _read_shape(labels)
                if shape != count:
                    rule = f"{labels}: must have one label for each image of {images.name}"
                    raise DataError(f"{rule}, {count[0] if count else 0:,}; got shape {shape}")
                parts[part] = _read(images), _read(labels)
            elif part == "train" or images or labels:
                missing = "labels-idx1" if images else "images-idx3"
                name = f"{stems[0]}-{missing}-ubyte"
                raise DataError(f"{self.path}: has no file {name} or {name}.gz")
        return assemble(self.path, parts, "classification")


def _find(directory: Path, stems: tuple[str, ...], kind: str) -> Path | None:
    found = sorted(
        file
        for stem in stems
        for file in directory.glob(f"*{stem}-{kind}?idx?-ubyte*")
        if file.is_file() and file.name.endswith(("ubyte", "ubyte.gz"))
    )
    names = {file.name.removesuffix(".gz") for file in found}
    if len(names) > 1:
        raise DataError(f"{directory}: must have only one of {', '.join(sorted(names))}")
    return found[0] if found else None


def _read(path: Path) -> NDArray[Any]:
    """Returns the array of one file, of which no more is read than its header promises."""
    with _opened(path) as stream:
        shape, dtype = _read_header(path, stream)
        size = prod(shape) * dtype.itemsize
        data = bytearray()
        # One byte more than is promised tells whether there is more.
        while len(data) <= size and (piece := stream.read(min(_PIECE, size + 1 - len(data)))):
            data += piece
    if len(data) != size:
        found = f"{len(data):,}" if len(data) < size else f"more than {size:,}"
        raise DataError(f"{path}: has {found} bytes of numbers, but a header for shape {shape}")
    numbers = np.frombuffer(data, dtype)
    return numbers.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _read_shape(path: Path) -> tuple[int, ...]:
    """Returns the shape of one file's array, of which nothing more is read."""
    with _opened(path) as stream:
        return _read_header(path, stream)[0]


def _read_header(path: Path, stream: BinaryIO) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Returns what the numbers are, which follow.

    The file holds two zeros, the type, the number of dimensions, their sizes, and the numbers.
    """
    start = stream.read(4)
    begins = len(start) == 4 and start[:2] == b"\0\0" and start[2] in _TYPES
    sizes = stream.read(4 * start[3]) if begins else b""
    if not begins or len(sizes) < 4 * start[3] or start[3] > _MOST_DIMENSIONS:
        raise DataError(f"{path}: is not an idx file; it does not begin like one")
    return tuple(np.frombuffer(sizes, ">u4").tolist()), np.dtype(_TYPES[start[2]])


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Opens a file, and expands it while it is read if it is gzipped."""
    import gzip
    import zlib

    try:
        with open_regular(path) as file:
            is_zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield cast("BinaryIO", gzip.GzipFile(fileobj=file)) if is_zipped else file
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
