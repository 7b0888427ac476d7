"""Fixtures for all tests: the command line run in this process, and a folder to work in.

Helpers for one kind of test are in modules of their own beside this file.
"""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from nnscratch.cli.main import main

ROOT = Path(__file__).parent.parent

# What the tests start has Python as users have it: output is kept back, compiled files are kept.
for name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(name, None)

# A script that starts the tests in its background has them ignore Ctrl-C, which some of them send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Outputs for the inputs 00, 01, 10, 11.
TRUTH = {
    "and": [0, 0, 0, 1],
    "or": [0, 1, 1, 1],
    "nand": [1, 1, 1, 0],
    "nor": [1, 0, 0, 0],
    "xor": [0, 1, 1, 0],
    "xnor": [1, 0, 0, 1],
}


def without_columns(text: str) -> str:
    """Returns messages with the line of each place, but not the column."""
    return re.sub(r"(\.yaml:\d+):\d+", r"\1", text)


def messages(err: str) -> list[str]:
    """Returns the lines of stderr without the excerpts of a config below a message."""
    return [line for line in err.splitlines() if not re.match(r" +\d* *\| ", line)]


def skip_unless_a_name(name: str) -> None:
    """Skips a test of a file whose name the locale's encoding does not have."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        pytest.skip(f"no file can be called {name} in this locale")


class Result(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def written(self) -> list[Path]:
        """The files that it says it wrote."""
        lines = self.out.splitlines()
        return [Path(line.removeprefix("wrote ")) for line in lines if line.startswith("wrote ")]


Command = Callable[..., Result]


@pytest.fixture
def nnscratch(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A function that runs a command as a shell would; its arguments are converted with `str()`."""
    # With this variable, commands print tracebacks.
    monkeypatch.delenv("NNSCRATCH_DEBUG", raising=False)

    def run(*arguments: object) -> Result:
        code = main([str(argument) for argument in arguments])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the shipped configs, which is the current folder."""
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trained(workplace: Path, nnscratch: Command) -> Path:
    """The directory of a short training run on XOR, in the current folder's runs/."""
    result = nnscratch("train", "configs/xor.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return workplace / result.out.strip()
