"""What is found in a table: how it is written, and what a network can learn from."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nnscratch.errors import DataError, NNScratchError
from nnscratch.scaffold.first_rows import sample_rows
from nnscratch.scaffold.survey import survey

ROWS = 40


Cells = Callable[[int], object]


def write(path: Path, columns: Mapping[str, Cells], rows: int = ROWS, separator: str = ",") -> str:
    """Writes a table of columns, each a function of the row, and returns its path."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(i) for cell in columns.values()] for i in range(rows))
    path.write_text(text.getvalue(), "utf-8")
    return str(path)


def squares(i: int) -> object:
    return i * i


def letters(i: int) -> object:
    return "uv"[i % 2]


def nothing(_: int) -> object:
    return ""


def refusal(path: str, target: str | None = None) -> str:
    """Returns the message with which a table that cannot be learned from is refused."""
    with pytest.raises(NNScratchError) as caught:
        survey(path, target)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cells", "about"),
    [
        (lambda i: f"{i % 24}:30", "times, read as %H:%M"),
        (lambda i: f"{i % 28 + 1}.1.2024", "dates, read as %d.%m.%Y"),
        (lambda i: 20240101 + i * i, "numbers from 20240101 to 20241622"),
        (lambda i: f"{i * i * 1e13:.0f}", "numbers from 0 to 1.521e+16"),
        (lambda i: (i - 20) / 7, "numbers from -2.857143 to 2.714286"),
    ],
)
def test_ranges_and_formats_are_shown(cells: Cells, about: str, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", {"a": cells, "y": letters})
    assert survey(path).columns[0].about == about


USABLE: dict[str, Cells] = {
    "whole numbers": squares,
    "fractions": lambda i: f"{i * i / 7:.3f}",
    "negative numbers": lambda i: -i * i,
    "exponents": lambda i: f"{i * i}e-3",
    "few whole numbers": lambda i: i % 3,
    "leading zeros": lambda i: f"0{i % 7}0",
    "dates": lambda i: f"2024-01-{i % 28 + 1:02}",
    "German dates": lambda i: f"{i % 28 + 1:02}.01.2024",
    "dates with names of months": lambda i: f"Jan {i % 28 + 1}, 2024",
    "times": lambda i: f"{i % 24}:30",
    "decimal commas": lambda i: f"{i},5",
    "money": lambda i: f"${i * i + 1000:,}",
    "per cent": lambda i: f"{i * i % 100} %",
    "negative numbers of bookkeepers": lambda i: f"({i * i})",
    "numbers and question marks": lambda i: "?" if i % 4 == 3 else i * i,
    "an id in another order": lambda i: 1000 + (i * 7) % ROWS,
    "whole numbers in equal steps": lambda i: 1000 + 4 * i,
    "years": lambda i: 1960 + i,
    "populations": lambda i: 1000 + i * i * 31,
    "versions": lambda i: f"1.{i % 3}.{i % 2}",
    "ranges": lambda i: f"{i % 3}-{i % 3 + 1}",
    "scores": lambda i: f"{i % 3}:{i % 2}",
    "zero and one": lambda i: i % 2,
    "numbers with missing values": lambda i: "" if i % 9 == 4 else i * i,
    "true and false": lambda i: ["True", "False"][i % 2],
    "yes and no": lambda i: ["yes", "no"][i % 2],
    "categories": lambda i: ["red", "green", "blue"][i % 3],
    "categories with missing values": lambda i: ["red", "", "blue"][i % 3],
    "categories with blanks": lambda i: [" red ", "blue "][i % 2],
    "categories in another script": lambda i: ["日本", "naïve"][i % 2],
    "categories that need quotes": lambda i: ["a,b", 'c "d"', "e;f"][i % 3],
    "categories of two lines": lambda i: ["a\nb", "c"][i % 2],
}
LEFT_OUT: dict[str, tuple[Cells, str]] = {
    "an id": (lambda i: i + 1, "counts the rows"),
    "nothing": (nothing, "no values"),
    "blanks": (lambda _: "  ", "no values"),
    "names": (lambda i: f"Person {i}", "names"),
    "codes": (lambda i: f"{i * 2654435761 % 2**32:08x}-", "names"),
    "a stray text": (lambda i: "oops" if i == 3 else i * i, "'oops'"),
    "a stray text with a semicolon": (lambda i: "a; b" if i == 3 else i * i, "'a; b'"),
    "infinity": (lambda i: "inf" if i == 3 else i * i, "inf"),
    "too large": (lambda i: "1e999" if i == 3 else i * i, "inf"),
    "codes with leading zeros": (lambda i: f"0{i * 7919 % 90007 + 10000}", "leading zeros"),
    "phone numbers": (lambda i: f"555 {i + 100} {i * 17 + 1000}", "names"),
}


@pytest.mark.parametrize("kind", USABLE)
def test_what_a_person_would_predict_from_is_usable(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "t.csv", {"x": USABLE[kind], "z": squares, "y": letters})

    found = survey(path)

    assert [(c.name, c.usable) for c in found.columns] == [("x", True), ("z", True)]
    assert ("missing" in found.columns[0].about) == ("missing" in kind or "question" in kind)
    assert [feature.name for feature in found.dataset.features] == ["x", "z"]


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_cannot_be_learned_from_is_left_out_with_the_reason(tmp_path: Path, kind: str) -> None:
    cells, reason = LEFT_OUT[kind]
    path = write(tmp_path / "t.csv", {"x": cells, "z": squares, "y": letters})

    found = survey(path)

    assert [(c.name, c.usable) for c in found.columns] == [("x", False), ("z", True)]
    assert reason in found.columns[0].about
    assert path not in found.columns[0].about  # the column's name precedes it
    assert [feature.name for feature in found.dataset.features] == ["z"]


def test_the_reason_does_not_repeat_an_odd_name(tmp_path: Path) -> None:
    names = LEFT_OUT["names"][0]
    path = write(tmp_path / "t.csv", {"a\tb; c:": names, "z": squares, "y": letters})

    about = survey(path).columns[0].about

    assert "names" in about
    assert "t.csv" not in about


def test_what_a_column_holds_is_described(tmp_path: Path) -> None:
    cells: dict[str, Cells] = {
        "x": lambda i: -3 + i * i,  # to 39² − 3 = 1518
        "w": lambda i: ["red", "blue"][i % 2],
        "one": lambda _: "same",
        "y": letters,
    }

    x, w, one = survey(write(tmp_path / "t.csv", cells)).columns

    assert "-3" in x.about
    assert "1518" in x.about
    assert w.about == "2 categories: blue, red"
    assert one.about == "1 category: same"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator_gives_the_same(tmp_path: Path, separator: str) -> None:
    cells: dict[str, Cells] = {"a; b": squares, "c, d": lambda i: "x|y\tz"[i % 5], "y": letters}

    found = survey(write(tmp_path / "t.csv", cells, separator=separator))

    assert found.target == "y"
    assert [(column.name, column.usable) for column in found.columns] == [
        ("a; b", True),
        ("c, d", True),
    ]
    assert found.dataset.splits["train"].inputs[:, 0].tolist() == [i * i for i in range(ROWS)]


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_name(tmp_path: Path) -> None:
    rows = "".join(f"{i * i},{letters(i)}\r\n" for i in range(ROWS))
    (tmp_path / "t.csv").write_bytes(f"\ufeff a , y \r\n{rows}".encode())

    found = survey(str(tmp_path / "t.csv"))

    assert (found.target, [column.name for column in found.columns]) == ("y", ["a"])
    assert found.dataset.classes == ("u", "v")


@pytest.mark.parametrize("name", ["010", "1e3", "yes", "null", "NA", "#", "-", "~", "True", "1"])
def test_names_stay_as_they_are_written(tmp_path: Path, name: str) -> None:
    found = survey(write(tmp_path / "t.csv", {name: squares, "y": letters}))

    assert [column.name for column in found.columns] == [name]


@pytest.mark.parametrize(
    ("names", "target", "columns"),
    [
        (["a", "b", "y"], "y", ["a", "b"]),
        (["", "a", "y"], "y", ["a"]),  # an index that pandas wrote
        (["a", "y", ""], "y", ["a"]),  # each line ends with a separator
    ],
)
def test_the_last_column_with_a_name_is_the_target(
    tmp_path: Path, names: list[str], target: str, columns: list[str]
) -> None:
    found = survey(write(tmp_path / "t.csv", dict.fromkeys(names, lambda i: i * i % 5)))

    assert (found.target, [column.name for column in found.columns]) == (target, columns)


def test_a_target_that_is_named_is_none_of_the_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", {"a": squares, "y": letters, "b": squares})

    found = survey(path, "y")

    assert (found.target, [column.name for column in found.columns]) == ("y", ["a", "b"])


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (lambda i: ["u", "v", "w"][i % 3], ("u", "v", "w")),
        (lambda i: ["yes", "no"][i % 2], ("no", "yes")),
        (lambda i: i % 3, (0, 1, 2)),
        (lambda i: ["010", "1e3", "x"][i % 3], ("010", "1e3", "x")),
        (lambda i: i * i, None),
        (lambda i: f"{i / 8}", None),
    ],
)
def test_the_target_is_classes_or_numbers(
    tmp_path: Path, cells: Cells, classes: tuple[str | int, ...] | None
) -> None:
    assert survey(write(tmp_path / "t.csv", {"x": squares, "y": cells})).dataset.classes == classes


