"""Attempts to memorize a few rows: when they end, and what they leave out."""

import pytest

from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.memorization import Memorization, memorize
from nnscratch.insight.doctor.one_batch import choose_batch
from tests.insight.doctor.support import shipped


def test_it_ends_as_soon_as_a_tenth_of_the_loss_is_left() -> None:
    experiment = shipped("iris")
    x, y = choose_batch(run_first_pass(experiment))
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
        x, y = choose_batch(run_first_pass(experiment))
        attempts.append(memorize(experiment, x, y))
    assert attempts[0] == attempts[1]


def test_as_many_steps_are_taken_as_the_config_asks_for() -> None:
    # Published as right in all four rows after 10,000 steps, with a loss below 0.4.
    experiment = shipped("xor-two-sigmoids")
    x, y = choose_batch(run_first_pass(experiment))
    attempt = memorize(experiment, x, y)
    assert attempt.steps == 10_000
    assert attempt.succeeded
    # By the correct predictions, not by the loss.
    assert 0.1 * attempt.first < attempt.last
    assert not memorize(experiment, x, y, steps=1000).succeeded


def test_an_epoch_of_the_config_has_a_step_for_each_batch() -> None:
    # 120 rows in batches of 16 are 8 steps, so that 200 epochs are 1,600.
    experiment = shipped("iris", "epochs=200", "learning_rate=1e-6")
    x, y = choose_batch(run_first_pass(experiment))
    assert memorize(experiment, x, y).steps == 1600


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
