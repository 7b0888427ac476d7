"""The first rows of a table are read as it is written, and no more of them than needed."""

from pathlib import Path

import pytest

from nnscratch.errors import DataError
from nnscratch.scaffold.first_rows import read_as_written, read_first_rows, sample_rows


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "t.csv"
    path.write_text(text)
    return str(path)


def test_of_a_long_table_the_first_rows_are_read(tmp_path: Path) -> None:
    rows = sample_rows(2)
    path = write(tmp_path, "a,b\n" + "1,2\n" * rows)
    table, is_whole = read_first_rows(path)
    assert (len(table.frame), is_whole) == (rows, True)
    path = write(tmp_path, "a,b\n" + "1,2\n" * rows + "3,4\n")
    table, is_whole = read_first_rows(path)
    assert (len(table.frame), is_whole) == (rows, False)
    assert (table.frame["a"] == 1).all()


def test_of_a_wide_table_fewer_rows_are_enough() -> None:
    assert sample_rows(20_000) * 20_000 <= 4_000_000
    assert sample_rows(10**9) == 200
    assert sample_rows(0) == sample_rows(1) == 50_000


def test_numbers_that_are_there_twice_are_no_names(tmp_path: Path) -> None:
    table, _ = read_first_rows(write(tmp_path, "0,0,5\n1,0,6\n2,1,7\n"))
    assert table.file.names == ["column_1", "column_2", "column_3"]
    assert len(table.frame) == 3
    with pytest.raises(DataError, match="has two columns called a"):
        read_first_rows(write(tmp_path, "a,a\n1,2\n"))


def test_text_is_as_it_is_written_and_fractions_may_be_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "code,word,share,gap\n007,NA,0.50,1.5\n010,x,0.25,null\n")
    raw = read_as_written(read_first_rows(path)[0])
    assert raw["code"].tolist() == ["007", "010"]
    assert raw["word"].tolist() == ["NA", "x"]
    assert raw["share"].tolist() == [0.5, 0.25]
    assert raw["gap"].tolist() == ["1.5", "null"]


def test_what_may_be_thousands_is_text(tmp_path: Path) -> None:
    rows = "1.620,1.620,0.625,1.5\n558,58,558,1558\n"
    raw = read_as_written(read_first_rows(write(tmp_path, f"a,b,c,d\n{rows}"))[0])
    assert raw["a"].tolist() == ["1.620", "558"]
    assert raw["b"].tolist() == [1.62, 58]
    assert raw["c"].tolist() == [0.625, 558]
    assert raw["d"].tolist() == [1.5, 1558]


def test_beside_decimal_commas_all_is_text(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\n1.234;0,5\n2.5;1,5\n")
    raw = read_as_written(read_first_rows(path)[0])
    assert raw["a"].tolist() == ["1.234", "2.5"]
    path = write(tmp_path, 'a,b\n1.234,"1,500"\n2.5,"2,500"\n')
    assert read_as_written(read_first_rows(path)[0])["a"].tolist() == [1.234, 2.5]