@pytest.mark.parametrize(
    ("cells", "fragments"),
    [
        (lambda i: f"2024-01-{i % 28 + 1:02}", ["date"]),
        (lambda i: f"Person {i}", ["names"]),
        (lambda i: "inf" if i == 3 else i * i, ["inf", "line 5"]),
        (nothing, ["no values"]),
    ],
    ids=["dates", "names", "infinity", "nothing"],
)
def test_a_target_that_cannot_be_learned_is_refused(
    tmp_path: Path, cells: Cells, fragments: list[str]
) -> None:
    message = refusal(write(tmp_path / "t.csv", {"x": squares, "y": cells}))

    assert all(fragment in message for fragment in ["t.csv", "y", *fragments]), message
    assert len(message.splitlines()) == 1


def test_a_target_that_is_not_there_gets_a_near_name(tmp_path: Path) -> None:
    message = refusal(write(tmp_path / "t.csv", {"Price": squares, "y": letters}), "pric")

    assert all(fragment in message for fragment in ("pric", "t.csv", "did you mean Price?"))


def test_where_no_column_is_usable_each_has_its_reason(tmp_path: Path) -> None:
    names = LEFT_OUT["names"][0]
    message = refusal(write(tmp_path / "t.csv", {"n": nothing, "who": names, "y": letters}))

    assert "t.csv" in message
    assert all(fragment in message for fragment in ("no values", "who", "like names")), message
    assert "`ignore`" not in message  # which the user has not written


