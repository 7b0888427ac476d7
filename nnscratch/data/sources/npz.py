"""Arrays in a .npz file, laid out as Keras lays out MNIST or simply as x and y."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.lib import format as npy
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.base import ABOUT_PATH, ABOUT_TASK, Source, Task
from nnscratch.errors import DataError
from nnscratch.files.regular import open_regular
from nnscratch.formatting import plural
from nnscratch.nn.registry import REQUIRED, setting

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

    from nnscratch.data.arrays import Parts

# How the header of an array is read, by the version of its format; a third one is for structures.
_HEADERS: dict[tuple[int, int], Callable[[Any], Any]] = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}
_LAYOUTS: tuple[dict[str, tuple[str, str]], ...] = (
    {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")},
    {"train": ("x", "y")},
)


@dataclass(eq=False)
class NpzSource(Source):
    """Arrays in a .npz file; arrays of other names are ignored.

    It holds x_train, y_train and, if there is a test part, x_test and y_test; or x and y. Inputs of
    more than two dimensions are flattened, row by row.
    """

    path: str = setting(REQUIRED, ABOUT_PATH, example="data/mnist.npz")
    task: Task = setting("auto", ABOUT_TASK)
    name = "npz"
    path_keys = ("path",)

    def load(self) -> Dataset:
        from nnscratch.data.arrays import assemble

        try:
            with open_regular(Path(self.path)) as file:
                parts = _read(self.path, file)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from None
        return assemble(self.path, parts, self.task)


def _read(path: str, file: Any) -> "Parts":
    import zipfile

    if not zipfile.is_zipfile(file):
        raise DataError(f"{path}: is not an .npz file")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            arrays = {
                info.filename.removesuffix(".npy"): info
                for info in archive.infolist()
                if info.filename.endswith(".npy")
            }
            wanted = _choose(path, list(arrays))
            for part, (x, y) in wanted.items():
                rows, targets = (_check_header(path, archive, arrays[name]) for name in (x, y))
                # Before any of them is expanded: few bytes may become very many.
                if rows and rows[:1] != targets[:1]:
                    rule = f"the {part} part has {plural(rows[0], 'row')} of inputs"
                    raise DataError(f"{path}: {rule}, but targets of shape {targets}")
            return {
                part: (_read_array(archive, arrays[x]), _read_array(archive, arrays[y]))
                for part, (x, y) in wanted.items()
            }
    except (DataError, MemoryError):
        raise
    except Exception as error:
        # NumPy and zipfile raise a dozen unrelated exceptions for a broken file.
        raise DataError(f"{path}: is damaged, or not an .npz file: {error}") from error


def _choose(path: str, names: list[str]) -> dict[str, tuple[str, str]]:
    for layout in _LAYOUTS:
        if not set(layout["train"]) <= set(names):
            continue
        there = {part: pair for part, pair in layout.items() if set(pair) & set(names)}
        for pair in there.values():
            for name in set(pair) - set(names):
                raise DataError(f"{path}: has no array {name}")
        return there
    raise DataError(
        f"{path}: must hold x_train and y_train, perhaps with x_test and y_test, or x and y; "
        f"it holds {', '.join(names) or 'nothing'}"
    )


def _check_header(path: str, archive: "ZipFile", info: "ZipInfo") -> tuple[int, ...]:
    """Returns an array's shape, once its header and its size are found to fit each other."""
    name = info.filename.removesuffix(".npy")
    with archive.open(info) as member:
        read_header = _HEADERS.get(npy.read_magic(member))
        if read_header is None:
            raise DataError(f"{path}: the array {name} is of an unknown format")
        shape, _, dtype = read_header(member)
        size = info.file_size - member.tell()
    if dtype.hasobject:
        rule = "holds Python objects, which are not read because they could run code"
        raise DataError(f"{path}: the array {name} {rule}")
    if size != prod(shape) * dtype.itemsize:
        rule = f"has {size:,} bytes, but a header for {dtype} of shape {shape}"
        raise DataError(f"{path}: the array {name} {rule}")
    return tuple(shape)


def _read_array(archive: "ZipFile", info: "ZipInfo") -> NDArray[Any]:
    with archive.open(info) as member:
        array: NDArray[Any] = npy.read_array(member, allow_pickle=False)
    return array
