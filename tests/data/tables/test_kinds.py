"""The content of a file, not its name, decides what reads it."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.tables.arff import Arff
from nnscratch.data.tables.delimited import Delimited
from nnscratch.data.tables.kinds import open_reader
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.reader import Reader
from nnscratch.data.tables.typed_values import Loaded
from nnscratch.errors import DataError

ARFF = "% so\n@relation r\n@attribute a numeric\n@data\n1\n"


def packed(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a,b\n1,2\n", Delimited),
        ("a,b\n1,2\n".encode("utf-16"), Delimited),
        (ARFF.encode(), Arff),
        (ARFF.replace("\n", "\r\n").encode("utf-16"), Arff),
        (gzip.compress(ARFF.encode()), Arff),
        (b'[{"a": 1}]', Loaded),
        (packed("any.txt", b'{"a": 1}\n{"a": 2}\n'), Loaded),
        (packed("any.txt", b"a,b\n1,2\n"), Delimited),
        (b"% a comment\na,b\n1,2\n", Delimited),
    ],
    ids=lambda value: "file" if isinstance(value, bytes) else value.__name__,  # zips have times
)
def test_the_content_decides(content: bytes, kind: type[Reader], tmp_path: Path) -> None:
    for name in ("mine.csv", "mine.xlsx", "mine"):
        (tmp_path / name).write_bytes(content)
        assert type(open_reader(tmp_path / name, Layout())) is kind


def test_other_kinds_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    np.savez(tmp_path / "mine.npz", x=np.arange(3))
    for content, name in (
        ((tmp_path / "mine.npz").read_bytes(), "is an .npz file"),
        (gzip.compress(b"RDX3\nX\n\0\0"), "is an R data file"),
        (packed("a.pkl", b"\x80\x04\x95"), "is a Python pickle"),
        (gzip.compress(packed("a", b"a,b\n")), "is a zip file in a compressed file"),
        (packed("a.xlsx", packed("xl/workbook.xml", b"")), "is a zip file in a compressed file"),
        (gzip.compress(b"PAR1\x15"), "is a Parquet file in a compressed file"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=name):
            open_reader(path, Layout())
