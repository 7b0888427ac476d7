"""What stands above a table, and what a layout says of it."""

from typing import Any

import pytest

from nnscratch.data.tables import Layout
from nnscratch.data.tables.dialect import Dialect, find_dialect, find_dialect_of_rows
from nnscratch.data.tables.separators import BLANKS
from nnscratch.errors import DataError, SettingError


def dialect(text: str, complete: bool = True, **layout: Any) -> Dialect:
    return find_dialect(text.splitlines(keepends=True), Layout(**layout), complete=complete)


@pytest.mark.parametrize(
    ("text", "names", "skip"),
    [
        ("a,b\n1,2\n", ["a", "b"], 1),
        ("\n\na , b\n\n1,2\n", ["a", "b"], 4),
        ("sep=;\na,x;b\n1;2\n", ["a,x", "b"], 2),
        ("sep=:\r\na:b\r\n1:2\r\n", ["a", "b"], 2),
        ("# made by a tool\n# in 2024, twice\na,b\n1,2\n", ["a", "b"], 3),
        ("% made by a tool\na;b\n1;2\n", ["a", "b"], 2),
        ("# written by NumPy\n# a,b\n1,2\n3,4\n", ["a", "b"], 2),
        ("# a b\n1 2\n3 4\n", ["a", "b"], 1),
        ("#id,kind\n1,x\n2,y\n", ["#id", "kind"], 1),
        ("#,kind\n1,x\n2,y\n", ["#", "kind"], 1),
        ("##fileformat=VCFv4\n#CHROM\tPOS\n1\t5\n", ["#CHROM", "POS"], 2),
        ("a,b\n#1,2\n#3,4\n", ["a", "b"], 1),
        ('"a\nb",c\n1,2\n', ["a\nb", "c"], 2),
        ("Report of 2024\n\nsize;price\n1;2\n3;4\n", ["size", "price"], 3),
        ("a,b\n1,2,\n3,4,\n", ["a", "b", ""], 1),
        ("a,b\n", ["a", "b"], 1),
    ],
)
def test_the_names_are_found(text: str, names: list[str], skip: int) -> None:
    found = dialect(text)
    assert (found.names, found.skip) == (names, skip)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a,b\n1,2\n", None),
        ("sep=;\na;b\n1;2\n", None),
        ("# tool\n# 2\na,b\n1,2\n", "2 lines of comments above the table were skipped"),
        ("Report\na,b,c\n1,2,3\n", "1 line above the table, 'Report', was skipped"),
        ("a,b\nx,1,2\ny,3,4\n", "names the row and is left out"),
    ],
)
def test_what_was_skipped_is_noted(text: str, note: str | None) -> None:
    notes = dialect(text).notes
    assert len(notes) == (note is not None)
    assert note is None or note in notes[0]


def test_without_a_header_the_first_row_is_a_row() -> None:
    found = dialect("# tool\n1,2\n3,4\n", header=False)
    assert (found.names, found.skip) == (["column_1", "column_2"], 1)
    found = dialect("Report\n1,2\n3,4\n", header=False, names=("a", "b"))
    assert (found.names, found.skip) == (["a", "b"], 1)
    assert dialect("1,2\n3,4,5\n1,2\n", header=False).names == ["column_1", "column_2"]


@pytest.mark.parametrize(
    ("given", "separator"), [(";", ";"), ("\t", "\t"), (r"\t", "\t"), (" ", BLANKS), (":", ":")]
)
def test_a_given_separator_is_used(given: str, separator: str) -> None:
    found = dialect("a,b\n1,2\n3,4\n", separator=given)
    assert found.separator == separator
    assert found.names == ["a,b"]
    assert dialect("sep=,\na,b\n1,2\n", separator=given).separator == separator


@pytest.mark.parametrize("separator", [";;", "x", '"', "\n", "\0", "5"])
def test_a_separator_that_cannot_be_one_is_refused(separator: str) -> None:
    with pytest.raises(SettingError, match="`separator` cannot be"):
        dialect("a,b\n1,2\n", separator=separator)


@pytest.mark.parametrize("text", ["", "\n \n", "sep=;\n", "sep=;\n\n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"^is empty$"):
        dialect(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a;b;c\n1;2\n3;4\n", "line 2 has 2 values separated by ';', the header 3 names"),
        ("# x\na,b\n1\n2\n3\n", "line 3 has 1 value separated by ',', the header 2 names"),
    ],
)
def test_rows_that_are_nearly_all_too_short_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=f"^{complaint}$"):
        dialect(text)


def test_some_short_rows_are_not() -> None:
    assert dialect("a,b,c\n1,2\n3,4,5\n6,7,8\n").names == ["a", "b", "c"]
    assert dialect("a,b,\n1,2\n3,4\n").names == ["a", "b", ""]
    assert dialect("a,b,c\n1,2\n").names == ["a", "b", "c"]  # one row, to be predicted


def test_the_last_row_of_a_sample_may_go_on() -> None:
    text = 'a,b\n1,2\n3,4\n5,"6\n'
    assert dialect(text, complete=False).names == ["a", "b"]


def test_rows_of_a_sheet_have_titles_too() -> None:
    rows = [["Report", "", ""], ["a", "b", "c"], ["1", "2", "3"], ["4", "", "6"]]
    found = find_dialect_of_rows(rows, Layout())
    assert (found.names, found.skip) == (["a", "b", "c"], 2)
    found = find_dialect_of_rows(rows[2:], Layout(header=False))
    assert (found.names, found.skip) == (["column_1", "column_2", "column_3"], 0)
    two = find_dialect_of_rows([["Report", ""], ["a", "b"], ["x", "2"], ["y", "3"]], Layout())
    assert (two.names, two.skip) == (["a", "b"], 2)
