"""Problems as text on stderr: a line each, and the line of the file that a problem is about."""

import ast
import io
import json
import sys
from collections.abc import Callable
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

import nnscratch.cli
from nnscratch.cli.output import (
    ask,
    can_ask,
    print_document,
    print_heading,
    print_message,
    print_problems,
    print_text,
    write_data,
)
from nnscratch.errors import Place, Problem

TEXTS = {"c.yaml": "dataset: xor\nepochs: 0\n"}


def test_a_problem_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem("must be above 0", "epochs", place=Place("c.yaml", 2, 1))])
    assert capsys.readouterr() == ("", "error: c.yaml:2:1: `epochs` must be above 0\n")


def test_its_line_is_shown_where_the_text_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems(
        [Problem("is large", "epochs", place=Place("c.yaml", 2, 9))], level="warning", texts=TEXTS
    )
    assert capsys.readouterr().err == (
        "warning: c.yaml:2:9: `epochs` is large\n      2 | epochs: 0\n        |         ^\n"
    )


@pytest.mark.parametrize(
    "place", [None, Place("c.yaml"), Place("other.yaml", 1, 1), Place("c.yaml", 7, 1)]
)
def test_no_line_is_shown_where_none_is_known(
    place: Place | None, capsys: pytest.CaptureFixture[str]
) -> None:
    print_problems([Problem("is wrong", place=place)], texts=TEXTS)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_many_problems_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(f"wrong {i}") for i in range(53)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 51
    assert lines[-1] == "error: and 3 more mistakes"


def test_a_message_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("done")
    assert capsys.readouterr() == ("", "done\n")


@pytest.mark.parametrize("print_it", [print_message, print_text, print_heading])
def test_what_a_terminal_would_obey_is_escaped(
    print_it: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    print_it("\x1b]0;title\x07 caf\u00e9 \x9b\r\t\u202e\udc80")
    out, err = capsys.readouterr()
    assert out + err == "\\x1b]0;title\\x07 caf\u00e9 \\x9b\\r\\t\\u202e\\udc80\n"


def test_lines_stay_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("a\nb")
    print_text("c\nd", end="")
    assert capsys.readouterr() == ("c\nd", "a\nb\n")


@pytest.mark.parametrize(("terminal", "expected"), [(False, "\x1b,\t\n"), (True, "\\x1b,\t\n")])
def test_data_are_exact_except_on_a_terminal(
    terminal: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    write_data(["\x1b,", "\t\n"])
    assert stream.getvalue() == expected


def test_a_document_is_one_of_strict_json(capsys: pytest.CaptureFixture[str]) -> None:
    third = 1 / 3
    values = {"a": third, "b": [nan, (inf, -inf)], "c": np.float32(0.5), "d": np.arange(2)}
    print_document({**values, "e": np.array([nan, 1.0]), "f": "\x9b\u202e", "g": None, "h": {}})
    out, err = capsys.readouterr()
    assert err == ""
    assert out.isascii()  # so nothing in it commands a terminal
    assert json.loads(out, parse_constant=pytest.fail) == {
        "a": third,
        "b": [None, [None, None]],
        "c": 0.5,
        "d": [0, 1],
        "e": [None, 1.0],
        "f": "\x9b\u202e",
        "g": None,
        "h": {},
    }


@pytest.mark.parametrize("answer", ["y", " YES "])
def test_only_yes_is_yes(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, expected in ((answer, True), ("no", False), ("", False), ("yesterday", False)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{text}\n"))
        assert ask("remove it?") is expected
    assert not can_ask()


def test_nothing_is_printed_past_it() -> None:
    around = {"print", "typer.secho", "sys.stdout.write", "sys.stdout.writelines"}
    for path in Path(nnscratch.cli.__file__).parent.rglob("*.py"):
        if path.name != "output.py":
            calls = (
                n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)
            )
            assert not around & {ast.unparse(call.func) for call in calls}, path
