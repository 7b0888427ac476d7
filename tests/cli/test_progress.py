"""What is said while something takes long: on a terminal, in a pipe, and when quiet."""

import io
import re
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from nnscratch.cli.progress import Spinner
from tests.conftest import Command
from tests.data.openml_cache import Table, write_cache

ESCAPE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
BRACKETS = ["[/tmp/q]", "[red]x", "[[1, 2], [3]]", ":smile: [bold]", "\\[x]", "[/]", "[link=a]b"]


class Terminal(io.StringIO):
    """A stderr that says it is a terminal, and knows what stands on its screen."""

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        """Returns the lines that are left, once all is written."""
        lines, row, column = [""], 0, 0
        text = self.getvalue()
        while text:
            escape = ESCAPE.match(text)
            char, text = text[0], text[escape.end() if escape else 1 :]
            if escape and escape[2] == "A":
                row = max(0, row - int(escape[1] or 1))
            elif escape and escape[2] == "K":
                lines[row] = "" if escape[1] == "2" else lines[row][:column]
            elif escape:
                pass  # colours, and hiding the cursor
            elif char == "\r":
                column = 0
            elif char == "\n":
                row, column = row + 1, 0
                lines += [""] * (row + 1 - len(lines))
            else:
                lines[row] = lines[row][:column].ljust(column) + char + lines[row][column + 1 :]
                column += 1
        return [line.rstrip() for line in lines if line.strip()]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


@pytest.mark.parametrize("text", BRACKETS)
def test_brackets_are_shown_as_they_are_and_cleared_away(text: str, terminal: Terminal) -> None:
    with redirect_stderr(terminal), Spinner() as spinner:
        spinner.say("fetching the data")
        spinner.say(text)
        spinner.say(f"the cache {text} cannot be used")
    shown = ESCAPE.sub("", terminal.getvalue())
    assert f"the cache {text} cannot be used" in shown
    assert terminal.screen() == []


@pytest.mark.parametrize("text", BRACKETS)
def test_a_warning_stays_on_the_screen_and_the_spinner_goes_on(
    text: str, terminal: Terminal
) -> None:
    with redirect_stderr(terminal), Spinner() as spinner:
        spinner.say("fetching the data")
        spinner.say(f"warning: {text} is full")
        spinner.say("fetching the rest")
        spinner.say("warning: the second")
    assert "fetching the rest" in ESCAPE.sub("", terminal.getvalue())
    assert terminal.screen() == [f"warning: {text} is full", "warning: the second"]


def test_nothing_is_shown_as_long_as_nothing_is_said(terminal: Terminal) -> None:
    with redirect_stderr(terminal), Spinner():
        pass
    assert terminal.getvalue() == ""


def test_steps_are_shown_on_a_terminal_only(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    with redirect_stderr(terminal), Spinner() as spinner:
        spinner.show("drawing frame 2 of 5")
    assert "drawing frame 2 of 5" in ESCAPE.sub("", terminal.getvalue())
    with Spinner() as spinner:
        spinner.show("drawing frame 3 of 5")
    assert capsys.readouterr().err == ""


def test_quiet_hides_all_but_warnings(terminal: Terminal) -> None:
    with redirect_stderr(terminal), Spinner(quiet=True) as spinner:
        spinner.say("fetching the data")
        spinner.say("warning: [/tmp/q] is full")
    assert terminal.getvalue() == "warning: [/tmp/q] is full\n"


@pytest.mark.parametrize("quiet", [False, True])
def test_a_pipe_gets_plain_lines(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with Spinner(quiet=quiet) as spinner:
        spinner.say("reading [/tmp/q]")
        spinner.say("warning: [/tmp/q] is full")
    expected = ["reading [/tmp/q]", "warning: [/tmp/q] is full"]
    assert capsys.readouterr().err.splitlines() == expected[1 if quiet else 0 :]


GRADES = Table(
    "grades", 13, {"hours": "numeric", "grade": ["low", "high"]},
    [f"{i},{'low' if i < 20 else 'high'}" for i in range(40)], target=("grade",),
)  # fmt: skip


@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_a_cache_that_is_made_again_is_reported(
    command: str, workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = workplace / "home"
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(home))
    write_cache(home, GRADES)
    Path("mine.yaml").write_text("dataset: {name: openml, data_name: grades}\nepochs: 2\n")
    run = nnscratch("train", "mine.yaml", "--quiet", "--no-plots").out.strip()
    expected = nnscratch(command, run)
    assert (expected.code, expected.err) == (0, "")
    (cache,) = (home / "nnscratch").iterdir()
    cache.write_bytes(b"damaged")
    again = nnscratch(command, run)
    assert again.code == 0
    assert again.out == expected.out
    assert f"the cache cannot be used and is rebuilt: {cache}" in again.err
