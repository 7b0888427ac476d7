"""The kinds of files that hold tables, and what reads each; the content decides, not the name."""

from pathlib import Path

from nnscratch.data.tables.arff import Arff, is_arff
from nnscratch.data.tables.delimited import Delimited
from nnscratch.data.tables.encodings import TextFile
from nnscratch.data.tables.first_bytes import (
    PARQUET,
    SPREADSHEET,
    TEXT,
    ZIPPED,
    find_kind,
    find_kind_of_zip,
)
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.data.tables.parquet import Parquet
from nnscratch.data.tables.reader import Reader
from nnscratch.data.tables.records import is_json, read_records
from nnscratch.data.tables.spreadsheets import read_spreadsheet
from nnscratch.errors import DataError

_NAMES = {SPREADSHEET: "a spreadsheet", PARQUET: "a Parquet file", ZIPPED: "a zip file"}


def open_reader(path: Path, layout: Layout) -> Reader:
    """Returns what reads a file.

    Raises:
        DataError: The file cannot be read, or is of a kind that is not.
        SettingError: The layout cannot be that of a table.
    """
    opened = OpenedFile(path)
    kind = find_kind(str(path), opened.first)
    is_packed = opened.compression not in ("", "zip")
    if opened.compression == "zip":
        kind = find_kind_of_zip(str(path), opened.members)
        if kind == ZIPPED:
            opened.unpack_member()
            is_packed = True
            kind = find_kind(str(path), opened.first)
    if kind == TEXT:
        return _open_text(TextFile(opened, layout.encoding), layout)
    if is_packed:
        raise DataError(f"{path}: is {_NAMES[kind]} in a compressed file; decompress it first")
    return read_spreadsheet(opened, layout) if kind == SPREADSHEET else Parquet(opened)


def _open_text(text: TextFile, layout: Layout) -> Reader:
    beginning = text.opened.first.decode(text.encoding, "ignore")
    if is_arff(beginning):
        return Arff(text, layout)
    if is_json(beginning):
        return read_records(text)
    return Delimited(text, layout)
