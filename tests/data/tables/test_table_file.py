"""CSV files as spreadsheets and people write them, and files that are not CSV."""

import csv
import random
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.columns import Unseen
from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.table_rows import read_rows
from nnscratch.data.tables import MISSING_VALUES, Layout, TableFile
from nnscratch.errors import DataError

WIDTH, COLOUR = Feature("width"), Feature("colour", ("blue", "red"))
NAN = float("nan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.csv"


NO_UTF8 = "not a text file in UTF-8: line "


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def rows_of(
    path: Path, features: tuple[Feature, ...] = (WIDTH,), unseen: Unseen | None = None
) -> list[list[float]]:
    pieces = read_rows(TableFile(path), features, {} if unseen is None else unseen)
    return [row for piece in pieces for row in piece.tolist()]


def cells_of(path: Path) -> list[list[Any]]:
    frame = TableFile(path).read()
    return [list(frame.columns), *frame.to_numpy(dtype=object).tolist()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_what_a_csv_writer_writes_is_read_back(
    separator: str, line_end: str, mark: bytes, path: Path
) -> None:
    table: list[list[Any]] = [
        ["width", "colour, really", "né"],
        [1, "dark, red", 0.5],
        [-2, 'a "b"; c|d', 1e-3],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator, lineterminator=line_end).writerows(table)
    path.write_bytes(mark + path.read_bytes())
    assert cells_of(path) == table
    assert rows_of(path) == [[1], [-2]]


@pytest.mark.parametrize(
    ("content", "table"),
    [
        ('a,b\n"one\ntwo",3\n', [["a", "b"], ["one\ntwo", 3]]),
        ('a,b\r\n"one\r\ntwo",3\r\n', [["a", "b"], ["one\r\ntwo", 3]]),
        ("a, b\n1, 2\n", [["a", "b"], [1, 2]]),
        (" a ,b \n1,x y\n", [["a", "b"], [1, "x y"]]),
        ("a,b\n\n1,2\n\n\n3,4\n\n", [["a", "b"], [1, 2], [3, 4]]),
        ("a,b\n1,2", [["a", "b"], [1, 2]]),
        ("a\n1\n2\n", [["a"], [1], [2]]),
        ('a\n""\n\n3\n""\n', [["a"], [NAN], [3.0], [NAN]]),
        ("a,b\nTrue,1\nFalse,2\n", [["a", "b"], ["True", 1], ["False", 2]]),
        ("a,b\nx,1\n007,2\n", [["a", "b"], ["x", 1], ["007", 2]]),
        ("a,b\nx,1\n1.50,2\n", [["a", "b"], ["x", 1], ["1.50", 2]]),
        ("\na;b\n1;2\n", [["a", "b"], [1, 2]]),
        ('"height, cm";"weight, kg"\n1;2\n', [["height, cm", "weight, kg"], [1, 2]]),
        ("a,b\nred ,1\nred,2\n", [["a", "b"], ["red", 1], ["red", 2]]),
        ("a,b,\n1,2,\n", [["a", "b", ""], [1, 2, NAN]]),
    ],
    ids=[
        "newline in quotes", "Windows newline in quotes", "spaces", "spaces in the header",
        "blank lines", "no last newline", "one column",
        "missing values in one column", "true and false", "code among text",
        "number among text", "blank line first", "commas in a header of semicolons",
        "space after text", "separator at the end",
    ],
)  # fmt: skip
def test_what_people_write_is_read_as_they_mean_it(
    content: str, table: list[list[Any]], path: Path
) -> None:
    write(path, content)
    assert repr(cells_of(path)) == repr(table)  # nan is not itself, but its name is


@pytest.mark.parametrize("text", ["", " ", '""', *MISSING_VALUES])
def test_a_missing_value_is_nan_among_numbers_and_among_categories(text: str, path: Path) -> None:
    write(path, f"width,colour\n1,red\n{text},{text}\n")
    np.testing.assert_array_equal(rows_of(path, (WIDTH, COLOUR)), [[1, 1], [NAN, NAN]])
    assert TableFile(path).read().isna().to_numpy().tolist() == [[False, False], [True, True]]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"width,b\n", "has a header but no rows"),
        (b"width,b", "has a header but no rows"),
        (b"width,b\n\n\n", "has a header but no rows"),
        ("width,b\n1,кафе\n".encode("cp1251"), NO_UTF8),
        (b"width,b\n" + b"1,x\n" * 40_000 + b"1,\x81\n", NO_UTF8),
        (b"width,b\n1,2\n" + b"\0" * 1000, "is not a text file, or damaged: byte 13 is a NUL byte"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is an image, which is not read as a table; "),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xe2\xff!\n", "is a damaged zip file: "),
        (b"width,b,width\n1,2,3\n", "has two columns called width"),
        (b"width, width \n1,2\n", "has two columns called width"),
        (b"width,,\n1,2,3\n", "has two columns called (no name)"),
        (b'width,b\n1,"2\n3,4\n', "line 2 has a quote that is opened but not closed"),
    ],
    ids=[
        "empty", "spaces", "header", "header without newline", "header and blank lines", "Cyrillic",
        "wrong byte late", "NUL bytes", "PNG", "Excel", "two names", "two names with spaces",
        "nameless", "open quotes",
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_table_is_refused(content: bytes, complaint: str, path: Path) -> None:
    write(path, content)
    for read in (lambda: TableFile(path).read(), lambda: rows_of(path)):
        with pytest.raises(DataError) as caught:
            read()
        (line,) = str(caught.value).splitlines()
        assert line.startswith(f"{path}: {complaint}")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for place, complaint in ((tmp_path, "Is a directory"), (tmp_path / "none", "No such file")):
        for read in (TableFile, rows_of):
            with pytest.raises(DataError, match=complaint) as caught:
                read(place)
            assert str(caught.value).startswith(f"{place}: cannot be read: ")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("width,b\n1,2\n1,2,3\n1,2\n", 3),
        ("width,b\n1,2,3\n1,2\n", 2),
        ("width,b\n1,2,3\n1,2,3\n", 2),
        ("width,b\n\n1,2\n1,2,3\n", 4),
        ("width;b\n1;2\n1;2;3\n", 3),
        ("width,b\n" + "1,2\n" * 20_000 + "1,5,2\n", 20_002),
    ],
    ids=["middle", "first", "all", "after a blank line", "semicolons", "late"],
)
def test_a_row_that_is_too_long_is_refused_with_its_line(
    content: str, line: int, path: Path
) -> None:
    # A decimal comma or a missing quote moves all values behind it into the wrong columns.
    write(path, content)
    for read in (lambda: TableFile(path).read(), lambda: rows_of(path)):
        with pytest.raises(DataError, match=rf"line {line}\b") as caught:
            read()
        assert str(caught.value).startswith(f"{path}: ")
        assert "index_col" not in str(caught.value)  # a term of pandas


