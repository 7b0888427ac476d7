"""`nnscratch init csv`: the config written for a table is what a person would write.

For any table, either the config passes `validate` and trains, or there is an error and no file."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from nnscratch.config import load
from nnscratch.errors import DataError, NNScratchError
from nnscratch.scaffold.from_table import survey
from tests.conftest import Command
from tests.starting import assert_refused, assert_works

ROWS = 40
IMPUTE, ERROR = "impute", "error"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(header: str, cells: Callable[[int], str], rows: int = ROWS) -> str:
    return "".join(f"{line}\n" for line in (header, *map(cells, range(rows))))


GOOD = table("a,b,y", lambda i: f"{i * i},{i % 7},{'uv'[i % 2]}")


def chosen(nnscratch: Command, text: str, *options: str) -> dict[str, Any]:
    """Writes a table and a config for it, which must work; returns the data set's settings."""
    Path("t.csv").write_text(text, "utf-8", newline="")
    result = nnscratch("init", "csv", "t.csv", *options)
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[0] == "configs/t.yaml"
    settings = assert_works(nnscratch, "configs/t.yaml")
    assert Path(settings["path"]).samefile("t.csv")
    return settings


def test_each_column_of_a_table_as_people_have_it(empty: Path, nnscratch: Command) -> None:
    text = table(
        "id,name,joined,size,colour,empty,member,price",
        lambda i: (
            f"{i + 1},Person {i},2024-01-{i % 28 + 1:02},{'' if i == 7 else i * i},"
            f"{['red', 'green'][i % 2]},,{['yes', 'no', ''][i % 3]},{100 + i / 8}"
        ),
    )

    settings = chosen(nnscratch, text)

    assert settings["features"] == ["size", "colour", "member"]
    assert (settings["target"], settings["task"]) == ("price", "regression")
    assert (settings["missing"], settings["scaling"]) == (IMPUTE, "standardize")
    written = Path("configs/t.yaml").read_text()
    assert all(f"# - {name}" in written for name in ("id", "name", "joined", "empty"))
    assert "size" in next(line for line in written.splitlines() if "missing:" in line)
    assert all(len(line) <= 100 for line in written.splitlines())


@pytest.mark.parametrize(
    ("separator", "end", "mark"),
    [(",", "\n", ""), (";", "\r\n", "\ufeff"), ("\t", "\r\n", ""), ("|", "\n", "\ufeff")],
)
def test_however_the_table_was_saved(
    separator: str, end: str, mark: str, empty: Path, nnscratch: Command
) -> None:
    text = mark + GOOD.replace(",", separator).replace("\n", end)

    settings = chosen(nnscratch, text)

    assert (settings["features"], settings["target"]) == (["a", "b"], "y")
    assert (settings["task"], settings["missing"]) == ("classification", ERROR)


NAMES = [
    "my column", "a: b", "#c", "a #b", "naïve 漢", 'x "y"', "it's", "x, y", "- a", "-1", "010",
    "1e3", "1_000", "0x1f", "yes", "No", "null", "true", "NaN", "~", "[a]", "{b}", "*p", "&q", "!r",
    "%s", "@t", "`u`", "|", ">", "=", "<<", "?", ":", "...", "a\tb", "a\nb", "a\x07b", "a\u2028b",
    "2024-01-31", "12:30", "n" * 300,
]  # fmt: skip


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("names", [NAMES[:14], NAMES[14:28], NAMES[28:]])
def test_any_name_of_an_input(names: list[str], empty: Path, nnscratch: Command) -> None:
    header = ",".join([*map(quoted, names), "day", "y"])
    text = table(header, lambda i: f"{f'{i * i},' * len(names)}2024-01-31,{'uv'[i % 2]}")

    settings = chosen(nnscratch, text)

    assert (settings["features"], settings["target"]) == (names, "y")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_target(name: str, empty: Path, nnscratch: Command) -> None:
    Path("t.csv").write_text(table(f"{quoted(name)},y", lambda i: f"{i * i},{'uv'[i % 2]}"))

    assert nnscratch("init", "csv", "t.csv", f"--target={name}").code == 0

    settings = load("configs/t.yaml").dataset.model_dump()
    assert (settings["features"], settings["target"]) == (["y"], name)


