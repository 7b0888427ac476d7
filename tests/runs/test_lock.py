"""The lock of a file: held by one at a time, and let go of when the file is closed."""

import os
from pathlib import Path

import pytest

from nnscratch.runs.lock import is_locked, lock

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs locks")


def test_one_holds_it_at_a_time_and_until_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    assert not is_locked(path)
    with path.open("rb") as first, path.open("rb") as second:
        assert lock(first)
        assert not lock(second)
        assert is_locked(path)
    assert not is_locked(path)


def test_a_file_that_is_not_there_is_not_locked(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "nothing")
