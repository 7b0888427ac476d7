"""Memorizing a few rows: what must succeed does, and what cannot says why."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.memorization import (
    Memorization,
    check_memorization,
    choose_batch,
    memorize,
)
from tests.insight.doctor.support import inline, shipped


def one_batch(experiment: Experiment) -> Finding:
    (finding,) = check_memorization(run_first_pass(experiment))
    return finding


@pytest.mark.parametrize(
    "changes",
    [
        [],
        ["dropout=0.9", "l2=1", "label_smoothing=0.5", "class_weight={setosa: 0}", "average=0.99"],
        ["batch_norm=true"],
        ["dtype=float64", "use_bias=false"],
        ["optimizer=lbfgs", "batch_size=full"],
        ["optimizer=rprop", "batch_size=full"],
        ["optimizer={name: adamw, weight_decay: 1}"],
        ["loss=hinge"],
        ["loss=mse"],
        ["schedule={name: linear, warmup_epochs: 90}", "clip_norm=1", "max_norm=0.001"],
        ["architecture=[]"],
    ],
)
def test_what_is_only_in_the_way_is_left_out(changes: list[str]) -> None:
    finding = one_batch(shipped("iris", *changes))
    assert finding.level == "fine", finding
    assert "can be memorized" in finding.rule


def test_rows_of_equal_inputs_are_taken_once_so_that_none_contradict(tmp_path: Path) -> None:
    rows, targets = [[0.0], [0.0], [1.0], [1.0], [2.0]] * 2, ["a", "b"] * 5
    experiment = inline(tmp_path, rows, targets, learning_rate=0.1)
    x, _ = choose_batch(run_first_pass(experiment))
    assert sorted(x[:, 0].tolist()) == [0.0, 1.0, 2.0]
    assert one_batch(experiment).level == "fine"


def test_a_small_network_need_not_learn_more_rows_than_it_can() -> None:
    # 4 × 16 + 16 and 16 × 3 + 3 parameters, two of them for each of three outputs.
    small = shipped("iris")
    assert len(choose_batch(run_first_pass(small))[0]) == 131 // 6
    large = shipped("iris", "architecture=[100]")
    assert len(choose_batch(run_first_pass(large))[0]) == 32


def test_a_line_cannot_learn_xor() -> None:
    finding = one_batch(shipped("xor", "architecture=[]"))
    assert finding.level == "problem"
    assert finding.rule.startswith("4 rows cannot be memorized")
    assert "only to 0.6931" in finding.rule  # ln 2, the best that a line can do
    assert "without a hidden layer" in finding.remedy


def test_a_rate_that_is_too_small_is_named_with_one_that_does() -> None:
    finding = one_batch(shipped("iris", "learning_rate=0.0003"))
    assert finding.level == "look"
    assert finding.rule.startswith("training for 1,000 steps at learning_rate 0.0003 does not mem")
    assert finding.remedy.startswith("learning_rate: 0.003 memorizes them in ")


def test_a_gradient_that_is_clipped_too_short_is_named_as_the_cause() -> None:
    changes = ["optimizer=sgd", "learning_rate=0.5", "clip_norm=0.0001"]
    finding = one_batch(shipped("iris", *changes))
    assert finding.level == "look"
    assert finding.remedy.startswith("clip_norm: ")
    larger = finding.remedy.partition(" memorizes")[0].replace(": ", "=")
    assert one_batch(shipped("iris", *changes, larger)).level == "fine"


def test_a_rate_far_from_a_good_one_is_corrected_by_the_size_of_the_first_step() -> None:
    experiment = shipped("iris", "learning_rate=1e-8")
    (finding,) = check_memorization(run_first_pass(experiment), 0.01)
    assert finding.level == "look"
    assert finding.remedy.startswith("learning_rate: 0.01 memorizes them in ")


def test_divergence_is_a_finding_and_no_exception() -> None:
    changes = ["architecture=[]", "optimizer=sgd", "learning_rate=10"]
    finding = one_batch(shipped("diabetes", *changes))
    assert finding.level == "problem"
    assert "at learning_rate 10 diverges in step" in finding.rule
    assert finding.remedy


def test_a_loss_that_rises_is_a_problem() -> None:
    finding = one_batch(shipped("iris", "optimizer=sgd", "learning_rate=1000"))
    assert finding.level == "problem"
    assert " only to " not in finding.rule


def test_sigmoids_and_missing_biases_are_named_where_nothing_helps() -> None:
    # One unit draws one border, and XOR needs two.
    finding = one_batch(shipped("xor-two-sigmoids", "architecture=[1]", "epochs=1"))
    assert finding.level != "fine"
    for way in ("activation: tanh or relu", "use_bias: true", "initializer: auto", "wider"):
        assert way in finding.remedy


def test_a_rate_is_tried_once_and_the_configs_own_not_again() -> None:
    experiment = shipped("xor-two-sigmoids", "architecture=[1]", "epochs=1")
    for fitting in (0.1, 0.01, 1.0):
        (finding,) = check_memorization(run_first_pass(experiment), fitting)
        assert finding.remedy.startswith(
            "not memorized with learning_rate: 0.01, learning_rate: 1 "
        )


def test_one_row_can_be_memorized(tmp_path: Path) -> None:
    assert one_batch(inline(tmp_path, [[1.0, 2.0]], [0.5], learning_rate=0.01)).level == "fine"


def test_equal_rows_leave_nothing_to_normalize_by(tmp_path: Path) -> None:
    rows, targets = [[1.0]] * 4, ["a", "b", "a", "b"]
    experiment = inline(tmp_path, rows, targets, batch_norm=True)
    assert not list(check_memorization(run_first_pass(experiment)))


def test_the_experiments_network_is_left_alone() -> None:
    experiment = shipped("iris", "batch_norm=true", "dropout=0.5", "learning_rate=1e-5")
    network = experiment.model.network
    before = network.weights.copy()
    one_batch(experiment)
    assert np.array_equal(network.weights, before)


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
