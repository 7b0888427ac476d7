"""A first look at a table: which columns a person would choose to predict from, and which not."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nnscratch.errors import DataError, NNScratchError
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


USABLE: dict[str, Cells] = {
    "whole numbers": squares,
    "fractions": lambda i: f"{i * i / 7:.3f}",
    "negative numbers": lambda i: -i * i,
    "exponents": lambda i: f"{i * i}e-3",
    "few whole numbers": lambda i: i % 3,
    "leading zeros": lambda i: f"0{i % 7}0",
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
    "dates": (lambda i: f"2024-01-{i % 28 + 1:02}", "date"),
    "German dates": (lambda i: f"{i % 28 + 1:02}.01.2024", "date"),
    "dates with names of months": (lambda i: f"Jan {i % 28 + 1}, 2024", "date"),
    "times": (lambda i: f"{i % 24}:30", "time"),
    "an id": (lambda i: i + 1, "id"),
    "an id in another order": (lambda i: 1000 + (i * 7) % ROWS, "id"),
    "nothing": (nothing, "no values"),
    "blanks": (lambda _: "  ", "no values"),
    "names": (lambda i: f"Person {i}", "names"),
    "codes": (lambda i: f"{i * 2654435761 % 2**32:08x}-", "names"),
    "decimal commas": (lambda i: f"{i},5", "decimal comma"),
    "a stray text": (lambda i: "oops" if i == 3 else i * i, "'oops'"),
    "a stray text with a semicolon": (lambda i: "a; b" if i == 3 else i * i, "'a; b'"),
    "infinity": (lambda i: "inf" if i == 3 else i * i, "inf"),
    "too large": (lambda i: "1e999" if i == 3 else i * i, "inf"),
    "numbers and question marks": (lambda i: "?" if i % 4 == 3 else i * i, "'?'"),
}


@pytest.mark.parametrize("kind", USABLE)
def test_what_a_person_would_predict_from_is_usable(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "t.csv", {"x": USABLE[kind], "z": squares, "y": letters})

    found = survey(path)

    assert [(c.name, c.usable) for c in found.columns] == [("x", True), ("z", True)]
    assert found.incomplete == (("x",) if "missing" in kind else ())
    assert [feature.name for feature in found.dataset.features] == ["x", "z"]


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_cannot_be_learned_from_is_left_out_with_the_reason(tmp_path: Path, kind: str) -> None:
    cells, reason = LEFT_OUT[kind]
    path = write(tmp_path / "t.csv", {"x": cells, "z": squares, "y": letters})

    found = survey(path)

    assert [(c.name, c.usable) for c in found.columns] == [("x", False), ("z", True)]
    assert reason in found.columns[0].about
    assert path not in found.columns[0].about  # the column's name precedes it
    assert found.incomplete == ()  # only usable columns count
    assert [feature.name for feature in found.dataset.features] == ["z"]


def test_the_reason_does_not_repeat_an_odd_name(tmp_path: Path) -> None:
    dates = LEFT_OUT["dates"][0]
    path = write(tmp_path / "t.csv", {"a\tb; c:": dates, "z": squares, "y": letters})

    about = survey(path).columns[0].about

    assert "date" in about
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
        (lambda i: "" if i in (3, 5) else "uv"[i % 2], ["rows 3, 5"]),
        (lambda i: f"2024-01-{i % 28 + 1:02}", ["date"]),
        (lambda i: f"Person {i}", ["names"]),
        (lambda i: "inf" if i == 3 else i * i, ["inf", "row 3"]),
        (nothing, ["no values"]),
    ],
    ids=["missing values", "dates", "names", "infinity", "nothing"],
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
    dates = LEFT_OUT["dates"][0]
    message = refusal(write(tmp_path / "t.csv", {"n": lambda i: i, "when": dates, "y": letters}))

    assert "t.csv" in message
    assert all(fragment in message for fragment in ("like an id", "when", "date")), message
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
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        (b"PK\x03\x04" + b"\xff" * 100, "not a text file"),
        ("a,y\n1,2\n".encode("utf-16"), "UTF-8"),
        ("ä,y\n1,2\n".encode("latin-1"), "UTF-8"),
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
