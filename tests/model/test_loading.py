"""Loading gives what the file holds: a model or an ensemble."""

from pathlib import Path

import pytest

from nnscratch.errors import FileFormatError, UsageError
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.loading import load_model
from nnscratch.model.model import Model
from tests.model.test_ensemble import member


def test_a_file_and_a_run_directory_are_read(tmp_path: Path) -> None:
    member(1).save(tmp_path / "weights.npz")
    assert isinstance(load_model(tmp_path / "weights.npz"), Model)
    Ensemble([member(1)]).save(tmp_path / "weights.npz")
    assert isinstance(load_model(tmp_path), Ensemble)


def test_what_is_not_there_or_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"weights\.npz: cannot be read"):
        load_model(tmp_path)
    Ensemble([member(1), member(2)]).save(tmp_path / "weights.npz")
    content = bytearray((tmp_path / "weights.npz").read_bytes())
    content[2000] ^= 1
    (tmp_path / "weights.npz").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"weights\.npz"):
        load_model(tmp_path)
