"""Output that nobody takes: a full disk, a closed pipe; whether Python keeps it back or not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import record_of, runs_in

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full"),
]
BASH = shutil.which("bash") or ""
FULL = "error: No space left on device\n"
# Of each way in which a command prints: at once, line by line, as a table, long, before it fails.
COMMANDS = [
    "--version",
    "predict latest --input 0,1",
    "evaluate latest",
    "schema",
    "gradcheck configs/xor.yaml",
]
# A user's Python is buffered; each of the others starts a dozen processes more.
UNBUFFERED = pytest.param({"PYTHONUNBUFFERED": "1"}, marks=pytest.mark.slow)
BUFFERED = pytest.mark.parametrize("environment", [{}, UNBUFFERED], ids=str)


def run(
    command: str, redirection: str, environment: dict[str, str] | None = None
) -> tuple[int, str, str]:
    done = subprocess.run(  # noqa: S602 - the shell's redirections are the point
        f"{sys.executable} -m nnscratch {command} {redirection}",
        shell=True,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@BUFFERED
@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_that_is_lost_is_one_line_and_a_failure(
    command: str, environment: dict[str, str], trained: Path
) -> None:
    assert run(command, ">/dev/full", environment) == (1, "", FULL)


@BUFFERED
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("predict latest --input 0,1", 0),
        ("predict latest --input 0", 2),
        ("nonsense", 2),
        ("doctor configs/xor.yaml", 0),
        ("train configs/xor.yaml epochs=1", 0),
    ],
)
def test_messages_that_are_lost_change_nothing(
    command: str, code: int, environment: dict[str, str], trained: Path
) -> None:
    ended, out, _ = run(command, "2>/dev/full", environment)
    assert (ended, bool(out)) == (code, code == 0)
    # Both are lost: a failure, unless it is a wrong command, which prints no result.
    assert run(command, ">/dev/full 2>&1", environment) == (code or 1, "", "")


def test_a_config_that_is_wrong_is_told_and_so_is_the_lost_result(workplace: Path) -> None:
    code, out, err = run("validate configs/xor.yaml nowhere.yaml", ">/dev/full")
    assert (code, out) == (1, "")
    assert err.startswith("error: nowhere.yaml: ")
    assert err.endswith(FULL)
    assert "Exception ignored" not in err


def test_what_a_shell_asks_is_no_traceback(workplace: Path) -> None:
    asked = {"_NNSCRATCH_COMPLETE": "complete_bash", "COMP_WORDS": "nnscratch tr"}
    assert run("", ">/dev/full", {**asked, "COMP_CWORD": "1"}) == (1, "", FULL)


def test_a_reader_that_has_gone_is_not_worth_a_word(trained: Path) -> None:
    # Rows, a table drawn by Rich, and a help that the reader does not wait for.
    for command in ("predict latest", "runs", "--help"):
        assert run(command, "| sleep 0") == (0, "", "")


@pytest.mark.skipif(not BASH, reason="needs bash")
def test_a_reader_that_leaves_early_changes_no_exit_code(trained: Path) -> None:
    # A pipe that fails if any part of it does; with and without output kept back.
    for command, code in (
        (f"{sys.executable} -m nnscratch train configs/xor.yaml epochs=3 --no-plots", 0),
        (f"PYTHONUNBUFFERED=1 {sys.executable} -m nnscratch schema", 0),
        (f"PYTHONUNBUFFERED=1 {sys.executable} -m nnscratch validate configs/xor.yaml no.yaml", 2),
    ):
        line = f"set -o pipefail; {command} | head -1 >/dev/null"
        done = subprocess.run([BASH, "-c", line], capture_output=True, text=True, check=False)
        assert done.returncode == code, (command, done)
        assert ("error" in done.stderr) == bool(code)


def test_a_training_goes_on_when_the_reader_of_its_messages_has_gone(workplace: Path) -> None:
    # One that is gone before the first word: the messages' table is where Rich would end it all.
    command = [sys.executable, "-m", "nnscratch", "train", "configs/iris.yaml", "epochs=3"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*command, "--no-plots"], stdout=subprocess.PIPE, stderr=writing, check=False, timeout=60
    )
    os.close(writing)
    assert done.returncode == 0
    assert done.stdout.startswith(b"completed: 3 epochs")


@BUFFERED
@pytest.mark.parametrize(
    "more", ["", *(pytest.param(m, marks=pytest.mark.slow) for m in ("--quiet", "--no-plots"))]
)  # each takes a second
def test_a_reader_of_the_result_that_has_gone_is_no_failure_of_a_training_run(
    more: str, environment: dict[str, str], workplace: Path
) -> None:
    command = [sys.executable, "-m", "nnscratch", "train", "configs/xor.yaml", "epochs=3"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*command, *more.split()],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert done.returncode == 0, done.stderr
    assert b"error" not in done.stderr
    (run,) = runs_in(workplace / "runs")
    assert record_of(run)["status"] == "completed"
    assert (run / "plots" / "loss.png").exists() == (more != "--no-plots")


@BUFFERED
def test_a_lost_result_of_a_training_run_is_a_failure_but_its_plots_are_drawn(
    environment: dict[str, str], workplace: Path
) -> None:
    code, out, err = run("train configs/xor.yaml epochs=3", ">/dev/full", environment)
    assert (code, out) == (1, "")
    assert err.endswith(FULL)
    (trained,) = runs_in(workplace / "runs")
    assert (trained / "plots" / "loss.png").exists()
