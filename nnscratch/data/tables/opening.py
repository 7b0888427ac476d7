"""Opening a table's file: what is compressed is decompressed, by its first bytes.

Nothing is ever held in memory but a block at a time, and what can only be a mistake or an attack,
such as a line without end, is an error before memory ends.
"""

import io
import os
import re
import zipfile
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from nnscratch.data.tables.checked_content import CheckedContent
from nnscratch.errors import DataError
from nnscratch.files.regular import open_regular
from nnscratch.formatting import size_text, some

_BLOCK = 1 << 20
_FIRST = 1 << 16
# Text shrinks to a tenth, numbers to a third; only a file of one repeated byte to a thousandth.
_HIGHEST_RATIO = 200
_TELLING = 1 << 26
_ALWAYS_ALLOWED = 1 << 31
_ALWAYS_ALLOWED_WHOLE = 1 << 29
_BYTES_A_VALUE = 24
_COMPRESSIONS = {
    rb"\x1f\x8b": "gzip",
    rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": "bzip2",
    rb"\xfd7zXZ\x00": "xz",
    rb"PK\x03\x04|PK\x05\x06": "zip",
}
_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db")


class OpenedFile:
    """The bytes of a file, decompressed where they are compressed.

    Args:
        path: A gzip, bzip2, xz or zip file, or one that is not compressed.

    Attributes:
        compression: Such as `gzip`; empty if the file is not compressed.
        first: The first 65,536 bytes, decompressed.
        members: The names of the files in a zip file.

    Raises:
        DataError: The file cannot be read, or is a zip file that is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: list[str] = []
        self.compression = ""
        self.first = b""
        with self.open_raw() as raw:
            self.size = os.fstat(raw.fileno()).st_size
            first = self._read(raw, _FIRST)
        for signature, kind in _COMPRESSIONS.items():
            if re.match(signature, first):
                self.compression = kind
        if self.compression == "zip":
            self.members = self._list_members()
        elif self.compression:
            with self.open() as file:
                first = file.read(_FIRST)
        self.first = first

    def open_raw(self) -> IO[bytes]:
        """Opens the file as it is.

        Raises:
            DataError: The file cannot be read.
        """
        try:
            return open_regular(self.path)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from None

    def open(self, *, as_text: bool = False, whole: bool = False) -> IO[bytes]:
        """Opens the file's content.

        Args:
            as_text: Whether NUL bytes, and lines of more than 256 MB, are errors.
            whole: Whether all of it will be held in memory.

        Raises:
            DataError: The file cannot be read, is a zip file of several, or is larger than memory;
                raised while it is read too.
        """
        if whole and self.compression:
            # What nobody can hold in memory is refused before any of it is held.
            with self._open_checked(as_text=as_text, whole=True) as content:
                _read_until_plausible(content)
        return io.BufferedReader(self._open_checked(as_text=as_text, whole=whole), _BLOCK)

    def _open_checked(self, *, as_text: bool, whole: bool) -> CheckedContent:
        raw = self.open_raw()
        try:
            content = self._decompress(raw)
        except BaseException:
            raw.close()
            raise
        return CheckedContent(self, raw, content, as_text=as_text, whole=whole)

    def unpack_member(self) -> None:
        """Makes the only file in a zip file the content.

        Raises:
            DataError: There are several, or none.
        """
        if len(self.members) != 1:
            what = f"holds {len(self.members)} files" if self.members else "holds no file"
            names = f" ({some(self.members)})" if self.members else ""
            raise DataError(
                f"{self.path}: is a zip file that {what}{names}; unpack the one with the table"
            )
        with self.open() as file:
            self.first = file.read(_FIRST)

    def check_size(self, size: int, *, whole: bool) -> None:
        """Raises a DataError if `size` bytes cannot be a table, or do not fit into memory."""
        allowed = _ALWAYS_ALLOWED_WHOLE if whole else _ALWAYS_ALLOWED
        if size > max(allowed, _HIGHEST_RATIO * self.size):
            raise DataError(
                f"{self.path}: {size_text(self.size)} expand to more than {size_text(size)}, "
                "which is no table that was compressed; decompress it and look at it"
            )
        if whole and size * self._memory_per_byte > 0.8 * memory_size():
            raise DataError(
                f"{self.path}: is too large for this machine's memory of "
                f"{size_text(memory_size())}; train on a part of its rows"
            )

    @cached_property
    def _memory_per_byte(self) -> float:
        """How much memory a byte of the text needs while it is read, as far as its beginning shows.

        pandas holds the text, 16 bytes beside each value, and then its number.
        """
        values = sum(self.first.count(separator) for separator in (b",", b";", b"\t", b"|", b"\n"))
        return 1 + _BYTES_A_VALUE * values / max(len(self.first), 1)

    def _list_members(self) -> list[str]:
        try:
            with self.open_raw() as raw, zipfile.ZipFile(raw) as archive:
                names = [info.filename for info in archive.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DataError(f"{self.path}: is a damaged zip file: {error}") from None
        return [name for name in names if not any(part in name for part in _BY_SYSTEMS)]

    def _decompress(self, raw: IO[bytes]) -> Any:
        import bz2
        import gzip
        import lzma

        match self.compression:
            case "gzip":
                return gzip.GzipFile(fileobj=raw)
            case "bzip2":
                return bz2.BZ2File(raw)
            case "xz":
                return lzma.LZMAFile(raw)
            case "zip" if len(self.members) == 1:
                try:
                    return zipfile.ZipFile(raw).open(self.members[0])
                except RuntimeError:
                    raise DataError(f"{self.path}: is protected by a password") from None
                except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
                    raise DataError(f"{self.path}: is a damaged zip file: {error}") from None
        return raw

    def _read(self, file: IO[bytes], size: int) -> bytes:
        try:
            return file.read(size)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from None


def _read_until_plausible(content: CheckedContent) -> None:
    """Reads all of a content, or as much as shows that it expands like a table."""
    size = 0
    while block := content.read(_BLOCK):
        size += len(block)
        if _TELLING <= size < _HIGHEST_RATIO * content.compressed_size:
            return


def memory_size() -> int:
    """Returns how many bytes of memory the machine has; very many if that is not known."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 1 << 62
