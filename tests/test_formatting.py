"""Figures in words, at the edges where they change their form."""

import shlex

import pytest

from nnscratch.formatting import (
    abridge,
    cell,
    escape,
    label_text,
    number,
    plural,
    size_text,
    some,
    typed,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.5, "0.5000"),
        (0.001, "0.0010"),
        (0.0009999, "0.001"),
        (1.5e-7, "1.5e-07"),
        (-2.0, "-2.0000"),
        (99_999.5, "99999.5000"),
        (123456.7, "123,457"),
        (-400_912.25, "-400,912"),
        (999_999_999.4, "999,999,999"),
        (1234567890.0, "1.23457e+09"),
        (5e300, "5e+300"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_keep_the_digits_that_matter(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1234567, "1,234,567"),
        (0.00001, "0.0000"),
        (-0.00001, "0.0000"),
        (400912.3, "400,912"),
        (1234567.0, "1,234,567"),
        (-2.5e12, "-2.5e+12"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ("xor", "xor"),
    ],
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text


def test_one_is_singular() -> None:
    assert (plural(1, "row"), plural(0, "row"), plural(2000, "row")) == (
        "1 row",
        "0 rows",
        "2,000 rows",
    )


@pytest.mark.parametrize(
    ("room", "text"),
    [
        (None, "ab, cd, ef and 1 more"),
        (21, "ab, cd, ef and 1 more"),
        (20, "ab, cd and 2 more"),
        (16, "ab and 3 more"),
        (1, "ab and 3 more"),
    ],
)
def test_as_many_are_shown_as_there_is_room_for(room: int | None, text: str) -> None:
    assert some(["ab", "cd", "ef", "gh"], 3, room) == text


def test_one_or_none_of_few_is_shown_as_it_is() -> None:
    assert some(["a long one"], room=3) == "a long one"
    assert some([], room=3) == ""


def test_labels_are_written_as_in_a_config_and_cannot_move_the_cursor() -> None:
    assert [label_text(label) for label in (False, 2024, 0.5, "é", "a\x1b[2Jb", "a\nb")] == [
        "false",
        "2024",
        "0.5",
        "é",
        "a\\x1b[2Jb",
        "a\\nb",
    ]


def test_what_is_invisible_is_escaped_once_and_lines_only_unless_kept() -> None:
    text = "caf\u00e9\x1b[2J\n\\x1b \u202e\udcff"
    assert escape(text) == r"caf\u00e9\x1b[2J\n\x1b \u202e\udcff".replace(r"\u00e9", "\u00e9")
    assert escape(escape(text)) == escape(text)
    assert escape("a\nb\t", keep="\n") == "a\nb\\t"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("runs/xor-20260101-000000", "runs/xor-20260101-000000"),
        ("C:/runs/xor", "C:/runs/xor"),
        ("my runs/xor", '"my runs/xor"'),
        ("dataset.ignore=[id,name]", '"dataset.ignore=[id,name]"'),
        ("Ann's runs", '"Ann\'s runs"'),
        # Between double quotes a shell would replace these.
        ("$HOME", "'$HOME'"),
        ("wow!", "'wow!'"),
        ('say "a"', "'say \"a\"'"),
        ("a\\b", "'a\\b'"),
        ("", '""'),
    ],
)
def test_an_argument_is_quoted_as_shells_want_it(path: str, text: str) -> None:
    assert typed(path) == text
    assert shlex.split(typed(path)) == [path]


def test_backslashes_of_windows_need_no_quotes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.name", "nt")
    assert typed("runs\\xor-1") == "runs\\xor-1"
    assert typed("my runs\\xor-1") == '"my runs\\xor-1"'


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_234_567, "1.23 MB"),
        (8_300_000_000, "8.3 GB"),
    ],
)
def test_sizes_have_three_digits(count: int, text: str) -> None:
    assert size_text(count) == text


@pytest.mark.parametrize("text", ["", "short", "exactly ten"[:10]])
def test_a_text_that_fits_is_left_as_it_is(text: str) -> None:
    assert abridge(text, 10) == text


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert abridge("abcdefghijkl", 10) == "abcde…ijkl"
    assert len(abridge("x" * 99, 10)) == 10
