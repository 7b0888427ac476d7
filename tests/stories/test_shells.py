"""Every command of README, of docs/ and of --help is the same in bash, zsh, PowerShell and cmd."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnscratch.cli.app import command_names
from tests.conftest import ROOT, Command
from tests.shells import complaints

PAGES = {
    path.name: path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
}
# Those who extend nnscratch write its generated files anew, with a redirection.
PAGES.pop("extending.md")
# The two commands that set up everything have a form for Unix and one for Windows.
UNIX = "python3 -m venv "


def block_lines(language: str, text: str) -> list[str]:
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def inline_commands(text: str) -> list[str]:
    """The commands in running text; one that goes on behind the end of its line is whole."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    programs = "|".join(["nnscratch", "pip", "python", *command_names()])
    found = re.findall(rf"`((?:{programs}) [^`]+)`", prose)
    return [" ".join(command.split()) for command in found]


@pytest.mark.parametrize("page", PAGES)
def test_each_command_of_a_page_suits_all_shells(page: str) -> None:
    lines = [line for line in block_lines("sh", PAGES[page]) if not line.startswith(UNIX)]
    # Of inline ones, those that are no whole command have an ellipsis or stand for two.
    lines += [c for c in inline_commands(PAGES[page]) if not re.search("…| / | < ", c)]
    wrong = {line: complaints(line) for line in lines if complaints(line)}
    assert not wrong


def test_what_sets_up_everything_has_a_form_for_windows() -> None:
    unix = [line for line in block_lines("sh", PAGES["README.md"]) if line.startswith(UNIX)]
    windows = block_lines("bat", PAGES["README.md"])
    assert len(unix) == 2
    for line in unix:  # for bash and zsh: one command, without patterns, comments and apostrophes
        assert not set(re.sub(r'"[^"]*"', "", line)) & set("'[]#*?(){}$`\\")
    steps = [step for line in unix for step in line.split(" && ")]
    assert [
        s.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\") for s in steps
    ] == [*windows]
    for line in windows:
        assert not complaints(line.replace("\\", "/"))


@pytest.mark.parametrize("name", command_names())
def test_each_example_of_help_suits_all_shells(name: str, nnscratch: Command) -> None:
    text = nnscratch(name, "--help").out
    examples = re.findall(r"^ *Example: (.+?)\n *\n", text, re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        assert not complaints(" ".join(example.split())), example


@pytest.mark.parametrize(
    "line",
    [
        "nnscratch train architecture=[4,4]",
        "nnscratch train architecture=4,4",
        "nnscratch train 'architecture=[4,4]'",
        "nnscratch train x # the run's result",
        "a && b",
        "a; b",
        "nnscratch schema > schema.json",
        "nnscratch train \\",
        'nnscratch runs --where accuracy>"0.98"',
        'nnscratch note x "it\'s $5"',
        'nnscratch note x "wow!"',
        'nnscratch note x "not closed',
        "nnscratch runs --name x*",
    ],
)
def test_the_rules_find_what_a_shell_would_change(line: str) -> None:
    assert complaints(line)


@pytest.mark.parametrize(
    "line",
    [
        "nnscratch train configs/xor.yaml epochs=5 architecture=4x4",
        'nnscratch runs --where "accuracy>0.98" --where "status!=failed" --sort -loss',
        'nnscratch predict x --input "0,1"',
    ],
)
def test_the_rules_let_through_what_all_take(line: str) -> None:
    assert not complaints(line)
    expected = shlex.split(line)[1:]
    for shell in ("bash", "zsh"):
        if shutil.which(shell):
            assert arguments_in(shell, line) == expected


def arguments_in(shell: str, line: str) -> list[str]:
    """The arguments that an interactive shell passes, where it has nnscratch print them."""
    script = 'nnscratch() { printf "<%s>\\n" "$@"; }\n' + line + "\n"
    return re.findall(r"^<(.*)>$", in_shell(shell, script, Path.cwd()).stdout, re.MULTILINE)


def in_shell(shell: str, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Types lines into an interactive shell without anybody's settings."""
    options = ["--norc", "--noprofile", "-i"] if shell == "bash" else ["-f", "-i"]
    environment = {**os.environ, "PS1": "", "PS2": "", "HISTFILE": "", "TERM": "dumb"}
    return subprocess.run(
        [str(shutil.which(shell)), *options],
        input=script,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.slow  # trains a dozen networks in processes of their own
@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("page", ["README.md", "commands.md", "runs.md", "export.md", "many.md"])
def test_the_commands_of_a_page_run_when_they_are_pasted(
    page: str, shell: str, workplace: Path
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"needs {shell}")
    lines = block_lines("sh", PAGES[page])
    lines = [line for line in lines if not line.startswith(UNIX) and "mnist" not in line]
    typed = [f'{line}\nprintf "code %s\\n" "$?"' for line in lines]
    program = f'nnscratch() {{ "{sys.executable}" -m nnscratch "$@"; }}'
    done = in_shell(shell, "\n".join([program, *typed, ""]), workplace)
    codes = re.findall(r"^code (\d+)$", done.stdout, re.MULTILINE)
    assert codes == ["0"] * len(lines), done
