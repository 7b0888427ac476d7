"""Files of other programs, by the bytes that their formats' definitions say they begin with."""

import io
import pickle
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from nnscratch.data.tables.first_bytes import TEXT, find_kind, find_kind_of_zip
from nnscratch.errors import DataError


def image(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3, 3)).save(file, kind)
    return file.getvalue()


def array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.arange(3))
    return file.getvalue()


@pytest.mark.parametrize(
    ("first", "name", "remedy"),
    [
        *((pickle.dumps(pd.DataFrame({"a": [1]}), p), "pickle", "CSV") for p in range(6)),
        (b"\x89HDF\r\n\x1a\n\0\0", "HDF5", "CSV"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB", "CSV"),
        (b"ARROW1\0\0\xff\xff\xff\xff", "Feather or Arrow", "CSV"),
        (b"FEA1\x02\0\0\0", "Feather", "CSV"),
        (b"RDX3\nX\n\0\0\0\x03", "R data", "write.csv"),
        (b"X\n\0\0\0\x03\0\x04\x02", "R data", "write.csv"),
        (b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf", "SAS", "CSV"),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "SAS", "CSV"),
        (b"$FL2@(#) SPSS DATA FILE MS Windows", "SPSS", "CSV"),
        (b"<stata_dta><header><release>118", "Stata", "CSV"),
        (b"\x72\x02\x01\x00\x05\0", "Stata", "CSV"),
        (array(), "NumPy array", "npz"),
        *((image(kind), "an image", "pixels") for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF")),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF", "CSV"),
        (b"<!DOCTYPE html>\n<html>", "HTML", "download that failed"),
        (b"\n<html lang='en'>", "HTML", "download that failed"),
        (b"<?xml version='1.0'?>", "XML", "CSV"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS", "git lfs pull"),
        (b"\x28\xb5\x2f\xfd\x04", "Zstandard", "decompress"),
        (b"\x1f\x8b\x08", "twice", "decompress"),
        (b"7z\xbc\xaf\x27\x1c", "archive", "unpack"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "archive", "unpack"),
    ],
    ids=lambda value: "first" if isinstance(value, bytes) else value,  # pickles differ
)
def test_what_is_not_read_is_named_with_a_remedy(first: bytes, name: str, remedy: str) -> None:
    with pytest.raises(DataError) as caught:
        find_kind("mine.dat", first)
    message = str(caught.value)
    assert message.startswith("mine.dat: is ")
    assert name in message
    assert remedy in message
    assert "\n" not in message


def test_a_database_is_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "mine.db") as database:
        database.execute("create table t (a)")
    database.close()
    with pytest.raises(DataError, match="SQLite"):
        find_kind("mine.db", (tmp_path / "mine.db").read_bytes())


@pytest.mark.parametrize(
    "header",
    [
        *("BMI,age", "PAR1,PAR2", "FEA1,FEA2", "ORC,b", "II*,b", "Obj,b", "<5,>5", "a,b", "GIF,b"),
        *(
            "X\n1",
            "A\n2",
            "c,numpy",
            "$FL2,b",
            "BZh1,b",
            "Rar,b",
            "MM,b",
            "HEADER,b",
            "%PD,b",
            "{a},b",
        ),
        *("€ 5,b", "version,https", "RIFF,b", "é,b"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_names_of_columns_are_not_taken_for_another_format(header: str, encoding: str) -> None:
    assert find_kind("mine.csv", f"{header}\n1,2\n3,4\n".encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "spreadsheet"),
        (["xl/workbook.bin"], "spreadsheet"),
        (["mimetype", "content.xml", "styles.xml"], "spreadsheet"),
        (["table.csv"], "zipped"),
        (["a.csv", "b.csv"], "zipped"),
        ([], "zipped"),
    ],
)
def test_what_is_in_a_zip_file_decides(members: list[str], kind: str) -> None:
    assert find_kind_of_zip("mine.zip", members) == kind


@pytest.mark.parametrize(
    ("members", "name"),
    [
        (["word/document.xml"], "Word"),
        (["Index/Document.iwa", "preview.jpg"], "Numbers"),
        (["x.npy", "y.npy"], "the data set npz reads it"),
    ],
)
def test_other_documents_are_named(members: list[str], name: str) -> None:
    with pytest.raises(DataError, match=name):
        find_kind_of_zip("mine.zip", members)
