"""Which separator a text has, for tables that are written out by hand and for generated ones."""

import csv
import io
import random

import pytest

from nnscratch.data.tables.separators import (
    BLANKS,
    Split,
    find_separator,
    is_number,
    separator_name,
    split_rows,
)


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("text", "separator", "columns"),
    [
        ("size;price, EUR\n7.5;3.2\n14.5;6.2\n", ";", 2),
        ("size;price\n7,5;3\n14,5;6\n21,5;9\n", ";", 2),
        ("a,x;b,y\n1,5;2,5\n2,5;4,5\n", ";", 2),
        ("name, first;age;size\nDoe, Jane;33;1,70\nRoe, Max;41;1,81\n", ";", 3),
        ("film,tags,year\nToy Story,fun;short,1995\nHeat,long;dark,1995\n", ",", 3),
        ('"a;b","c;d"\n"1;2","3;4"\n', ",", 2),
        ('"a;b",c\n"1;2",3\n"4\n5;6",7\n', ",", 2),
        ("first name\tage\tsize\nJane Doe\t33\t1.7\nMax Roe\t41\t1.8\n", "\t", 3),
        ('18.0  8  307.0\t"a chevrolet"\n9.0   4   97.0\t"a vw 100"\n', BLANKS, 4),
        ("when,value\n2024-01-01 10:00,5\n2024-01-02 11:00,6\n", ",", 2),
        ("a|b|c\n1|2,5|x\n2|3,5|y\n", "|", 3),
        (" 0.1  18.00   2.3\n 0.2   0.00  7.0\n10.2   1.00  6.0\n", BLANKS, 3),
        ("a b c\n1 2 x\n3 4 y\n", BLANKS, 3),
        ("a  b\n1,5   2,5\n2,5 3,5\n", BLANKS, 2),
        ("a \t b\n1\t2\n3  4\n", BLANKS, 2),
        ('"a" "b"\n"x y" "p" NA\n"z" "q" TRUE\n', BLANKS, 3),
    ],
)
def test_all_rows_decide(text: str, separator: str, columns: int) -> None:
    found = find_separator(lines(text))
    assert (found.separator, found.columns) == (separator, columns)


@pytest.mark.parametrize(
    "text",
    [
        "x\n1\n2\n3\n",
        "name\nJane Doe\nMax Roe\nAnn Poe\n",
        "text\nhello, world\nfoo\nbar\nbaz\n",
        "text\nit is; or not\nfoo\nbar, baz\n",
        "full name\nJane Doe\nMax Roe\n",
        '"full name"\n"Jane Doe"\n"Max Roe"\n',
        "price\n1.5\n2.5\n",
        "x\n",
    ],
)
def test_one_column_stays_one(text: str) -> None:
    assert len(find_separator(lines(text)).rows[0][1]) == 1


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("seed", range(12))
def test_what_a_csv_writer_wrote_is_split_as_it_was(separator: str, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secrets here
    words = ["red", "a, b", "x;y", "one|two", "tab\there", 'a "quoted" word', "two\nlines", "it's"]
    columns = rng.randrange(2, 7)
    kinds = [rng.choice(["word", "point", "comma"]) for _ in range(columns)]

    def value(kind: str) -> str:
        number = f"{rng.uniform(-99, 99):.2f}"
        return {"word": rng.choice(words), "point": number, "comma": number.replace(".", ",")}[kind]

    rows = [[f"n{i}" for i in range(columns)]]
    rows += [[value(kind) for kind in kinds] for _ in range(rng.randrange(3, 30))]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    found = find_separator(list(io.StringIO(text.getvalue(), newline="")))
    assert found.separator == separator
    assert [values for _, values in found.rows] == [[v.strip() for v in row] for row in rows]


def test_rows_begin_where_an_editor_says() -> None:
    text = '\na,b\n"1\n2",3\n\n   \n4,5\n'
    assert [line for line, _ in split_rows(lines(text), ",")] == [2, 3, 7]
    assert list(split_rows(["a\n", '""\n', "  \n", "\n", '" "\n'], ",")) == [
        (1, ["a"]),
        (2, [""]),
        (5, [" "]),
    ]
    assert [row for _, row in split_rows(lines(" a  b\n\t1 \t 2 \n"), BLANKS)] == [
        ["a", "b"],
        ["1", "2"],
    ]


def test_a_header_may_be_longer_than_pythons_limit_for_a_value() -> None:
    header = ";".join(f"gene{i:08}" for i in range(20_000))
    row = ";".join(["0.5"] * 20_000)
    found = find_separator([header + "\n", row + "\n", row + "\n"])
    assert (found.separator, found.columns) == (";", 20_000)
    assert csv.field_size_limit() == 131_072  # which others may rely on


@pytest.mark.parametrize(
    ("text", "header", "row_names"),
    [
        ("a,b\n1,2\n", 0, False),
        ("a,b\nx,1,2\ny,3,4\n", 0, True),
        ("a,b\nx,1,2\nx,3,4\n", 0, False),  # a name that occurs twice is none
        ("a,b\n1,2,\n2,3,\n", 0, False),  # a separator at the end
        ("Report of 2024\na,b\n1,2\n3,4\n", 1, False),
        ("Report\nby me, too\n\na,b,c\n1,2,3\n4,5,6\n", 2, False),
        ("Report,,\na,b,c\n1,2,3\n", 1, False),
        ("Population\ncountry,code,1990,1991\nAustria,AT,7,8\nBelgium,BE,9,9\n", 1, False),
        ("a,b\n1,2,3\n1,2,3\n", 0, False),  # a header that is too short is not a title
        ("a\n1,2\n2,3\n", 0, False),
        ("Report, 2024\na,b,c\n1,2,3\n4,5,6\n", 1, False),
        ("a,b\nx,NA,red\ny,1,red\nz,2,blue\n", 0, True),
    ],
)
def test_the_header_stands_below_titles(text: str, header: int, row_names: bool) -> None:
    split = Split(",", list(split_rows(lines(text), ",")))
    assert (split.header, split.has_row_names) == (header, row_names)


@pytest.mark.parametrize("value", ["1", "-1.5", "+.5", "1,5", "1.234,5", "1e-3", " 7 ", "1."])
def test_numbers_have_points_or_commas(value: str) -> None:
    assert is_number(value)


@pytest.mark.parametrize("value", ["", "x", "-", ".", "1 2", "5;2", "a1", "e5"])
def test_other_values_are_no_numbers(value: str) -> None:
    assert not is_number(value)


def test_separators_have_names_for_messages() -> None:
    assert [separator_name(s) for s in (";", "\t", BLANKS, ":")] == ["';'", "tabs", "blanks", "':'"]
