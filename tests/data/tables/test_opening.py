"""Compressed files, damaged ones, and those that would fill the memory."""

import bz2
import gzip
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nnscratch.data.tables import checked_content, opening
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.errors import DataError

TEXT = b"a,b\n" + b"1,2\n" * 50_000


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def read_in_blocks(opened: OpenedFile, *, as_text: bool = False, whole: bool = False) -> None:
    with opened.open(as_text=as_text, whole=whole) as file:
        while file.read(1 << 16):
            pass


@pytest.mark.parametrize(
    ("compress", "kind"),
    [(bytes, ""), (gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
    ids=["plain", "gzip", "bzip2", "xz"],
)
def test_the_content_decides_what_is_decompressed(
    compress: Callable[[bytes], bytes], kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(compress(TEXT))
    opened = OpenedFile(path)
    assert (opened.compression, opened.first) == (kind, TEXT[:65_536])
    with opened.open(as_text=True, whole=True) as file:
        assert file.read() == TEXT


@pytest.mark.parametrize("header", [b"BZh,b\n", b"BZh9,b\n", b"PK,b\n", b"7zXZ,b\n"])
def test_a_header_is_not_taken_for_a_compression(header: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(header + b"1,2\n")
    assert OpenedFile(path).compression == ""
    path.write_bytes(bz2.compress(b""))
    assert OpenedFile(path).first == b""


def test_the_only_file_of_a_zip_is_its_content(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    zipped(path, {"data/": b"", "data/table.csv": TEXT, "__MACOSX/._table.csv": b"\0"})
    opened = OpenedFile(path)
    assert opened.members == ["data/table.csv"]
    opened.unpack_member()
    with opened.open() as file:
        assert file.read() == TEXT
    assert opened.first == TEXT[:65_536]


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({"a.csv": b"1", "b.csv": b"2"}, r"holds 2 files \(a.csv, b.csv\)"),
        ({}, "holds no file"),
    ],
)
def test_another_zip_lists_its_files(
    members: dict[str, bytes], complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.zip"
    zipped(path, members)
    with pytest.raises(DataError, match=complaint):
        OpenedFile(path).unpack_member()


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    zipped(path, {"a.csv": TEXT})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # the flag that says it is encrypted
    path.write_bytes(data)
    with pytest.raises(DataError, match="protected by a password"):
        OpenedFile(path).unpack_member()


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_file_is_named(
    compress: Callable[[bytes], bytes], damage: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv.gz"
    data = bytearray(compress(os.urandom(200_000)))
    if damage == "cut":
        del data[-1000:]
    else:
        data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataError, match="is a damaged") as caught:
        read_in_blocks(OpenedFile(path))
    assert str(caught.value).startswith(f"{path}: ")


def test_an_expansion_that_no_table_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_ALWAYS_ALLOWED", 10_000_000)
    monkeypatch.setattr(opening, "_ALWAYS_ALLOWED_WHOLE", 1_000_000)
    path = tmp_path / "table.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 3_000_000))
    with pytest.raises(DataError, match=r"expand to more than 10\.. MB"):
        read_in_blocks(OpenedFile(path))
    with pytest.raises(DataError, match=r"expand to more than [1-5]"):
        read_in_blocks(OpenedFile(path), whole=True)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_what_is_held_whole_must_fit_into_memory(
    compress: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(compress(TEXT))
    # A value of one character and its separator: two bytes of text, 24 beside it.
    needed = len(TEXT) * 13 / 0.8
    monkeypatch.setattr(opening, "memory_size", lambda: needed * 0.99)
    read_in_blocks(OpenedFile(path))  # in pieces it may be larger
    with pytest.raises(DataError, match=r"too large for this machine's memory of 3.22 MB"):
        read_in_blocks(OpenedFile(path), whole=True)
    monkeypatch.setattr(opening, "memory_size", lambda: needed * 1.01)
    read_in_blocks(OpenedFile(path), whole=True)


def test_the_size_of_the_memory_is_known() -> None:
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines())
    assert opening.memory_size() == pytest.approx(int(total.split()[1]) * 1024, rel=0.01)


def test_zeros_behind_the_first_lines_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with path.open("r+b") as file:
        file.truncate(10_000_000_000)  # which takes no space
    with pytest.raises(DataError, match="byte 9 is a NUL byte"):
        OpenedFile(path).open(as_text=True).read(1)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_content, "_LONGEST_LINE", 3_000_000)
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" + b"1" * 5_000_000)
    with pytest.raises(DataError, match="has a line of more than 3 MB"):
        read_in_blocks(OpenedFile(path), as_text=True)
    path.write_bytes(b"1,2\n" * 2_000_000)
    with OpenedFile(path).open(as_text=True) as file:
        assert len(file.read()) == 8_000_000


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "none", tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DataError, match=f"^{path}: cannot be read: "):
            OpenedFile(path)
