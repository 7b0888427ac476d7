"""A table from standard input: whole, for as long as the command lasts, and called by its name."""

import io
import tempfile
from pathlib import Path

import pytest

from nnscratch.cli.standard_input import as_file, rename
from nnscratch.errors import DataError, UsageError
from tests.conftest import Command

WINE = Path("configs/data/wine.csv")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def give(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_what_is_given_is_a_file_as_long_as_it_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(256)) * 9
    give(content, monkeypatch)
    with as_file(Path("-")) as path:
        assert path.read_bytes() == content
        assert rename(f"{path}: odd", path) == "standard input: odd"
    assert list(folder.iterdir()) == []


def test_an_error_calls_it_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(b"", monkeypatch)
    with pytest.raises(DataError, match=r"^standard input: is odd$"), as_file(Path("-")) as path:
        raise DataError(f"{path}: is odd")
    assert list(folder.iterdir()) == []


def test_any_other_path_is_itself() -> None:
    with as_file(Path("a/standard input")) as path:
        assert path == Path("a/standard input")
        assert rename(f"{path}: odd", path) == f"{path}: odd"


def test_a_closed_standard_input_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="no standard input"), as_file(Path("-")):
        pass


def test_commands_take_a_table_from_it_as_from_a_file(
    workplace: Path, nnscratch: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nnscratch("train", "configs/csv.yaml", "epochs=2", "--no-plots", "-q").code == 0
    for command in (["predict", "csv", "--with-inputs"], ["evaluate", "csv"]):
        from_file = nnscratch(*command, "--csv", WINE)
        give(WINE.read_bytes(), monkeypatch)
        result = nnscratch(*command, "--csv", "-")
        assert (result.code, result.err) == (0, from_file.err)
        assert result.out == from_file.out.replace(str(WINE), "standard input")
        give(b"a,b\n1,2\n", monkeypatch)
        wrong = nnscratch(*command, "--csv", "-")
        assert wrong.code == 1
        assert wrong.err.startswith("error: standard input: has no column ")
    # A note on the rows names it too.
    lines = WINE.read_text().splitlines()
    without_target = "\n".join([*lines, lines[1].rpartition(",")[0] + ",", ""])
    give(without_target.encode(), monkeypatch)
    told = nnscratch("evaluate", "csv", "--csv", "-").err
    assert "note: standard input: 1 row without a target" in told
    assert list(folder.iterdir()) == []
