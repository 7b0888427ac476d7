"""What a file is, by its first bytes: the kinds that are read, and those that are not.

What is not read is named, with what to do about it. Nothing is ever unpickled.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from nnscratch.errors import DataError

TEXT, SPREADSHEET, PARQUET, ZIPPED = "text", "spreadsheet", "parquet", "zipped"
_AS_CSV = "save the table as CSV"


class _Foreign(NamedTuple):
    """A kind of file that is not read."""

    pattern: bytes
    name: str
    remedy: str = _AS_CSV


# Where the first characters might be those of a column's name, more than these is looked at.
_READ = (
    (rb"PK\x03\x04|PK\x05\x06", ZIPPED),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", SPREADSHEET),
    (rb"PAR1[\0-\x1f\x80-\xff]", PARQUET),
)
_FOREIGN = (
    _Foreign(rb"\x89HDF\r\n\x1a\n|MATLAB 7\.3 MAT-file", "an HDF5 file"),
    _Foreign(rb"MATLAB 5\.0 MAT-file", "a MATLAB file"),
    _Foreign(rb"SQLite format 3\0", "an SQLite database"),
    _Foreign(rb"ARROW1\0|FEA1[\0-\x08\x80-\xff]|\xff{4}..\0\0", "a Feather or Arrow file"),
    _Foreign(rb"Obj\x01", "an Avro file"),
    _Foreign(rb"RD[ABX][23]\n|[XB]\n\0\0\0", "an R data file", "save the table with write.csv"),
    _Foreign(rb"\0{12}\xc2\xea\x81\x60|HEADER RECORD\*{7}LIB", "a SAS file"),
    _Foreign(rb"\$FL[23]@\(#\)", "an SPSS file"),
    _Foreign(rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\0", "a Stata file"),
    _Foreign(
        rb"\x80[\x02-\x05]|c(copy_reg|numpy|pandas)[\w.]*\n",
        "a Python pickle",
        f"loading one may run any code, so that is never done; {_AS_CSV}",
    ),
    _Foreign(rb"\x93NUMPY", "a NumPy array", "the data set npz reads x and y from an .npz file"),
    _Foreign(
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|BM....\0\0\0\0",
        "an image",
        "a table needs the numbers of its pixels",
    ),
    _Foreign(rb"%PDF-", "a PDF document"),
    _Foreign(rb"\{\\rtf", "a text document (RTF)"),
    _Foreign(
        rb"\s*(<!--.*?-->\s*)?(?i:<(!doctype html|html|head|body|table)\b)",
        "an HTML page",
        "perhaps a download that failed; download the table itself",
    ),
    _Foreign(rb"(\xef\xbb\xbf)?\s*<\?xml", "an XML file"),
    _Foreign(
        rb"version https://git-lfs\.",
        "a pointer of Git LFS",
        "`git lfs pull` fetches the file itself",
    ),
    _Foreign(rb"\x28\xb5\x2f\xfd", "compressed with Zstandard", "decompress it"),
    _Foreign(rb"\x1f\x8b|BZh[1-9]1AY&SY|\xfd7zXZ\0", "compressed twice", "decompress it"),
    _Foreign(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|.{257}ustar", "an archive", "unpack it"),
)


def find_kind(source: str, first: bytes) -> str:
    """Returns `text`, `spreadsheet`, `parquet` or `zipped`.

    Args:
        source: The file's name, for messages.
        first: Its first bytes.

    Raises:
        DataError: It is of a kind that is not read.
    """
    for pattern, kind in _READ:
        if re.match(pattern, first, re.DOTALL):
            return kind
    for foreign in _FOREIGN:
        if re.match(foreign.pattern, first, re.DOTALL):
            raise _refusal(source, foreign.name, foreign.remedy)
    return TEXT


def find_kind_of_zip(source: str, members: Collection[str]) -> str:
    """Returns `spreadsheet`, or `zipped` for files that were merely compressed.

    Raises:
        DataError: The members are those of a document of another kind.
    """
    if {"xl/workbook.xml", "xl/workbook.bin"} & set(members):
        return SPREADSHEET
    if {"content.xml", "styles.xml"} <= set(members):
        return SPREADSHEET
    if "word/document.xml" in members:
        raise _refusal(source, "a Word document", _AS_CSV)
    if any(name.endswith(".iwa") for name in members):
        raise _refusal(source, "a document of Numbers", "export it as CSV or Excel")
    if members and all(name.endswith(".npy") for name in members):
        raise _refusal(source, "an .npz file", "the data set npz reads it")
    return ZIPPED


def _refusal(source: str, name: str, remedy: str) -> DataError:
    return DataError(f"{source}: is {name}, which is not read as a table; {remedy}")
