"""What `train` and `resume` show in the course of training, and print when it is over."""

import shlex
from pathlib import Path

import pytest

from tests.conftest import Command


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
