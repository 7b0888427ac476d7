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


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ("xor", ["epochs=1"]),
        ("xor", ["initializer=zeros"]),
        ("iris", ["learning_rate=30", "optimizer=sgd", "epochs=3"]),
        ("diabetes", ["learning_rate=1e-7", "epochs=2"]),
    ],
)
def test_a_completed_run_names_the_command_that_examines_it(
    config: str, changes: list[str], workplace: Path, nnscratch: Command
) -> None:
    out = nnscratch("train", f"configs/{config}.yaml", *changes, "--no-plots").out
    (line,) = (line for line in out.splitlines() if line.startswith("check "))
    words = shlex.split(line)
    assert words[1:3] == ["nnscratch", "doctor"]
    result = nnscratch(*words[2:])
    # However little it has learned, that is found.
    assert result.code == 1
    assert "it has learned nothing" in result.out


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
