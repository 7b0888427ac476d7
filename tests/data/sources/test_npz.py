"""Arrays in a .npz file; what may be in them is tested with `arrays`."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.sources.npz import NpzSource
from nnscratch.errors import DataError


@pytest.mark.parametrize(
    ("names", "parts"),
    [(("x", "y"), ["train"]), (("x_train", "y_train", "x_test", "y_test"), ["train", "test"])],
)
def test_both_layouts_are_read(tmp_path: Path, names: tuple[str, ...], parts: list[str]) -> None:
    arrays: dict[str, Any] = {
        n: np.arange(6.0).reshape(3, 2) if "x" in n else np.array([0, 1, 0]) for n in names
    }
    np.savez(tmp_path / "data.npz", **arrays)
    dataset = NpzSource(str(tmp_path / "data.npz")).load()
    assert list(dataset.splits) == parts
    assert dataset.classes == (0, 1)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.npz"
    file.write_text("x,y")
    with pytest.raises(DataError, match=r"is no \.npz file"):
        NpzSource(str(file)).load()