def test_a_row_that_is_too_short_has_missing_values(path: Path) -> None:
    write(path, "width,b\n1,2\n1\n3,4\n")
    np.testing.assert_array_equal(rows_of(path, (WIDTH, Feature("b"))), [[1, 2], [1, NAN], [3, 4]])


def test_rows_come_in_the_order_of_the_features_and_other_columns_are_ignored(path: Path) -> None:
    write(path, "born,colour,,width\n2024-01-31,red,0,1.5\nnever,blue,1,2.5\n")
    assert rows_of(path, (WIDTH, COLOUR)) == [[1.5, 1], [2.5, 0]]
    assert rows_of(path, (COLOUR, WIDTH)) == [[1, 1.5], [0, 2.5]]


def test_categories_that_look_like_numbers_stay_as_they_are_written(path: Path) -> None:
    sizes = Feature("size", ("07", "38", "40.0", "S"))
    write(path, "size\n40.0\n38\n07\n")
    assert rows_of(path, (sizes,)) == [[2], [1], [0]]


def test_new_categories_are_collected_and_coded_as_unseen(path: Path) -> None:
    unseen: Unseen = {}
    write(path, "width,colour\n1,red\n2,green\n3,red \n4,Red\n5,green\n6,\n")
    codes = [row[1] for row in rows_of(path, (WIDTH, COLOUR), unseen)]
    np.testing.assert_array_equal(codes, [1, UNSEEN, 1, UNSEEN, UNSEEN, NAN])
    assert unseen == {"colour": {"green", "Red"}}