def test_a_column_left_out_may_have_any_name_too(empty: Path, nnscratch: Command) -> None:
    names = [name for name in NAMES if "\n" not in name and "," not in name and '"' not in name]
    header = ",".join([*names, "x", "y"])
    dates = ",".join(["2024-01-31"] * len(names))

    settings = chosen(nnscratch, table(header, lambda i: f"{dates},{i * i},{i % 2}"))

    assert settings["features"] in (["x"], None)  # of more than 40 columns, some are ignored
    assert settings["ignore"] == (None if settings["features"] else names)


@pytest.mark.parametrize(
    "classes",
    [
        ["yes", "no"],
        ["True", "False"],
        ["true", "maybe"],
        ["010", "1e3", "x"],
        ["# a", "b: c"],
        ["- d", "[e"],
        ["ü", "漢"],
        ['"p\nepochs: 7"', "q"],
        ["a" * 300, "b" * 300],
    ],
)
def test_any_text_as_classes_and_categories(
    classes: list[str], empty: Path, nnscratch: Command
) -> None:
    text = table("x,w,y", lambda i: f"{i * i},{classes[i % len(classes)]},{'uv'[i % 2]}")
    settings = chosen(nnscratch, text)
    assert (settings["features"], settings["task"]) == (["x", "w"], "classification")

    targets = table("x,y", lambda i: f"{i * i},{classes[i % len(classes)]}")
    assert chosen(nnscratch, targets, "--force")["task"] == "classification"
    assert load("configs/t.yaml").epochs == 100


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (lambda i: i % 2, "classification"),
        (lambda i: [-1, 1][i % 2], "classification"),
        (lambda i: i % 3, "classification"),
        (lambda i: f"{i % 3}.0", "classification"),
        (lambda i: i * i, "regression"),
        (lambda i: i / 8, "regression"),
        (lambda i: f"{i}e3", "regression"),
    ],
)
def test_numbers_to_predict_are_classes_where_they_are_few(
    target: Callable[[int], object], task: str, empty: Path, nnscratch: Command
) -> None:
    assert chosen(nnscratch, table("x,y", lambda i: f"{i * i},{target(i)}"))["task"] == task


def test_a_target_in_the_middle(empty: Path, nnscratch: Command) -> None:
    text = table("a,y,b", lambda i: f"{i * i},{'uv'[i % 2]},{i % 7}")

    settings = chosen(nnscratch, text, "--target", "y")

    assert (settings["features"], settings["target"]) == (["a", "b"], "y")


def test_an_index_without_a_name_is_left_out(empty: Path, nnscratch: Command) -> None:
    assert chosen(nnscratch, table(",a,y", lambda i: f"{i},{i * i},{i % 2}"))["features"] == ["a"]


def test_a_hundred_columns_are_not_listed(empty: Path, nnscratch: Command) -> None:
    names = ",".join(f"c{j}" for j in range(100))
    row = ",".join(["1.5"] * 99)
    text = table(f"id,day,{names},y", lambda i: f"{i},2024-01-31,{i * i or ''},{row},{i % 2}")

    settings = chosen(nnscratch, text)

    assert (settings["features"], settings["ignore"]) == (None, ["id", "day"])
    assert settings["missing"] == IMPUTE
    assert len(Path("configs/t.yaml").read_text().splitlines()) < 20


def test_pixels_are_an_image(empty: Path, nnscratch: Command) -> None:
    names = ",".join(f"pixel{j}" for j in range(64))
    pixels = [",".join(str((i * 37 + j * 11) % 256) for j in range(64)) for i in range(ROWS)]
    text = table(f"label,{names}", lambda i: f"{i % 4},{pixels[i]}")

    settings = chosen(nnscratch, text, "--target", "label")

    assert (settings["scaling"], settings["task"]) == ("minmax", "classification")
    # A list of names would do no harm, but sixty-four lines of it would.
    assert settings["features"] is None


