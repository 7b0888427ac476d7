"""JSON as other programs write it, and JSON that is no table."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.tables import TableFile
from nnscratch.data.tables.records import is_json
from nnscratch.errors import DataError

RECORDS: list[dict[str, Any]] = [
    {"a": 1, "b": "red", "c": True, "d": None, "e": 1.5},
    {"a": 2, "b": "blue ", "c": False, "d": 4, "e": None, "f": "late"},
    {"a": 3, "b": "NA", "c": None, "d": "NA", "e": 2},
]
ROWS = [
    ["1", "red", "True", "nan", "1.5", "nan"],
    ["2", "blue", "False", "4.0", "nan", "late"],
    ["3", "nan", "nan", "nan", "2.0", "nan"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.csv"  # the content decides, not the name


def read(path: Path, content: str | bytes) -> pd.DataFrame:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return TableFile(path).read()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\n  " + json.dumps(RECORDS) + "\n",
        "\ufeff" + json.dumps(RECORDS),
        "\n".join(map(json.dumps, RECORDS)),
        "".join(json.dumps(record) + "\r\n\r\n" for record in RECORDS),
        gzip.compress(json.dumps(RECORDS).encode()),
        json.dumps(RECORDS).encode("utf-16"),
        json.dumps({k: [r.get(k) for r in RECORDS] for k in "abcdef"}),
        json.dumps({k: {str(i): r.get(k) for i, r in enumerate(RECORDS)} for k in "abcdef"}),
    ],
    ids=["list", "indented", "blanks", "mark", "lines", "Windows lines", "gzip", "UTF-16",
         "columns", "columns of pandas"],
)  # fmt: skip
def test_every_form_gives_the_same_table(content: str | bytes, path: Path) -> None:
    frame = read(path, content)
    assert list(frame.columns) == list("abcdef")
    assert frame.map(str).to_numpy().tolist() == ROWS
    assert [frame[name].dtype.kind for name in "ade"] == ["i", "f", "f"]


def test_columns_can_be_read_as_text_and_in_pieces(path: Path) -> None:
    read(path, json.dumps([{"a": i, "b": i / 2} for i in range(40_000)]))
    pieces = list(TableFile(path).pieces(["a", "b"]))
    assert [len(piece) for piece in pieces] == [16_384, 16_384, 40_000 - 2 * 16_384]
    texts = pd.concat(pieces)
    assert texts["a"].tolist() == [str(i) for i in range(40_000)]
    assert texts["b"].tolist()[:3] == ["0", "0.5", "1"]
    assert TableFile(path).read(rows=2)["b"].tolist() == [0.0, 0.5]


def test_rows_have_places(path: Path) -> None:
    read(path, json.dumps([{"a": 1}, {"a": 2}]))
    assert TableFile(path).name_rows(np.array([0, 1])) == "records 1, 2"
    read(path, '{"a": 1}\n\n{"a": 2}\n')
    assert TableFile(path).name_rows(np.array([1])) == "line 3"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[{"a": 1}, {"a": 2]', r"line 1 is not valid JSON: .* at column"),
        ('{"a": 1}\n{"a": 2}\n{"a"\n', "line 3 is not valid JSON"),
        ('{"a": 1}\n[1]\n', "line 2 is not a record"),
        ('[{"a": 1}, 5]', "neither a list of records"),
        ("[[1, 2], [3, 4]]", "neither a list of records"),
        ('{"data": [{"a": 1}], "n": 1}', "neither a list of records"),
        ('{"a": [1, 2], "b": [1]}', "column b has 1 value, column a has 2"),
        ('[{"a": {"b": 1}}]', "column a holds an object"),
        ('[{"a": [1, 2]}, {"a": [3]}]', "column a holds a list"),
        ("[]", "is empty"),
        ("{}", "is empty"),
        ("[" * 100_000, "too deep"),
        ('[{"a": ' + "1" * 5000 + "}]", "number that is too long"),
        ('[{"a": "caf\xe9"}]'.encode("latin-1"), "not in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(content: str | bytes, complaint: str, path: Path) -> None:
    with pytest.raises(DataError, match=complaint) as caught:
        read(path, content)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_one_record_is_a_row(path: Path) -> None:
    assert read(path, '{"a": 1, "b": "x"}').to_numpy().tolist() == [[1, "x"]]


@pytest.mark.parametrize("text", ["a,b\n", "[a],b\n", "{a},b\n", "[1],2\n", "", '"a",b'])
def test_other_texts_are_not_json(text: str) -> None:
    assert not is_json(text)