def test_missing_columns_are_all_named(path: Path) -> None:
    write(path, "Width,b\n1,2\n")
    with pytest.raises(DataError) as caught:
        rows_of(path, (WIDTH, COLOUR))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert all(name in message for name in ("width, colour", "Width, b"))


@pytest.mark.parametrize("value", ["?", "inf", "-inf", "1_000", "0,5", "1.2.3", "twelve", "0x10"])
@pytest.mark.parametrize("before", [0, 3, 40_000])
def test_a_wrong_number_is_named_with_its_row(value: str, before: int, path: Path) -> None:
    write(path, "width;b\n" + "1;2\n" * before + f"{value};2\n1;2\n")
    with pytest.raises(DataError) as caught:
        rows_of(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: column width: {value!r} ")
    assert f"line {before + 2})" in message


def test_a_wrong_number_in_a_wide_file_is_named_without_warnings(path: Path) -> None:
    # pandas reads wide files in small pieces, and warns where two of them are of different types.
    names = [f"x{i}" for i in range(400)]
    rows = [["1"] * 400] * 4000
    rows.append(["1"] * 399 + ["?"])
    write(path, "\n".join(",".join(row) for row in [names, *rows]))
    with pytest.raises(DataError, match=r"column x399: '\?' is not a finite number \(line 4002\)"):
        rows_of(path, tuple(map(Feature, names)))


def test_numbers_of_any_length_are_the_nearest_floats(path: Path) -> None:
    texts = ["1e300", "0.1", "1" + "0" * 25, "18446744073709551615", "-7", ".5", "+3", "1E-5"]
    write(path, "\n".join(["width", *texts]))
    np.testing.assert_allclose(rows_of(path), [[float(text)] for text in texts], rtol=1e-15)


def test_a_long_file_comes_in_pieces_and_whole(path: Path) -> None:
    write(path, "width\n" + "".join(f"{i}\n" for i in range(50_000)))
    pieces = list(read_rows(TableFile(path), (WIDTH,), {}))
    assert len(pieces) > 1
    np.testing.assert_array_equal(np.concatenate(pieces)[:, 0], np.arange(50_000))


def test_numbers_and_texts_of_a_long_file_stay_in_their_rows(path: Path) -> None:
    write(path, "width,colour\n" + "".join(f"{i},c{i} \n" for i in range(40_000)))
    for frames in ([TableFile(path).read()], list(TableFile(path).pieces())):
        pairs = [pair for frame in frames for pair in frame.itertuples(index=False)]
        assert [tuple(pair) for pair in pairs] == [(i, f"c{i}") for i in range(40_000)]


def test_any_bytes_are_read_or_refused(path: Path) -> None:
    rng = random.Random(0)  # noqa: S311 - no secrets here
    alphabet = [*b'ab1,;\t|"\n\r .-', 0, 0x80, 0xE9, 0xFF]
    for _ in range(200):
        path.write_bytes(bytes(rng.choices(alphabet, k=rng.randrange(1, 40))))
        for read in (lambda: TableFile(path).read(), lambda: rows_of(path, (Feature("a"),))):
            try:
                read()
            except DataError as error:
                assert str(error).startswith(f"{path}: ")  # noqa: PT017 - it need not be raised


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_reading_by_pieces_leaves_the_callers_warnings_alone(taken: int, path: Path) -> None:
    write(path, "width\n" + "1\n" * 50_000)
    before = list(warnings.filters)
    pieces = read_rows(TableFile(path), (WIDTH,), {})
    for _ in range(taken):
        next(pieces)
    assert warnings.filters == before
    with warnings.catch_warnings():  # what the caller sets while pieces are left stays set
        warnings.simplefilter("ignore")
        inside = list(warnings.filters)
        next(pieces)
        assert warnings.filters == inside
    del pieces
    assert warnings.filters == before


@pytest.mark.parametrize("blank", ['""', '" "', '"   "', '"\t"', " ", "\t"])
def test_quoted_blanks_among_categories_are_missing_values(blank: str, path: Path) -> None:
    unseen: Unseen = {}
    write(path, f"width,colour\n1,red\n2,{blank}\n3,blue\n")
    np.testing.assert_array_equal(
        rows_of(path, (WIDTH, COLOUR), unseen), [[1, 1], [2, NAN], [3, 0]]
    )
    assert not unseen
    assert TableFile(path).read().isna().to_numpy().tolist() == [
        [False, False],
        [False, True],
        [False, False],
    ]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (["True", "False"], r"'True' is not a finite number \(lines 2, 3\)"),
        (["False"], r"'False' is not a finite number \(line 2\)"),
        (["TRUE", "true"], r"'[Tt](RUE|rue)' is not a finite number \(lines 2, 3\)"),
        (["1", "True", "0.5"], r"'True' is not a finite number \(line 3\)"),
        (["1"] * 20_000 + ["True"], r"'True' is not a finite number \(line 20002\)"),
    ],
)
def test_true_and_false_are_not_numbers(values: list[str], complaint: str, path: Path) -> None:
    write(path, "\n".join(["b,width", *(f"1,{value}" for value in values), ""]))
    with pytest.raises(DataError, match=f"column width: {complaint}") as caught:
        rows_of(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_the_missing_values_are_those_of_pandas(path: Path) -> None:
    write(path, "\n".join(["colour", *MISSING_VALUES]))
    assert pd.read_csv(path)["colour"].isna().all()


@pytest.mark.parametrize("texts", [[], ["width"]])
def test_only_the_first_rows_are_read_where_they_are_enough(texts: list[str], path: Path) -> None:
    write(path, "width,colour\n1,red\n2,blue\n3,red\n" + "4,blue,5\n" * 3)
    frame = TableFile(path).read(texts, rows=2)
    assert frame.astype(str).to_numpy().tolist() == [["1", "red"], ["2", "blue"]]
    with pytest.raises(DataError, match="line 5"):
        TableFile(path).read(texts)
    write(path, "width,colour\n1,red\n")
    assert len(TableFile(path).read(rows=100)) == 1


def test_without_a_header_columns_are_numbered_or_named_by_the_layout(path: Path) -> None:
    write(path, "6,148,yes\n1,85,no\n")
    numbered = TableFile(path, Layout(header=False))
    assert numbered.names == ["column_1", "column_2", "column_3"]
    assert numbered.read().to_numpy().tolist() == [[6, 148, "yes"], [1, 85, "no"]]
    assert numbered.name_rows(np.array([1])) == "line 2"
    named = TableFile(path, Layout(header=False, names=("a", "b", "c")))
    assert list(named.read().columns) == named.names == ["a", "b", "c"]
    assert [len(piece) for piece in named.pieces()] == [2]


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c", "d"), ("one",)])
def test_a_wrong_number_of_names_is_an_error(names: tuple[str, ...], path: Path) -> None:
    write(path, "6,148,yes\n1,85,no\n")
    with pytest.raises(DataError, match=rf"has 3 columns, but {len(names)} names? (is|are) given"):
        TableFile(path, Layout(header=False, names=names))


def test_given_names_must_differ(path: Path) -> None:
    write(path, "6,148,yes\n1,85,no\n")
    with pytest.raises(DataError, match="two columns called a"):
        TableFile(path, Layout(header=False, names=("a", "b", "a")))


def test_a_row_that_is_too_long_is_named_without_a_header_too(path: Path) -> None:
    write(path, "1,2\n1,2\n1,2,3\n")
    with pytest.raises(DataError, match="line 3 has 3 values"):
        TableFile(path, Layout(header=False)).read()