@pytest.mark.parametrize("header", ["y", ",y", '""', " "])
def test_a_table_without_a_column_to_predict_from_is_refused(tmp_path: Path, header: str) -> None:
    path = tmp_path / "t.csv"
    comma = "," * header.count(",")
    path.write_text(header + "\n" + "".join(f"{i}{comma}\n" for i in range(ROWS)))

    assert "t.csv" in refusal(str(path))


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "empty"),
        (b"\n\n\n", "empty"),
        (b"a,y\n", "no rows"),
        (b"a,a,y\n1,2,3\n", "two columns called a"),
        (b"a,y\n1,2\n3,4,5\n", "line 3"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is an image"),
        (b"PK\x03\x04" + b"\xff" * 100, "is a damaged zip file"),
        ("ж,y\n1,2\n".encode("utf-16")[:-1], "not text in utf-16"),
        ("имя,y\n1,кот и пёс\n".encode("cp1251"), "not a text file in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, fragment: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)

    message = refusal(str(path))

    assert str(path) in message
    assert fragment in message
    assert len(message.splitlines()) == 1


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            survey(str(path))


def test_the_only_column_is_kept_even_if_it_counts_the_rows(tmp_path: Path) -> None:
    (x,) = survey(write(tmp_path / "t.csv", {"x": lambda i: i, "y": squares})).columns
    assert (x.usable, x.about) == (True, "counts the rows, like an id?")

    cells: dict[str, Cells] = {"id": lambda i: i, "who": lambda i: f"Person {i}", "y": squares}
    kept, left_out = survey(write(tmp_path / "u.csv", cells)).columns
    assert (kept.usable, left_out.usable) == (True, False)


@pytest.mark.parametrize(
    ("name", "cells", "about"),
    [
        ("x", lambda i: 1000 + 4 * i, "goes up by 4 from row to row: an id?"),
        ("x", lambda i: 2**53 + i, "goes up by 1 from row to row: an id?"),
        ("customer_id", lambda i: 2**53 + i * i, "different in every row, like an id"),
        ("x", lambda i: f"{i % 12 + 1}/2/2024", "dates, read as %m/%d/%Y (or %d/%m/%Y?)"),
        ("x", lambda i: "" if i % 4 == 0 else i * i, ", 25% missing"),
    ],
)
def test_what_only_the_user_can_know_is_asked(
    tmp_path: Path, name: str, cells: Cells, about: str
) -> None:
    path = write(tmp_path / "t.csv", {name: cells, "z": squares, "y": letters})
    assert survey(path).columns[0].about.endswith(about)


@pytest.mark.parametrize("decimal", [".", ","])
def test_an_id_is_one_in_any_notation(tmp_path: Path, decimal: str) -> None:
    cells: dict[str, Cells] = {
        "customer_id": lambda i: 2**53 + i * i,
        "n": lambda i: i,
        "a": lambda i: f"{i * i / 7:.2f}".replace(".", decimal),
        "y": letters,
    }
    found = survey(write(tmp_path / "t.csv", cells, separator=";"))
    assert [column.usable for column in found.columns] == [False, False, True]
    assert found.source.decimal == decimal
    inputs = found.dataset.splits["train"].inputs[:, 0]
    assert inputs.tolist() == [round(i * i / 7, 2) for i in range(ROWS)]


@pytest.mark.parametrize(
    ("first", "cells"),
    [
        (["5.1", "3", "u"], [lambda i: f"{i * i / 8}", lambda i: i * 7 % 17, letters]),
        (["0", "0", "9", "u"], [lambda _: 0, lambda _: 0, lambda i: i % 11, letters]),
        (["0,5", "w", "2,5", "u"], [lambda i: f"{i},5", lambda i: "wz"[i % 2], lambda i: f"{i},25",
                                   letters]),
        (["0,5", "w", "0,5", "u"], [lambda i: f"{i},5", lambda i: "wz"[i % 2], lambda i: f"{i},25",
                                   letters]),
        (["1", "?", "3", "u"], [lambda i: i % 10, lambda i: "?" if i % 5 == 0 else i % 7,
                                lambda i: i % 9, letters]),
        (["2024-01-31", "5.5", "u"], [lambda i: f"2024-01-{i % 28 + 1}", lambda i: i / 8, letters]),
    ],
    ids=["numbers", "equal pixels", "decimal commas", "equal commas", "question marks", "dates"],
)  # fmt: skip
def test_a_first_row_of_values_is_a_row(
    tmp_path: Path, first: list[str], cells: list[Cells]
) -> None:
    path = tmp_path / "t.csv"
    rows = [first, *([str(cell(i)) for cell in cells] for i in range(ROWS))]
    path.write_text("".join(";".join(row) + "\n" for row in rows))

    found = survey(str(path))

    assert found.source.header is False
    assert len(found.dataset.splits["train"]) == ROWS + 1
    assert found.target == f"column_{len(first)}"
    assert found.dataset.classes == ("u", "v")


@pytest.mark.parametrize("more", [0, 1])
def test_only_the_first_rows_of_a_large_table_are_looked_at(tmp_path: Path, more: int) -> None:
    rows = sample_rows(2) + more
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{i % 7},{i % 2}\n" for i in range(rows)))

    found = survey(str(path))

    assert found.is_whole == (not more)
    assert len(found.dataset.splits["train"]) == sample_rows(2)


def test_rows_without_a_target_are_left_out(tmp_path: Path) -> None:
    cells: dict[str, Cells] = {"x": squares, "y": lambda i: "" if i in (3, 5) else "uv"[i % 2]}
    found = survey(write(tmp_path / "t.csv", cells))
    assert found.source.missing_target == "drop"
    assert len(found.dataset.splits["train"]) == ROWS - 2
