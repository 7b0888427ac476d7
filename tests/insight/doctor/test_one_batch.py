"""Learning a few rows by heart: what must succeed does, and what cannot says why."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import rehearse
from nnscratch.insight.doctor.one_batch import check_one_batch, choose_batch
from nnscratch.insight.doctor.overfit import Attempt, overfit
from tests.insight.examining import inline, shipped


def one_batch(experiment: Experiment) -> Finding:
    (finding,) = check_one_batch(experiment, rehearse(experiment))
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
    assert "can be learnt by heart" in finding.what


def test_it_ends_as_soon_as_a_tenth_of_the_loss_is_left() -> None:
    experiment = shipped("iris")
    x, y = choose_batch(experiment.model.network, rehearse(experiment))
    attempt = overfit(experiment, x, y, 0.01)
    assert attempt.succeeded
    assert attempt.end <= 0.1 * attempt.begin
    assert attempt.steps < 1000
    before = overfit(experiment, x, y, 0.01, steps=attempt.steps - 1)
    assert before.end > 0.1 * before.begin
    assert not before.succeeded


def test_weight_decay_is_left_out_so_that_adamw_is_adam() -> None:
    attempts = []
    for optimizer in ("adam", "{name: adamw, weight_decay: 1}"):
        experiment = shipped("iris", f"optimizer={optimizer}")
        x, y = choose_batch(experiment.model.network, rehearse(experiment))
        attempts.append(overfit(experiment, x, y, 0.01))
    assert attempts[0] == attempts[1]


def test_rows_of_equal_inputs_are_taken_once_so_that_none_contradict(tmp_path: Path) -> None:
    rows, targets = [[0.0], [0.0], [1.0], [1.0], [2.0]] * 2, ["a", "b"] * 5
    experiment = inline(tmp_path, rows, targets, learning_rate=0.1)
    x, _ = choose_batch(experiment.model.network, rehearse(experiment))
    assert sorted(x[:, 0].tolist()) == [0.0, 1.0, 2.0]
    assert one_batch(experiment).level == "fine"


def test_a_small_network_need_not_learn_more_rows_than_it_can() -> None:
    # 4 × 16 + 16 and 16 × 3 + 3 parameters, two of them for each of three outputs.
    small = shipped("iris")
    assert len(choose_batch(small.model.network, rehearse(small))[0]) == 131 // 6
    large = shipped("iris", "architecture=[100]")
    assert len(choose_batch(large.model.network, rehearse(large))[0]) == 32


def test_a_line_cannot_learn_xor() -> None:
    finding = one_batch(shipped("xor", "architecture=[]"))
    assert finding.level == "problem"
    assert finding.what.startswith("4 rows cannot be learnt by heart")
    assert "only to 0.6931" in finding.what  # ln 2, the best that a line can do
    assert "without a hidden layer" in finding.advice


def test_a_rate_that_is_too_small_is_named_with_one_that_does() -> None:
    finding = one_batch(shipped("iris", "learning_rate=0.0003"))
    assert finding.level == "look"
    assert finding.what.startswith("21 rows were not learnt in 1,000 steps at learning_rate 0.0003")
    assert finding.advice.startswith("learning_rate: 0.003 learns them in ")


def test_as_many_steps_are_taken_as_the_config_asks_for() -> None:
    # Published as right in all four rows after 10,000 steps, with a loss below 0.4.
    experiment = shipped("xor-two-sigmoids")
    x, y = choose_batch(experiment.model.network, rehearse(experiment))
    attempt = overfit(experiment, x, y, 0.1)
    assert attempt.steps == 10_000
    assert attempt.right
    assert attempt.succeeded
    assert attempt.end > attempt.goal
    assert not overfit(experiment, x, y, 0.1, steps=1000).succeeded


def test_an_epoch_of_the_config_has_a_step_for_each_batch() -> None:
    # 120 rows in batches of 16 are 8 steps, so that 200 epochs are 1,600.
    experiment = shipped("iris", "epochs=200", "learning_rate=1e-6")
    x, y = choose_batch(experiment.model.network, rehearse(experiment))
    assert overfit(experiment, x, y, 1e-6).steps == 1600


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
    assert Attempt(0.1, losses, 1000, 0.1).stopped is stopped


def test_a_gradient_that_is_cut_too_short_is_told_by_its_cause() -> None:
    changes = ["optimizer=sgd", "learning_rate=0.5", "clip_norm=0.0001"]
    finding = one_batch(shipped("iris", *changes))
    assert finding.level == "look"
    assert finding.advice.startswith("clip_norm: ")
    larger = finding.advice.partition(" learns")[0].replace(": ", "=")
    assert one_batch(shipped("iris", *changes, larger)).level == "fine"


def test_a_rate_far_from_any_good_is_told_by_the_size_of_the_first_step() -> None:
    experiment = shipped("iris", "learning_rate=1e-8")
    (finding,) = check_one_batch(experiment, rehearse(experiment), 0.01)
    assert finding.level == "look"
    assert finding.advice.startswith("learning_rate: 0.01 learns them in ")


def test_divergence_is_a_finding_and_no_exception() -> None:
    changes = ["architecture=[]", "optimizer=sgd", "learning_rate=10"]
    finding = one_batch(shipped("diabetes", *changes))
    assert finding.level == "problem"
    assert "at learning_rate 10 diverges in step" in finding.what
    assert finding.advice


def test_a_loss_that_rises_is_a_problem() -> None:
    finding = one_batch(shipped("iris", "optimizer=sgd", "learning_rate=1000"))
    assert finding.level == "problem"
    assert " only to " not in finding.what


def test_sigmoids_and_missing_biases_are_named_where_nothing_helps() -> None:
    # One unit draws one border, and XOR needs two.
    finding = one_batch(shipped("xor-two-sigmoids", "architecture=[1]", "epochs=1"))
    assert finding.level != "fine"
    for way in ("activation: tanh or relu", "use_bias: true", "initializer: auto", "wider"):
        assert way in finding.advice


def test_a_rate_is_tried_once_and_the_configs_own_not_again() -> None:
    experiment = shipped("xor-two-sigmoids", "architecture=[1]", "epochs=1")
    for fitting in (0.1, 0.01, 1.0):
        (finding,) = check_one_batch(experiment, rehearse(experiment), fitting)
        assert finding.advice.startswith("learning_rate: 0.01 or learning_rate: 1 does not do it")


def test_one_row_can_be_learnt_by_heart(tmp_path: Path) -> None:
    assert one_batch(inline(tmp_path, [[1.0, 2.0]], [0.5], learning_rate=0.01)).level == "fine"


def test_equal_rows_leave_nothing_to_normalize_by(tmp_path: Path) -> None:
    rows, targets = [[1.0]] * 4, ["a", "b", "a", "b"]
    experiment = inline(tmp_path, rows, targets, batch_norm=True)
    assert not list(check_one_batch(experiment, rehearse(experiment)))


def test_the_experiments_network_is_left_alone() -> None:
    experiment = shipped("iris", "batch_norm=true", "dropout=0.5", "learning_rate=1e-5")
    network = experiment.model.network
    before = network.weights.copy()
    one_batch(experiment)
    assert np.array_equal(network.weights, before)
