"""ARFF files, as Weka and OpenML write them."""

from pathlib import Path
from typing import Any

import pytest

from nnscratch.data.tables import TableFile
from nnscratch.errors import DataError

HEADER = """% a comment, with 'quotes
%
@RELATION iris

@ATTRIBUTE 'sepal length'\tREAL
@attribute width numeric
@attribute count INTEGER
@attribute "kind, really" {Iris-setosa, 'Iris versicolor'}
@attribute note string
@attribute born date "yyyy-MM-dd"
@attribute code {0,1}

@DATA
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.arff"


def cells(path: Path, content: str) -> list[list[Any]]:
    path.write_text(content)
    return TableFile(path).read().to_numpy(dtype=object).tolist()


def test_attributes_have_names_and_types(path: Path) -> None:
    rows = cells(
        path,
        HEADER
        + "5.1,3.5,1,Iris-setosa,'it\\'s, so','2024-01-31',0\n"
        + "% between the rows\n\n"
        + "4.9,3,2,'Iris versicolor',28%,2024-02-01,1\n"
        + "5, 2.5, 3, 'Iris-setosa' ,'%', 2024-02-02, 0\n",
    )
    assert rows == [
        [5.1, 3.5, 1, "Iris-setosa", "it's, so", "2024-01-31", "0"],
        [4.9, 3.0, 2, "Iris versicolor", "28%", "2024-02-01", "1"],
        [5.0, 2.5, 3, "Iris-setosa", "%", "2024-02-02", "0"],
    ]
    names = ["sepal length", "width", "count", "kind, really", "note", "born", "code"]
    assert TableFile(path).names == names
    assert list(TableFile(path).read(rows=1).columns) == names
    assert [len(piece) for piece in TableFile(path).pieces()] == [3]


def test_a_question_mark_is_a_missing_value(path: Path) -> None:
    content = "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@data\n1,?\n?,y\n3,x\n"
    path.write_text(content)
    frame = TableFile(path).read()
    assert frame["a"].dtype.kind == "f"
    assert frame.isna().to_numpy().tolist() == [[False, True], [True, False], [False, False]]


def test_rows_are_named_by_their_lines(path: Path) -> None:
    cells(path, "@relation r\n@attribute a numeric\n@data\n1\n% so\n2\n\n3\n")
    import numpy as np

    assert TableFile(path).name_rows(np.array([0, 1, 2])) == "lines 4, 6, 8"


def test_values_may_be_separated_by_tabs(path: Path) -> None:
    assert cells(path, "@relation r\n@attribute a real\n@attribute b {x}\n@data\n1\tx\n2\tx\n") == [
        [1, "x"],
        [2, "x"],
    ]


def test_many_attributes_and_a_long_comment_come_first(path: Path) -> None:
    attributes = "".join(f"@attribute a{i} numeric\n" for i in range(3000))
    comment = "% explained at length\n" * 2000
    rows = cells(path, f"{comment}@relation r\n{attributes}@data\n{','.join(['1'] * 3000)}\n")
    assert sum(rows[0]) == 3000


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("@relation r\n@attribute a numeric\n@data\n{0 1}\n", "is a sparse ARFF file"),
        ("@relation r\n@attribute a relational\n@data\n1\n", "line 2: .* of type relational"),
        ("@relation r\n@attribute a\n@data\n1\n", "line 2 is an attribute without"),
        ("@relation r\nattribute a real\n@data\n1\n", "line 2 is neither"),
        ("@relation r\n@attribute a numeric\n1\n", "line 3 is neither"),
        ("@relation r\n@attribute a numeric\n", "without @data"),
        ("@relation r\n@data\n1\n", "without attributes"),
        ("@relation r\n@attribute a numeric\n@data\n", "no rows"),
        ("@relation r\n@attribute a numeric\n@attribute a real\n@data\n1,2\n", "two columns"),
        ("@relation r\n@attribute a real\n@attribute b real\n@data\n1,2\n1,2,3\n",
         "line 6 has 3 values separated by ',', the header 2 names"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(content: str, complaint: str, path: Path) -> None:
    with pytest.raises(DataError, match=complaint) as caught:
        cells(path, content)
    assert str(caught.value).startswith(f"{path}: ")
