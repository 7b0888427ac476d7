"""The idx files that MNIST came in, and Fashion-MNIST, KMNIST and EMNIST after it."""

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
                parts[part] = _read(images), _read(labels)
                shape = parts[part][1].shape
                if len(shape) != 1:
                    raise DataError(f"{labels}: must have one label for each image; got {shape}")
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
    """Returns the array of one file.

    The file holds two zeros, the type, the number of dimensions, their sizes, and the numbers.
    """
    import gzip
    import zlib

    try:
        with open_regular(path) as file:
            data = file.read()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
    begins = len(data) >= 4 and data[:2] == b"\0\0" and data[2] in _TYPES
    start = 4 + 4 * data[3] if begins else 0
    if not begins or len(data) < start or data[3] > _MOST_DIMENSIONS:
        raise DataError(f"{path}: is not an idx file; it does not begin like one")
    shape = tuple(np.frombuffer(data[4:start], ">u4").tolist())
    dtype = np.dtype(_TYPES[data[2]])
    if len(data) - start != prod(shape) * dtype.itemsize:
        raise DataError(
            f"{path}: has {len(data) - start:,} bytes of numbers, but a header for shape {shape}"
        )
    numbers = np.frombuffer(data, dtype, offset=start)
    return numbers.reshape(shape).astype(dtype.newbyteorder("="), copy=False)
