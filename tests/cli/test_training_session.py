"""What `train` and `resume` show in the course of training, and print when it is over."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.processes import PATIENCE, command, record_of, runs_in

# Pictures are not drawn before something is written to stdin.
WAITING = """
import sys
from nnscratch.plots import drawing
draw = drawing.draw_for_run
drawing.draw_for_run = lambda *plot: [sys.stdin.readline(), draw(*plot)][1]
from nnscratch.cli import run
run()
"""


def test_results_go_to_stdout_and_progress_to_stderr(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--no-plots")
    assert "completed: 500 epochs" in result.out
    assert "nnscratch predict" in result.out
    assert "epoch 50/500" in result.err
    assert "33 parameters" in result.err
    assert len(result.err.splitlines()) <= 20


def test_training_that_learned_nothing_is_referred_to_doctor(
    workplace: Path, nnscratch: Command
) -> None:
    few = nnscratch("train", "configs/xor.yaml", "epochs=1", "--no-plots").err
    assert "no better than guessing" in few
    (command,) = (line for line in few.splitlines() if "nnscratch doctor" in line)
    # What is examined is what was trained, with the changes of the command line.
    assert nnscratch(*shlex.split(command)[1:]).out.count("worth a look") == 1


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ("xor", ["learning_rate=1e-5"]),
        ("xor", ["learning_rate=30"]),
        ("iris", ["learning_rate=30", "optimizer=sgd", "epochs=3"]),
        ("diabetes", ["learning_rate=1e-7", "epochs=2"]),
        ("diabetes", ["initializer=zeros", "epochs=2"]),
    ],
)
def test_too_small_and_too_large_steps_are_no_better_than_guessing(
    config: str, changes: list[str], workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", f"configs/{config}.yaml", *changes, "--no-plots")
    assert "no better than guessing" in result.err
    assert "learning_rate usually" not in result.err


@pytest.mark.parametrize("config", ["xor", "iris", "diabetes", "moons", "parity", "not"])
def test_training_that_learned_gets_no_hint(
    config: str, workplace: Path, nnscratch: Command
) -> None:
    assert "hint" not in nnscratch("train", f"configs/{config}.yaml", "--no-plots").err


@pytest.mark.parametrize(("more", "last"), [([], b"next "), (["--quiet"], b"runs")])
def test_the_result_is_in_the_pipe_before_the_first_picture_is_drawn(
    more: list[str], last: bytes, workplace: Path
) -> None:
    arguments = ["train", "configs/xor.yaml", "epochs=3", *more]
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=workplace,
    ) as process:
        assert process.stdout
        lines: list[bytes] = []
        while not lines or not lines[-1].startswith(last):
            lines.append(process.stdout.readline())
            assert lines[-1], "it ended without a result"
        (run,) = runs_in(workplace / "runs")
        assert record_of(run)["status"] == "completed"
        assert not list(run.glob("plots/*"))
        rest, _ = process.communicate(b"\n" * 9, timeout=PATIENCE)
    assert process.returncode == 0
    assert rest == (b"" if more else f"plots    {run.relative_to(workplace)}/plots\n".encode())
    assert (run / "plots" / "loss.png").exists()


def test_nothing_of_the_pictures_is_in_a_pipe(workplace: Path) -> None:
    code, _, err = command("train", "configs/xor.yaml", "epochs=3", cwd=workplace)
    assert code == 0
    assert "drawing" not in err
    assert "Axes3D" not in err  # matplotlib is kept from importing them
