"""The encoding of a text: UTF-8, UTF-16 if the first bytes say so, perhaps windows-1252.

Other encodings cannot be told apart reliably, so they must be given.
"""

import codecs
import io
import re
from typing import IO

from nnscratch.data.tables.opening import OpenedFile
from nnscratch.errors import DataError, SettingError

LEGACY = "windows-1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF_8 = "utf-8-sig"  # with or without a mark
_MANY = 0.7
_FEW = 0.05
# Control characters, and the five bytes that windows-1252 does not have.
_NOT_LEGACY = re.compile(rb"[\0-\x08\x0b\x0e-\x19\x1b-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
_HIGH = re.compile(rb"[\x80-\xff]")
# Text in Cyrillic, Greek or Chinese has long runs of high bytes; in that of old Macs, of DOS and in
# Polish, capital letters and signs would stand in the middle of words.
_SMALL = rb"[a-z\xdf-\xf6\xf8-\xff]"
_ODD = re.compile(
    rb"[\xc0-\xff]{3,}|[\x80-\xff]{4,}"
    rb"|(?<=" + _SMALL + rb")[\x82-\x84\x88\x8a-\x8c\x8e\x9f\xc0-\xd6\xd8-\xde]"
    rb"|(?<=" + _SMALL + rb")[\x80\x85-\x87\x89\x91\x93-\x95\x98\x9b\xa1-\xb4\xb6-\xbf]"
    rb"(?=" + _SMALL + rb")"
)


class TextFile:
    """The text of a file.

    Args:
        opened: The file.
        encoding: Its encoding; None to find it out.

    Attributes:
        encoding: As far as the first bytes tell.
        notes: What was decided about it.

    Raises:
        SettingError: There is no such encoding.
    """

    def __init__(self, opened: OpenedFile, encoding: str | None) -> None:
        self.opened = opened
        self.notes: list[str] = []
        self._is_given = encoding is not None
        self.encoding = find_encoding(opened.first) if encoding is None else _check(encoding)

    def open(self, *, whole: bool = False) -> io.TextIOWrapper:
        """Opens the text; line ends stay as they are.

        Args:
            whole: Whether all of it will be held in memory.

        Raises:
            DataError: See `OpenedFile.open`.
        """
        as_text = not self.encoding.startswith(("utf-16", "utf-32"))
        file = self.opened.open(as_text=as_text, whole=whole)
        return io.TextIOWrapper(file, self.encoding, newline="")

    def use_legacy_encoding(self) -> None:
        """Takes the file for windows-1252, since it is not UTF-8.

        Text that was read before stays valid: it was ASCII.

        Raises:
            DataError: It is not that either, or the encoding was given.
        """
        path = self.opened.path
        if self._is_given or self.encoding != _UTF_8:
            raise DataError(
                f"{path}: is not text in {self.encoding.removesuffix('-sig')}; "
                "`dataset.encoding` names another encoding"
            )
        with self.opened.open(as_text=True) as file:
            problem = _find_problem(file)
        if problem:
            raise DataError(
                f"{path}: not a text file in UTF-8: {problem}; save it as UTF-8, or name its "
                "encoding in `dataset.encoding`"
            )
        self.encoding = LEGACY
        self.notes.append(
            f"the file is not UTF-8 and was read as {LEGACY}; if letters look wrong, "
            "`dataset.encoding` names another encoding"
        )


def find_encoding(first: bytes) -> str:
    """Returns the encoding that the first bytes of a text show: UTF-8 unless they show another."""
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    # Latin text in UTF-16 has a zero in every second byte.
    even, odd = first[0:2048:2], first[1:2048:2]
    if len(odd) >= 2:
        zeros = even.count(0) / len(even), odd.count(0) / len(odd)
        if zeros[1] >= _MANY and zeros[0] <= _FEW:
            return "utf-16-le"
        if zeros[0] >= _MANY and zeros[1] <= _FEW:
            return "utf-16-be"
    return _UTF_8


def _check(encoding: str) -> str:
    """Returns an encoding that was given, which may have a mark if it is UTF-8."""
    try:
        b"a".decode(encoding, "ignore")  # which some that are made for domain names cannot
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise SettingError("encoding", f"cannot be {encoding!r}, which is not known") from None
    return _UTF_8 if name == "utf-8" else encoding


def _find_problem(file: IO[bytes]) -> str:
    """Returns why a text that is not UTF-8 is not windows-1252 either, or an empty text."""
    first_wrong = ""
    has_right = False
    high, odd = 0, 0
    for number, line in enumerate(file, 1):
        if not line.isascii():
            try:
                line.decode("utf-8")
                has_right = True
            except UnicodeDecodeError:
                first_wrong = first_wrong or f"line {number} is not"
            high += len(_HIGH.findall(line))
            odd += sum(len(match.group()) for match in _ODD.finditer(line))
        if _NOT_LEGACY.search(line):
            return first_wrong or f"line {number} has control characters"
    if has_right:
        return f"{first_wrong}, but others are"
    return first_wrong if odd > high / 10 else ""
