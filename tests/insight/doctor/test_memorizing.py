"""Training on a few rows: as long as it must, with nothing in its way."""

from math import log
from pathlib import Path

import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.memorizing import Memorization, choose_rows, memorize
from nnscratch.nn.parameters import Array, Targets
from tests.insight.doctor.support import inline, shipped


def choose_batch(experiment: Experiment) -> tuple[Array, Targets]:
    first = run_first_pass(experiment)
    rows = choose_rows(first)
    return first.x[rows], first.y[rows]


def test_rows_of_equal_inputs_are_taken_once_so_that_none_contradict(tmp_path: Path) -> None:
    rows, targets = [[0.0], [0.0], [1.0], [1.0], [2.0]] * 2, ["a", "b"] * 5
    experiment = inline(tmp_path, rows, targets, learning_rate=0.1)
    x, _ = choose_batch(experiment)
    assert sorted(x[:, 0].tolist()) == [0.0, 1.0, 2.0]


def test_a_small_network_need_not_learn_more_rows_than_it_can() -> None:
    # 4 × 16 + 16 and 16 × 3 + 3 parameters, two of them for each of three outputs.
    small = shipped("iris")
    assert len(choose_batch(small)[0]) == 131 // 6
    large = shipped("iris", "architecture=[100]")
    assert len(choose_batch(large)[0]) == 32


def test_it_ends_as_soon_as_a_tenth_of_the_loss_is_left() -> None:
    experiment = shipped("iris")
    x, y = choose_batch(experiment)
    attempt = memorize(experiment, x, y)
    assert attempt.succeeded
    assert attempt.last <= 0.1 * attempt.first
    assert attempt.steps < 1000
    before = memorize(experiment, x, y, steps=attempt.steps - 1)
    assert before.last > 0.1 * before.first
    assert not before.succeeded


def test_weight_decay_is_left_out_so_that_adamw_is_adam() -> None:
    attempts = []
    for optimizer in ("adam", "{name: adamw, weight_decay: 1}"):
        experiment = shipped("iris", f"optimizer={optimizer}")
        x, y = choose_batch(experiment)
        attempts.append(memorize(experiment, x, y))
    assert attempts[0] == attempts[1]


def test_steps_are_multiplied_by_the_factors_of_the_rate() -> None:
    # Without the factors a rate of 100 diverges.
    experiment = shipped("xor", "learning_rate=100", "rate_factors={kernel: 5e-4, bias: 5e-4}")
    x, y = choose_batch(experiment)
    assert memorize(experiment, x, y).succeeded
    still = shipped("xor", "rate_factors={kernel: 0, bias: 0}")
    attempt = memorize(still, x, y, steps=20)
    assert attempt.first == attempt.last


def test_as_many_steps_are_taken_as_the_config_asks_for() -> None:
    # Published as right in all four rows after 10,000 steps, with a loss below 0.4.
    experiment = shipped("xor-two-sigmoids")
    x, y = choose_batch(experiment)
    attempt = memorize(experiment, x, y)
    assert attempt.steps == 10_000
    assert attempt.succeeded
    # By the correct predictions, not by the loss.
    assert 0.1 * attempt.first < attempt.last
    assert not memorize(experiment, x, y, steps=1000).succeeded


def test_an_epoch_of_the_config_has_a_step_for_each_batch() -> None:
    # 120 rows in batches of 16 are 8 steps, so that 200 epochs are 1,600.
    experiment = shipped("iris", "epochs=200", "learning_rate=1e-6")
    x, y = choose_batch(experiment)
    assert memorize(experiment, x, y).steps == 1600


def test_a_loss_that_falls_far_but_not_below_that_of_guessing_falls_short() -> None:
    experiment = shipped("xor")
    x, y = choose_batch(experiment)
    assert memorize(experiment, x, y, steps=1).guessing == pytest.approx(log(2))
    for last, succeeded, short in ((1e-7, False, True), (1e-7, True, False), (0.2, False, False)):
        result = Memorization(1.0, 0.5, last, 1000, succeeded, guessing=1.5e-7)
        assert result.fell_short is short


@pytest.mark.parametrize(
    ("losses", "stopped"),
    [
        ((1.0, 0.5, 0.5), True),
        ((1.0, 0.5, 0.494), False),  # 0.006 is more than a hundredth of 0.5
        ((1.0, 0.5, 0.496), True),
        ((1.0, 0.999, 0.998), False),  # slow, but as fast as before
        ((1.0, 1.0, 1.0), True),
        ((1.0, 3.0, 5.0), True),
    ],
)
def test_a_loss_has_stopped_where_a_hundredth_of_its_fall_is_left(
    losses: tuple[float, float, float], stopped: bool
) -> None:
    assert Memorization(*losses, 1000).stopped is stopped
