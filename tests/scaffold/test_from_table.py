"""`nnscratch init csv`: the config written for a table is what a person would write.

For any table, either the config passes `validate` and trains, or there is an error and no file."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnscratch.config import load
from tests.conftest import Command
from tests.starting import assert_refused, assert_works

ROWS = 40


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
    assert result.written == [Path("configs/t.yaml")]
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

    assert settings["features"] == ["joined", "size", "colour", "member"]
    assert (settings["target"], settings["task"]) == ("price", "regression")
    assert (settings["missing"], settings["scaling"]) == ("impute", "standardize")
    written = Path("configs/t.yaml").read_text()
    assert all(f"# - {name}" in written for name in ("id", "name", "empty"))
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
    assert (settings["task"], settings["missing"]) == ("classification", "impute")


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
    text = table(header, lambda i: f"{f'{i * i % 31},' * len(names)}2024-01-31,{'uv'[i % 2]}")

    settings = chosen(nnscratch, text)

    assert (settings["features"], settings["target"]) == ([*names, "day"], "y")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_target(name: str, empty: Path, nnscratch: Command) -> None:
    Path("t.csv").write_text(table(f"{quoted(name)},y", lambda i: f"{i * i},{'uv'[i % 2]}"))

    assert nnscratch("init", "csv", "t.csv", f"--target={name}").code == 0

    settings = load("configs/t.yaml").dataset.model_dump()
    assert (settings["features"], settings["target"]) == (["y"], name)


def test_a_column_left_out_may_have_any_name_too(empty: Path, nnscratch: Command) -> None:
    names = [name for name in NAMES if "\n" not in name and "," not in name and '"' not in name]
    header = ",".join([*names, "x", "y"])

    settings = chosen(
        nnscratch, table(header, lambda i: f"{f'Person {i},' * len(names)}{i * i},{i % 2}")
    )

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
    text = table(f"id,who,{names},y", lambda i: f"{i},Person {i},{i * i or ''},{row},{i % 2}")

    settings = chosen(nnscratch, text)

    assert (settings["features"], settings["ignore"]) == (None, ["id", "who"])
    assert settings["missing"] == "impute"
    assert len(Path("configs/t.yaml").read_text().splitlines()) < 20


def test_pixels_are_an_image(empty: Path, nnscratch: Command) -> None:
    names = ",".join(f"pixel{j}" for j in range(64))
    pixels = [",".join(str((i * 37 + j * 11) % 256) for j in range(64)) for i in range(ROWS)]
    text = table(f"label,{names}", lambda i: f"{i % 4},{pixels[i]}")

    settings = chosen(nnscratch, text, "--target", "label")

    assert (settings["scaling"], settings["task"]) == ("minmax", "classification")
    # A list of names would do no harm, but sixty-four lines of it would.
    assert settings["features"] is None
    assert load("configs/t.yaml").preset is None


def test_numbers_as_people_write_them_are_read_with_the_settings_written(
    empty: Path, nnscratch: Command
) -> None:
    text = table("a;b;y", lambda i: f"1.{i % 10}00,5 €;{i * i};{'?' if i % 9 == 4 else f'{i},25'}")
    text = text.replace("?", "7,5")

    settings = chosen(nnscratch, text)

    assert (settings["decimal"], settings["thousands"], settings["strip"]) == (",", ".", ["€"])
    assert (settings["features"], settings["task"]) == (["a", "b"], "regression")
    written = Path("configs/t.yaml").read_text()
    assert "as in 1.000,5 € of column a" in written


def test_a_table_without_a_header(empty: Path, nnscratch: Command) -> None:
    text = table("5.5,?,red,u", lambda i: f"{i}.5,{i * i},{['red', 'blue'][i % 2]},{'uv'[i % 2]}")

    settings = chosen(nnscratch, text)

    assert settings["header"] is False
    assert settings["features"] == ["column_1", "column_2", "column_3"]
    assert settings["missing_values"][0] == "?"


def test_whole_numbers_to_predict_are_asked_about(empty: Path, nnscratch: Command) -> None:
    chosen(nnscratch, table("x,stars", lambda i: f"{i * i},{i % 5 + 1}"))
    assert "classes, or amounts? then regression" in Path("configs/t.yaml").read_text()

    chosen(nnscratch, table("x,y", lambda i: f"{i * i},{i % 2}"), "--force")
    assert "amounts" not in Path("configs/t.yaml").read_text()


@pytest.mark.parametrize(("rows", "held_out"), [(29, 0), (30, 0.2)])
def test_of_few_rows_none_are_held_out(
    rows: int, held_out: float, empty: Path, nnscratch: Command
) -> None:
    settings = chosen(nnscratch, table("x,y", lambda i: f"{i * i},{'uv'[i % 2]}", rows))
    assert settings["test"] == held_out


@pytest.mark.parametrize(
    ("rows", "batch_size"), [(12, "full"), (40, 16), (380, 32), (900, 128), (5001, 128)]
)
def test_few_rows_are_trained_on_as_long_in_smaller_batches(
    rows: int, batch_size: int | str, empty: Path, nnscratch: Command
) -> None:
    Path("t.csv").write_text(table("x,y", lambda i: f"{i * i % 97},{i % 2}", rows))

    assert nnscratch("init", "csv", "t.csv").code == 0

    config = load("configs/t.yaml")
    assert (config.epochs, config.batch_size) == (60, batch_size)
    assert config.preset is not None
    assert config.preset.name == "tabular"
    assert config.schedule.name == "cosine"


def test_of_very_many_numbers_none_are_embedded(empty: Path, nnscratch: Command) -> None:
    names = ",".join(f"x{i}" for i in range(201))
    row = ",".join
    text = table(f"{names},y", lambda i: f"{row(str(i * k % 31) for k in range(2, 203))},{i % 2}")
    Path("t.csv").write_text(text)

    assert nnscratch("init", "csv", "t.csv").code == 0

    config = load("configs/t.yaml")
    assert config.preset is not None
    assert config.preset.name == "tabular-fast"
    assert config.numeric_embedding is False


def test_digits_that_are_codes_are_categories(empty: Path, nnscratch: Command) -> None:
    text = table("zip,month,x,y", lambda i: f"0{1000 + i % 5},{i % 12 + 1},{i * i},{i % 2}")

    settings = chosen(nnscratch, text)

    assert settings["categorical"] == ["zip", "month"]
    assert settings["features"] == ["zip", "month", "x"]


def test_codes_are_listed_as_numbers_are(empty: Path, nnscratch: Command) -> None:
    chosen(nnscratch, table("x,mnth,y", lambda i: f"{i * i},{i % 12 + 1},{i % 2}"))
    assert "# 12 codes: 1, 2, 3, 4, 5 and 7 more" in Path("configs/t.yaml").read_text()


@pytest.mark.parametrize("letters", [3, 10, 17])
def test_lines_are_narrow_whatever_the_categories_are(
    letters: int, empty: Path, nnscratch: Command
) -> None:
    words = [f"{digit}{'w' * letters}" for digit in "abcdefg"]
    chosen(nnscratch, table("x,a_kind,y", lambda i: f"{i},{words[i % 7]},{words[i % 5]}"))
    written = Path("configs/t.yaml").read_text().splitlines()
    assert any("# 7 categories: aw" in line for line in written)
    assert any("# 5 classes: aw" in line for line in written)
    assert max(map(len, written)) <= 100


def test_a_class_that_is_called_none_is_no_missing_value(empty: Path, nnscratch: Command) -> None:
    text = table("x,y", lambda i: f"{i * i},{['None', 'Mild', 'Severe'][i % 3]}")

    settings = chosen(nnscratch, text)

    assert "None" not in settings["missing_values"]
    assert "3 classes: Mild, None, Severe" in Path("configs/t.yaml").read_text()


def test_rows_without_a_target_are_left_out(empty: Path, nnscratch: Command) -> None:
    text = table("x,y", lambda i: f"{i * i},{['u', 'v', ''][i % 3]}")

    assert chosen(nnscratch, text)["missing_target"] == "drop"


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y", "%H:%M"])
def test_dates_and_times_are_trained_on(form: str, empty: Path, nnscratch: Command) -> None:
    start = datetime.datetime(2024, 1, 31, tzinfo=datetime.UTC)
    days = [start + datetime.timedelta(days=i, minutes=37 * i) for i in range(ROWS)]
    text = table("when;y", lambda i: f"{days[i].strftime(form)};{'uv'[i % 2]}")

    assert chosen(nnscratch, text)["features"] == ["when"]


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("a,y\n", ["no rows"]),
        ("a,y\n1,2\n", ["row"]),
        ("a,y\n1,u\n", ["one class"]),
        ("a,y\n1,u\n2,v\n", ["row"]),
        ("a,y\n1,u\n2,v\n3,u\n", []),
        (table("a,y", lambda i: f"{i * i},same"), ["one class", "same"]),
        (table("a,y", lambda i: f"{i * i},5"), ["one class", "5"]),
        (table("a,y", lambda i: f"{i * i},{'u' if i % 3 else ''}"), ["one class"]),
        (table("x,day", lambda i: f"{i * i},2024-01-{i % 28 + 1:02}"), ["day", "date"]),
        (table("who,y", lambda i: f"Person {i},{i % 2}"), ["who", "like names"]),
        (
            table("x,y", lambda i: f'{i}.5,"1.{i:03},50 EUR"'),
            ["y, the target", "numbers such as 1.000,50 EUR", "decimals of all columns"],
        ),
        (table("a" * 2000 + ",y", lambda i: f"{i * i},{i % 2}"), ["1,000 characters"]),
    ],
    ids=["no rows", "one row", "one class of one", "two rows", "three rows", "one category",
         "one number", "one class and gaps", "dates to predict", "names only",
         "points and commas", "a long name"],
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
