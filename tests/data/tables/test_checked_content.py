"""Content that cannot be a table is refused as it is read; test_opening.py has whole files."""

import io
from pathlib import Path

import pytest

from nnscratch.data.tables import checked_content
from nnscratch.data.tables.checked_content import CheckedContent
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.errors import DataError


def checked(path: Path, content: bytes) -> CheckedContent:
    path.write_bytes(content)
    opened = OpenedFile(path)
    raw = opened.open_raw()
    return CheckedContent(opened, raw, raw, as_text=True, whole=True)


def test_text_comes_through_as_it_is(tmp_path: Path) -> None:
    with io.BufferedReader(checked(tmp_path / "t.csv", b"a,b\r\n1,2\n")) as file:
        assert file.read() == b"a,b\r\n1,2\n"


def test_a_nul_byte_is_named_with_its_place(tmp_path: Path) -> None:
    file = checked(tmp_path / "t.csv", b"a,b\n1\0,2\n")
    with file, pytest.raises(DataError, match="byte 6 is a NUL byte"):
        file.read(100)


def test_a_line_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_content, "_LONGEST_LINE", 10)
    with checked(tmp_path / "t.csv", b"a,b\n" + b"1" * 11) as file:
        file.read(4)
        with pytest.raises(DataError, match="so it is not a table"):
            file.read(100)
