"""Tables in text as pandas reads them, and what is said where it cannot."""

import gzip
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.tables import Layout
from nnscratch.data.tables.delimited import Delimited
from nnscratch.data.tables.encodings import TextFile
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.errors import DataError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.csv"


def delimited(path: Path, content: str | bytes, **layout: Any) -> Delimited:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    given = Layout(**layout)
    return Delimited(TextFile(OpenedFile(path), given.encoding), given)


def rows_of(reader: Delimited, **options: Any) -> list[list[Any]]:
    frames = list(reader.frames([], ["", "NA"], **options))
    return [row for frame in frames for row in frame.to_numpy(dtype=object).tolist()]


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        ("sep=;\r\na;b\r\n1;x\r\n2;y\r\n", ["a", "b"], [[1, "x"], [2, "y"]]),
        ("# tool\na,b\n#1,x\n#2,y\n", ["a", "b"], [["#1", "x"], ["#2", "y"]]),
        ("a,b\nr1,1,x\nr2,2,y\n", ["a", "b"], [[1, "x"], [2, "y"]]),
        ('"a" "b"\n"1" 1.5 "x y"\n"2" 2.5 "z"\n', ["a", "b"], [[1.5, "x y"], [2.5, "z"]]),
        ("Report\n\na;b;c\n1;2;3\n4;5;6\n", ["a", "b", "c"], [[1, 2, 3], [4, 5, 6]]),
        ("  a   b\n 1   2\n30  40 \n", ["a", "b"], [[1, 2], [30, 40]]),
        ("a;b\n1,5;x\n2,5;y\n", ["a", "b"], [["1,5", "x"], ["2,5", "y"]]),
        ('a,"b\nc"\n1,"x\ny"\n2,z\n', ["a", "b\nc"], [[1, "x\ny"], [2, "z"]]),
    ],
    ids=["Excel", "comments", "R", "R with blanks", "title", "blanks", "decimal comma", "lines"],
)
def test_tables_are_read_as_they_are_meant(
    content: str, names: list[str], rows: list[list[Any]], path: Path
) -> None:
    reader = delimited(path, content)
    assert reader.names == names
    assert rows_of(reader) == rows
    assert rows_of(reader, at_once=1) == rows
    assert rows_of(reader, rows=1) == rows[:1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("late", [False, True])
def test_every_encoding_gives_the_same_rows(encoding: str, late: bool, path: Path) -> None:
    header = "a,b" if late else "größe,b"
    rows: list[list[Any]] = [[i, "x"] for i in range(40_000 if late else 0)]
    rows += [[1, "weiß"], [2, "grün"]]
    content = "\n".join([header, *(f"{row[0]},{row[1]}" for row in rows)])
    reader = delimited(path, content.encode(encoding))
    assert rows_of(reader, at_once=10_000) == rows
    reader = delimited(path, content.encode(encoding))
    assert rows_of(reader) == rows
    assert bool(reader.notes) == (encoding == "cp1252")


def test_a_compressed_table_is_read(path: Path) -> None:
    content = "a,b\n" + "1,2\n" * 100_000
    assert len(rows_of(delimited(path, gzip.compress(content.encode())))) == 100_000


@pytest.mark.parametrize(
    ("content", "layout", "complaint"),
    [
        ("a;b\n1;2\n1;2;3\n", {}, "line 3 has 3 values separated by ';', the header 2 names"),
        ("Title\n\na\tb\n1\t2\n1\t2\t3\n", {}, "line 5 has 3 values separated by tabs"),
        ("a b\n1 2\n3 4\n" * 100 + "1 2 3\n", {}, "line 301 has 3 values separated by blanks"),
        ("1,2\n1,2\n1,2,3\n", {"header": False}, "line 3 has 3 values .*, the first row 2"),
        ("a,b\nr,1,2\ns,1,2\n" + "".join(f"{i},3,4\n" for i in range(300)) + "t,1,2,3\n", {},
         "line 304 has 4 values separated by ',', the header 3 names"),
        ('a,b\n1,2\n3,"4\n5,6\n', {}, "line 3 has a quote that is opened but not closed"),
        ('a,"b\n1,2\n3,4\n', {}, "line 1 has a quote that is opened but not closed"),
        ("a,b\n1,2\n", {"encoding": "utf-16"}, "is not text in utf-16"),
        ("a,é\n1,2\n", {"encoding": "ascii"}, "is not text in ascii"),
    ],
)  # fmt: skip
def test_messages_name_the_line_and_the_separator(
    content: str, layout: dict[str, Any], complaint: str, path: Path
) -> None:
    with pytest.raises(DataError, match=complaint) as caught:
        rows_of(delimited(path, content, **layout))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert not any(word in message for word in ("C error", "tokeniz", "EOF", "pandas"))


@pytest.mark.parametrize("above", ["\n" * 500, "# so\n" * 500, "# so\n\n" * 300])
def test_a_table_may_begin_late(above: str, path: Path) -> None:
    reader = delimited(path, f"{above}a;b\n1;2\n")
    assert (reader.names, rows_of(reader)) == (["a", "b"], [[1, 2]])


def test_rows_are_found_below_titles_and_in_quotes(path: Path) -> None:
    reader = delimited(path, 'Report of 2024\n\na,b,c\n1,"x\ny",3\n\n4,5,6\n7,8,9\n')
    assert reader.places([0, 1, 2]) == {0: 4, 1: 7, 2: 8}
    assert delimited(path, "1,2\n3,4\n", header=False).places([1]) == {1: 2}


def test_a_header_of_ten_thousand_genes_is_read(path: Path) -> None:
    names = [f"ENSG{i:011}.{i % 7}" for i in range(10_000)]
    reader = delimited(path, ",".join(names) + "\n" + ",".join(["0.5"] * 10_000) + "\n")
    assert reader.names == names
    assert np.array(rows_of(reader)).sum() == 5_000


def test_the_numbers_are_those_of_pandas(path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(500, 4)) * 10.0 ** np.arange(-8, 8, 4)
    content = io.StringIO()
    pd.DataFrame(values, columns=list("abcd")).to_csv(content, index=False)
    (frame,) = delimited(path, content.getvalue()).frames([], [""])
    assert frame.equals(pd.read_csv(io.StringIO(content.getvalue())))


def test_what_does_not_fit_into_memory_is_an_error_with_the_size(path: Path) -> None:
    path.write_bytes(gzip.compress(b"a,b\n" + b"1.5,2.5\n" * 30_000_000, 1))
    script = (
        "import sys, resource\n"
        "import pandas\n"
        "from nnscratch.data.tables import TableFile\n"
        "from nnscratch.errors import DataError\n"
        "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "limit = size + 400_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "try:\n"
        "    TableFile(sys.argv[1]).read()\n"
        "except DataError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"{path}: its table does not fit into memory: the file has ")
    assert "compressed with gzip" in done.stdout
