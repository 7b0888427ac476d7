"""The content of a file as it is read: what cannot be a table is an error at once."""

import io
import zipfile
from typing import IO, TYPE_CHECKING, Any

from nnscratch.errors import DataError
from nnscratch.formatting import size_text

if TYPE_CHECKING:
    from nnscratch.data.tables.opening import OpenedFile

_LONGEST_LINE = 1 << 28


class CheckedContent(io.RawIOBase):
    """The content of a file, decompressed.

    Args:
        opened: The file.
        raw: Its bytes.
        content: The same decompressed, or `raw` itself.
        as_text: Whether NUL bytes, and lines of more than 256 MB, are errors.
        whole: Whether all of it will be held in memory.
    """

    def __init__(
        self, opened: "OpenedFile", raw: IO[bytes], content: Any, *, as_text: bool, whole: bool
    ) -> None:
        self._opened = opened
        self._raw = raw
        self._content = content
        self._as_text = as_text
        self._whole = whole
        self._size = 0
        self._line = 0
        if content is raw:
            opened.check_size(opened.size, whole=whole)

    @property
    def compressed_size(self) -> int:
        """How many bytes of the file have been read so far."""
        return self._raw.tell()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._read(len(buffer))
        buffer[: len(block)] = block
        if self._as_text:
            self._check_text(block)
        self._size += len(block)
        self._opened.check_size(self._size, whole=self._whole)
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._content.close()
            self._raw.close()
        super().close()

    def _read(self, size: int) -> bytes:
        import lzma
        import zlib

        try:
            block: bytes = self._content.read(size)
            return block
        except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
            reason = str(error)
        except OSError as error:
            if error.strerror:
                raise DataError(f"{self._opened.path}: cannot be read: {error.strerror}") from None
            reason = str(error)
        kind = self._opened.compression
        raise DataError(f"{self._opened.path}: is a damaged {kind} file: {reason}")

    def _check_text(self, block: bytes) -> None:
        if b"\0" in block:
            place = self._size + block.index(b"\0") + 1
            raise DataError(
                f"{self._opened.path}: is not a text file, or damaged: "
                f"byte {place:,} is a NUL byte, which text never has"
            )
        if b"\n" in block or b"\r" in block:
            self._line = 0
        self._line += len(block)
        if self._line > _LONGEST_LINE:
            raise DataError(
                f"{self._opened.path}: has a line of more than {size_text(_LONGEST_LINE)}, "
                "so it is not a table"
            )
