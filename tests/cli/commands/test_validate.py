"""`nnscratch validate`: where a mistake is, the line itself with a mark below the place.

In the texts here a § marks the place that has to be named; it is not in the file.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from nnscratch.config import load
from tests.conftest import Command

MINE = Path("mine.yaml")


class Message(NamedTuple):
    """A message of stderr, and the two lines that show the place, if they are there."""

    message: str
    line: str
    mark: str


def parse(err: str) -> list[Message]:
    """Parts stderr, which holds nothing but errors, warnings and what they show."""
    result: list[Message] = []
    for line in err.split("\n")[:-1]:
        if line.startswith(("error: ", "warning: ")):
            result.append(Message(line, "", ""))
        elif not result[-1].line:
            assert re.match(r" +\d+ \| ", line), err
            result[-1] = result[-1]._replace(line=line)
        else:
            assert re.fullmatch(r" +\| \s*\^", line), err
            assert not result[-1].mark, err
            result[-1] = result[-1]._replace(mark=line)
    return result


def marked(text: str) -> tuple[str, int, int, str]:
    """Returns a text without its §, the line and column of it, and that line."""
    before, _, after = text.partition("§")
    line = before.count("\n") + 1
    column = len(before.rpartition("\n")[2]) + 1
    return before + after, line, column, (before + after).split("\n")[line - 1]


@pytest.fixture(autouse=True)
def home(workplace: Path) -> Path:
    return workplace


PLACES = [
    # keys in block style
    "dataset: xor\n§epochs: 0\n",
    "# a comment\n\ndataset: xor\n\n# another\n§epochs: many # or few\nseed: 1\n",
    "§dataset: xro",
    "dataset: xor\n§lr: 0\n",
    "dataset: xor\n§zzz: 0\n",
    'dataset: xor\n§"epochs": 0\n',
    "dataset: xor\n? §epochs\n: 0\n",
    "dataset: xor\nepochs: 1\nseed: 2\n§epochs: 3\n",
    "dataset: xor\nepochs: §010\n",
    "dataset: xor\n§activation:\n",
    # nested
    "dataset:\n  name: xor\n  §inputs: 1\n",
    "dataset:\n        name: xor\n        §inpts: 2\n",
    "dataset: xor\noptimizer:\n  name: sgd\n  momentum: 0.5\n  §momentum: 0.6\n",
    # in flow style
    "dataset: {name: xor, §inputs: 1}\n",
    "dataset: {name: xor, §'inputs': 1}\n",
    "dataset: xor\noptimizer: {name: sgd,\n            §momentum: 2}\n",
    "{dataset: xor, §epochs: 0}\n",
    "dataset: xor\noptimizer: {name: sgd, momentum: 0, §momentum: 0}\n",
    # items of lists
    "dataset: xor\narchitecture: [4, §0, 3]\n",
    "dataset: xor\narchitecture: [4,\n  §-3]\n",
    "dataset: xor\narchitecture:\n- 4\n- §0\n",
    "dataset: xor\narchitecture:\n  -   §0\n",
    "dataset: xor\narchitecture:\n  -§\n  - 4\n",
    "dataset: xor\narchitecture:\n  - units: 4\n    §activation: tnh\n",
    "dataset: xor\narchitecture: [{units: 4, activation: {name: elu, §alpha: -1}}]\n",
    "dataset:\n  name: inline\n  inputs: [[0, 1], [2, §x]]\n  targets: [a, b]\n",
    "dataset:\n  name: inline\n  inputs:\n  - - 1\n    - §x\n  - [1, 2]\n  targets: [a, b]\n",
    # what does not fit together
    "dataset: xor\nepochs: 3\n§output_activation: tanh\n",
    "dataset: xor\noptimizer: {name: sgd, §nesterov: true}\n",
    # no YAML, or not allowed
    "dataset: xor\narchitecture: §[4\n",
    "dataset: xor\narchitecture: §[4,\n",
    "dataset: §{name: xor,\n\n",
    'dataset: xor\nname: §"abc\nepochs: 5\n',
    "dataset: xor\n§epochs:5\nseed: 1\n",
    "dataset: xor\nseed: 1\n§epochs:5\n",
    "dataset: xor§: and\n",
    "dataset: xor\n§---\nepochs: 2\n",
    "dataset: xor\nepochs: §&x 2\n",
    "dataset: xor\nname: §!!str 2\n",
    "dataset: xor\n§<<: {epochs: 2}\n",
    # letters of other languages before it
    "dataset: xor\nclass_weight: {é: 1, ß: 2, §b: -1}\n",
    "dataset: xor\nclass_weight:\n  Ж: 1\n  §й: -1\n",
]


@pytest.mark.parametrize("text", PLACES, ids=[" ".join(text.split())[:60] for text in PLACES])
def test_the_place_is_named_and_shown(text: str, nnscratch: Command) -> None:
    content, line, column, whole = marked(text)
    MINE.write_bytes(content.encode())
    result = nnscratch("validate", MINE)
    assert (result.code, result.out) == (2, "")
    (one,) = parse(result.err)
    assert one.message.startswith(f"error: mine.yaml:{line}:{column}: ")
    before, _, shown = one.line.partition(" | ")
    assert (before.strip(), shown) == (str(line), whole)
    assert one.mark == f"{' ' * len(before)} | {' ' * (column - 1)}^"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_line_ends_and_byte_order_marks_move_nothing(
    end: str, mark: bytes, nnscratch: Command
) -> None:
    text = "epochs: 0\n# c\n\ndataset: {name: xor,\n  inputs: 1}\n"
    MINE.write_bytes(mark + text.replace("\n", end).encode())
    result = nnscratch("validate", MINE)
    first, second = sorted(parse(result.err))
    assert first.message.startswith("error: mine.yaml:1:1: ")
    assert second.message.startswith("error: mine.yaml:5:3: ")
    assert first[1:] == ("      1 | epochs: 0", "        | ^")
    assert second[1:] == ("      5 |   inputs: 1}", "        |   ^")


@pytest.mark.parametrize(
    "text",
    [
        "dataset: xor\n§\tepochs: 0\n",
        "dataset: xor\noptimizer:\n§\tname: sgd\n",
        "dataset: xor\noptimizer:\n  §\tname: sgd\n",
        "dataset: xor\nepochs: 5§\t# few\n",
        'dataset: xor\nclass_weight: {"u\tv": 1, §b: -1}\n',
    ],
)
def test_a_line_with_a_tab_is_shown_and_the_mark_is_below_the_place(
    text: str, nnscratch: Command
) -> None:
    content, line, column, whole = marked(text)
    MINE.write_text(content)
    (one,) = parse(nnscratch("validate", MINE).err)
    assert one.message.startswith(f"error: mine.yaml:{line}:{column}: ")
    # As a terminal shows it, whether the tab is still one or has become blanks.
    assert one.line.partition(" | ")[2].split() == whole.split()
    at = one.mark.expandtabs().index("^")
    assert one.line.expandtabs()[at] == whole[column - 1].replace("\t", " ")


@pytest.mark.parametrize("label", ["日本", "한국", "😀", "e\u0301", "ａ"], ids=ascii)
def test_the_mark_is_below_the_place_behind_wide_characters(label: str, nnscratch: Command) -> None:
    content, line, column, whole = marked(f"dataset: xor\nclass_weight: {{{label}: 1, §b: -1}}\n")
    MINE.write_bytes(content.encode())
    (one,) = parse(nnscratch("validate", MINE).err)
    assert one.message.startswith(f"error: mine.yaml:{line}:{column}: ")
    prefix, _, shown = one.line.partition(" | ")
    assert shown == whole
    assert one.mark.index("^") == cell_len(f"{prefix} | {whole[: column - 1]}")


def test_a_line_that_is_an_inline_table_is_not_shown(nnscratch: Command) -> None:
    rows = ", ".join(["[1, 2]"] * 10_000)
    content, line, column, _ = marked(
        f"dataset:\n  name: inline\n  inputs: [{rows}, [1, §x]]\n  targets: [a]\nepochs: 0\n"
    )
    MINE.write_text(content)
    err = nnscratch("validate", MINE).err
    starts = {one.message.split()[1] for one in parse(err)}
    assert {f"mine.yaml:{line}:{column}:", "mine.yaml:5:1:"} <= starts
    assert all(len(line) < 500 for line in err.splitlines())
    assert "\n      5 | epochs: 0\n        | ^\n" in err


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\ufeff", "\ue000"], ids=ascii)
def test_invisible_characters_are_not_shown(character: str, nnscratch: Command) -> None:
    MINE.write_bytes(f"dataset: xor\nepochs: 0 # {character}x\n".encode())
    err = nnscratch("validate", MINE).err
    assert err.startswith("error: mine.yaml:2:1: `epochs`")
    assert character not in err


def shorten(path: Path) -> None:
    path.write_text("dataset: xor\n")


def scramble(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x1b[31m\n" * 5)


def colour(path: Path) -> None:
    path.write_bytes(b"\x1b[31mred\n" * 5)


def replace(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [shorten, scramble, colour, replace, Path.unlink])
@pytest.mark.parametrize(("text", "code"), [("epochs: 0", 2), ("epochs: 1", 0)])
def test_a_file_that_changes_in_the_meantime_is_not_a_failure(
    text: str,
    code: int,
    change: Callable[[Path], None],
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def and_change(path: Path, changes: Sequence[str]) -> object:
        try:
            return load(path, changes)
        finally:
            change(path)

    MINE.write_text(f"dataset: xor\n\n{text}\n")
    monkeypatch.setattr("nnscratch.config.reading.load", and_change)
    result = nnscratch("validate", MINE)
    assert result.code == code, result.err
    (one,) = parse(result.err)
    assert re.match(r"(error|warning): mine\.yaml:3:1: `epochs`", one.message)
    assert "\x1b" not in result.err


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="needs /dev/stdin")
@pytest.mark.parametrize("pipe", ["/dev/stdin", "/dev/fd/0"])
def test_a_config_out_of_a_pipe_is_read_once(home: Path, pipe: str) -> None:
    command = f"cat mine.yaml | exec {sys.executable} -m nnscratch"
    MINE.write_text("dataset: xor\nepochs: 0\n")
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} validate {pipe}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=15,  # who opens the pipe again waits for ever
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {pipe}:2:1: `epochs`")
    assert "2 | epochs: 0" in done.stderr


def test_every_file_is_checked_and_reported_in_turn(nnscratch: Command) -> None:
    Path("a.yaml").write_text("dataset: xro\nepochs: 0\n")
    Path("b.yaml").write_text("dataset: xor\nepochs: 1\n")
    Path("c.yaml").write_text("dataset: xor\nseed: 1\nlr: -1\n")
    result = nnscratch("validate", "a.yaml", "none.yaml", "b.yaml", "c.yaml", "a.yaml")
    assert (result.code, result.out) == (2, "b.yaml: fine\n")
    parts = parse(result.err)
    errors = [one for one in parts if one.message.startswith("error: ")]
    assert [one.message.split()[1] for one in errors] == [
        *["a.yaml:1:1:", "a.yaml:2:1:", "none.yaml:", "c.yaml:3:1:", "a.yaml:1:1:", "a.yaml:2:1:"]
    ]
    assert [one.line.partition(" | ")[2] for one in errors] == [
        *["dataset: xro", "epochs: 0", "", "lr: -1", "dataset: xro", "epochs: 0"]
    ]
    (warning,) = set(parts) - set(errors)
    assert warning.message.startswith("warning: b.yaml:2:1: `epochs` ")


def test_settings_are_checked_in_each_config_as_train_takes_them(nnscratch: Command) -> None:
    MINE.write_text("dataset: xor\nepochs: 0\n")
    Path("other.yaml").write_text("dataset: and\n")
    assert nnscratch("validate", MINE, "other.yaml", "epochs=3", "lr=0.1").code == 0
    result = nnscratch("validate", MINE, "other.yaml", "epochs=3", "optimizer.beta_9=1")
    assert (result.code, result.out) == (2, "")
    # Said once, although it is wrong in both.
    (one,) = parse(result.err)
    assert one.message.startswith("error: command line, optimizer.beta_9=1: `optimizer.beta_9` ")


def test_what_does_not_fit_together_with_a_setting_is_found(nnscratch: Command) -> None:
    MINE.write_text("dataset: xor\n")
    (one,) = parse(nnscratch("validate", MINE, "dataset.gate=and", "epochs=2", "log_test=true").err)
    assert one.message.startswith("error: command line, dataset.gate=and: ")
    (one,) = parse(nnscratch("validate", MINE, "log_test=true").err)
    assert one.message.startswith("error: command line, log_test=true: `log_test` needs a test")


def test_settings_without_a_config_are_refused(nnscratch: Command) -> None:
    result = nnscratch("validate", "epochs=3", "seed=1")
    assert (result.code, result.out) == (2, "")
    assert result.err == "error: name a config to check with epochs=3 seed=1\n"


def test_a_config_may_have_an_equals_sign_in_its_name(nnscratch: Command) -> None:
    Path("lr=1.yaml").write_text("dataset: xor\n")
    assert nnscratch("validate", "lr=1.yaml", "epochs=9").out == "lr=1.yaml: fine\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mistakes_stand_in_the_order_of_their_lines(end: str, nnscratch: Command) -> None:
    lines = ["zzz: 1", "dataset: {name: xor, inputs: 1}", "  ", "epochs: 0", "seed: 010", "yyy: 2"]
    MINE.write_bytes(end.join([*lines, "architecture: [0, 4, 0]", "lr: x", ""]).encode())
    places = [one.message.split()[1] for one in parse(nnscratch("validate", MINE).err)]
    assert places == [
        f"mine.yaml:{place}:"
        for place in ("1:1", "2:22", "4:1", "5:7", "6:1", "7:16", "7:22", "8:1")
    ]


@pytest.mark.parametrize(
    ("count", "last"),
    [(49, ""), (50, ""), (51, "and 1 more mistake"), (1234, "and 1,184 more mistakes")],
)
def test_more_than_fifty_mistakes_are_counted(count: int, last: str, nnscratch: Command) -> None:
    MINE.write_text("dataset: xor\n" + "".join(f"k{i}: 1\n" for i in range(count)))
    result = nnscratch("validate", MINE)
    assert (result.code, result.out) == (2, "")
    parts = parse(result.err)
    if last:
        assert parts.pop() == (f"error: {last}", "", "")
    assert len(parts) == min(count, 50)
    for i, one in enumerate(parts):
        assert one.message.startswith(f"error: mine.yaml:{i + 2}:1: `k{i}` is an unknown key")
        assert one.line == f"{i + 2:>7} | k{i}: 1"
        assert one.mark == "        | ^"


def test_a_large_table_is_judged_by_its_first_rows(workplace: Path, nnscratch: Command) -> None:
    rows = [f"{i % 97},{'uv'[i % 2]}" for i in range(60_000)]
    Path("t.csv").write_text("\n".join(["a,y", *rows, "late,u"]))
    Path("t.yaml").write_text("dataset: {name: csv, path: t.csv, target: y}\n")
    result = nnscratch("validate", "t.yaml")
    assert (result.code, result.out) == (0, "t.yaml: fine, judged by the first 50,000 rows\n")
    # A number of rows to hold out can only be judged by all of them.
    result = nnscratch("validate", "t.yaml", "dataset.test=55000")
    assert result.code == 2
    assert "'late' is not a number (line 60002)" in result.err
