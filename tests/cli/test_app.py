"""The app: every file in commands is a command, and --help lists them in a sensible order."""

import re
from pathlib import Path

import pytest

import nnscratch as package
from nnscratch.cli.app import command_names
from tests.conftest import ROOT, Command
from tests.package_copy import run_with_file

GREET = '''"""`nnscratch greet`: a greeting."""

POSITION_IN_HELP = 15


def greet(name: str) -> None:
    """Greet somebody.

    Example: nnscratch greet Ada
    """
    print(f"hello, {name}")
'''


def test_every_file_is_a_command_and_help_lists_them_from_the_first_step_to_the_last(
    nnscratch: Command,
) -> None:
    files = {path.stem for path in (ROOT / "nnscratch" / "cli" / "commands").glob("[!_]*.py")}
    assert files == {*command_names()}
    listed = re.findall(r"^  (\w+)  ", nnscratch("--help").out.partition("Commands:")[2], re.M)
    assert {*listed} == files
    assert listed[:4] == ["init", "train", "search", "resume"]
    assert listed[-1] == "doctor"


def test_what_each_command_does_is_not_cut_off_at_80_columns(
    nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = nnscratch("--help").out.partition("Commands:")[2].strip().splitlines()
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.mark.parametrize("name", command_names())
def test_the_help_of_each_command_has_an_example_of_it(name: str, nnscratch: Command) -> None:
    result = nnscratch(name, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"Example: nnscratch {name}" in result.out


def test_the_version_is_that_of_the_package(nnscratch: Command) -> None:
    assert nnscratch("--version").out == f"nnscratch {package.__version__}\n"


@pytest.mark.parametrize("name", command_names())
def test_short_forms_are_there_wherever_the_long_ones_are(name: str, nnscratch: Command) -> None:
    assert nnscratch(name, "-h").out == nnscratch(name, "--help").out
    declared = re.findall(r"^  (-.+?)(?:  |$)", nnscratch(name, "-h").out, re.M)
    names = [re.findall(r"--?[\w-]+", text) for text in declared]
    for short, long in (("-h", "--help"), ("-q", "--quiet"), ("-o", "--output"), ("-y", "--yes")):
        assert all(short in each for each in names if long in each)
        assert all(long in each for each in names if short in each)


def test_the_program_has_short_forms_too(nnscratch: Command) -> None:
    assert nnscratch("-h").out == nnscratch("--help").out
    assert nnscratch("-V").out == nnscratch("--version").out


def test_an_unknown_command_is_a_usage_error(nnscratch: Command) -> None:
    result = nnscratch("trian")
    assert result.code == 2
    assert "trian" in result.err


def test_adding_a_command_is_one_new_file(tmp_path: Path) -> None:
    file = ("cli/commands/greet.py", GREET)
    assert run_with_file(tmp_path, *file, "greet", "Ada") == "hello, Ada\n"
    listed = run_with_file(tmp_path, *file, "--help").partition("Commands:")[2]
    assert re.findall(r"^  (\w+)  ", listed, re.M)[:3] == ["init", "greet", "train"]
