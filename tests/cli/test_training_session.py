"""What `train` and `resume` show in the course of training, and print when it is over."""

from pathlib import Path

from tests.conftest import Command


def test_results_go_to_stdout_and_progress_to_stderr(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--no-plots")
    assert "completed: 500 epochs" in result.out
    assert "nnscratch predict" in result.out
    assert "epoch 50/500" in result.err
    assert "33 parameters" in result.err
    assert len(result.err.splitlines()) <= 20


def test_training_that_learned_nothing_gets_a_hint(workplace: Path, nnscratch: Command) -> None:
    few = nnscratch("train", "configs/xor.yaml", "epochs=1", "--no-plots")
    assert "no better than always answering the most common class" in few.err
    assert "most common" not in nnscratch("train", "configs/xor.yaml", "--no-plots").err


def test_the_hint_says_which_way_the_rate_should_go(workplace: Path, nnscratch: Command) -> None:
    wild = nnscratch("train", "configs/xor.yaml", "learning_rate=30", "--no-plots").err
    assert "a smaller learning_rate" in wild
    assert "larger" not in wild
    tame = nnscratch("train", "configs/xor.yaml", "learning_rate=1e-5", "--no-plots").err
    assert "a larger learning_rate" in tame
    assert "smaller" not in tame
