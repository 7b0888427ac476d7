"""Checks shared by the tests of `nnscratch init`: a config it wrote works, or it says why not."""

from pathlib import Path
from typing import Any

from nnscratch.config import load
from tests.conftest import Command, Result


def assert_works(nnscratch: Command, path: Path | str) -> dict[str, Any]:
    """Validates a config without a warning, trains a network, returns its data set's settings."""
    checked = nnscratch("validate", path)
    assert (checked.code, checked.out, checked.err) == (0, f"{path}: fine\n", "")
    trained = nnscratch("train", path, "epochs=2", "ensemble=1", "--quiet", "--no-plots")
    assert trained.code == 0, trained.err
    return load(path).dataset.model_dump()


def assert_refused(result: Result, *fragments: str) -> None:
    """Clear lines of error, and no name of a Python exception."""
    assert result.code in (1, 2)
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    assert all(line.startswith("error: ") for line in result.err.splitlines())
    assert all(fragment in result.err for fragment in fragments), result.err
