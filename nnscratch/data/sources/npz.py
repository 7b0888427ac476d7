"""Arrays in a .npz file, laid out as Keras lays out MNIST or simply as x and y."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.base import ABOUT_PATH, ABOUT_TASK, Source, Task
from nnscratch.errors import DataError
from nnscratch.files.regular import open_regular
from nnscratch.nn.registry import REQUIRED, setting

if TYPE_CHECKING:
    from nnscratch.data.arrays import Parts

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
            # np.load itself leaves a broken file open.
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
        with np.load(file, allow_pickle=False) as archive:
            wanted = _choose(path, archive.files)
            return {
                part: (_array(path, archive, x), _array(path, archive, y))
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


def _array(path: str, archive: Any, name: str) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.asarray(archive[name])
    except ValueError as error:
        if "pickle" not in str(error):
            raise
        rule = "holds Python objects, which are not read because they could run code"
        raise DataError(f"{path}: the array {name} {rule}") from None
    return array