def test_decimal_commas_are_left_out_with_the_reason(empty: Path, nnscratch: Command) -> None:
    settings = chosen(nnscratch, table("a;b;y", lambda i: f"{i},5;{i * i};{'uv'[i % 2]}"))

    assert settings["features"] == ["b"]
    assert "decimal comma" in Path("configs/t.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("a,y\n", ["no rows"]),
        ("a,y\n1,2\n", ["row"]),
        ("a,y\n1,u\n", ["row"]),
        ("a,y\n1,u\n2,v\n", ["row"]),
        ("a,y\n1,u\n2,v\n3,u\n", []),
        (table("a,y", lambda i: f"{i * i},same"), ["one class", "same"]),
        (table("a,y", lambda i: f"{i * i},5"), ["one class", "5"]),
        (table("a,y", lambda i: f"{i * i},{'u' if i % 3 else ''}"), ["column y", "lines 2, 5, 8"]),
        (table("day,y", lambda i: f"2024-01-31,{i % 2}"), ["day", "date"]),
        (table("a;b;y", lambda i: f"{i},5;1,{i % 3};{i % 2}"), ["decimal comma"]),
        (table("a" * 2000 + ",y", lambda i: f"{i * i},{i % 2}"), ["1,000 characters"]),
    ],
    ids=["no rows", "one row", "one class of one", "two rows", "three rows", "one category",
         "one number", "missing values", "dates only", "decimal commas only", "a long name"],
)  # fmt: skip
def test_a_table_that_cannot_be_learned_from_gets_no_config(
    text: str, fragments: list[str], empty: Path, nnscratch: Command
) -> None:
    Path("t.csv").write_text(text)

    result = nnscratch("init", "csv", "t.csv")

    if result.code == 0:  # then the config must work, with fewer rows held out
        assert_works(nnscratch, "configs/t.yaml")
        return
    assert_refused(result, "t.csv", *fragments)
    assert [path.name for path in empty.iterdir()] == ["t.csv"]


def test_a_missing_file_and_a_directory_get_no_config(empty: Path, nnscratch: Command) -> None:
    (empty / "folder.csv").mkdir()

    for name in ("none.csv", "folder.csv"):
        assert_refused(nnscratch("init", "csv", name), name, "cannot be read")
        assert [path.name for path in empty.iterdir()] == ["folder.csv"]


@pytest.mark.parametrize(
    ("where", "output"),
    [
        ("t.csv", "c.yaml"),
        ("t.csv", "configs/c.yaml"),
        ("data/deep/t.csv", "c.yaml"),
        ("data/t.csv", "data/c.yaml"),
        ("data/t.csv", "configs/mine/c.yaml"),
        ("../t.csv", "c.yaml"),
        ("my data/a: b #1.csv", "configs/c.yaml"),
        ("data/ünï.csv", "configs/c.yaml"),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_the_config_finds_the_table_from_anywhere(
    where: str, output: str, absolute: bool, empty: Path, nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    home = empty / "home"
    elsewhere = empty / "elsewhere"
    for folder in (home, elsewhere, (home / where).parent):
        folder.mkdir(exist_ok=True, parents=True)
    (home / where).write_text(GOOD)
    monkeypatch.chdir(home)
    given = (home / where).resolve() if absolute else where

    assert nnscratch("init", "csv", given, "--output", output).code == 0

    assert nnscratch("validate", output).code == 0
    monkeypatch.chdir(elsewhere)
    assert (home / where).samefile(assert_works(nnscratch, home / output)["path"])


@pytest.mark.parametrize("link", ["configs", "data"])
def test_the_config_finds_the_table_through_a_linked_folder(
    link: str, empty: Path, nnscratch: Command
) -> None:
    (empty / "far" / "deep").mkdir(parents=True)
    (empty / link).symlink_to("far/deep")
    where = empty / "data" / "t.csv"
    where.parent.mkdir(exist_ok=True)
    where.write_text(GOOD)

    assert nnscratch("init", "csv", "data/t.csv").code == 0

    assert where.samefile(assert_works(nnscratch, "configs/t.yaml")["path"])


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
        (lambda i: "" if i in (3, 5) else "uv"[i % 2], ["lines 5, 7"]),
        (lambda i: f"2024-01-{i % 28 + 1:02}", ["date"]),
        (lambda i: f"Person {i}", ["names"]),
        (lambda i: "inf" if i == 3 else i * i, ["inf", "line 5"]),
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
