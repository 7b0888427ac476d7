"""Memorizing a few rows: what must succeed does, and what cannot says why."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.memorization import check_memorization
from nnscratch.insight.doctor.memorizing import Memorization
from nnscratch.insight.doctor.trials import Trials
from tests.insight.doctor.support import inline, shipped


def one_batch(experiment: Experiment) -> Finding:
    (finding,) = check_memorization(Trials(run_first_pass(experiment)))
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


def test_a_line_cannot_learn_xor() -> None:
    finding = one_batch(shipped("xor", "architecture=[]"))
    assert finding.level == "problem"
    assert finding.rule.startswith("4 rows cannot be memorized")
    assert "only to 0.6931" in finding.rule  # ln 2, the best that a line can do
    assert finding.remedy.startswith("architecture: [16] memorizes 4 rows in ")


def test_a_tiny_loss_that_is_that_of_guessing_is_said_to_be() -> None:
    trials = Trials(run_first_pass(shipped("xor")))
    trials.base = Memorization(1.1429, 9e-8, 8.13e-8, 1000, guessing=1.5e-7)
    (finding,) = check_memorization(trials)
    words = "falls from 1.1429 only to 8.13e-08, while guessing costs 1.5e-07 on these rows"
    assert words in finding.rule


def test_a_rate_that_is_too_small_is_named_with_one_that_does() -> None:
    finding = one_batch(shipped("iris", "learning_rate=0.0003"))
    assert finding.level == "look"
    assert finding.rule.startswith("training for 1,000 steps at learning_rate 0.0003 does not mem")
    assert finding.remedy.startswith("learning_rate: 0.003 memorizes 21 rows in ")


def test_a_gradient_that_is_clipped_too_short_is_named_as_the_cause() -> None:
    changes = ["optimizer=sgd", "learning_rate=0.5", "clip_norm=0.0001"]
    finding = one_batch(shipped("iris", *changes))
    assert finding.level == "look"
    assert finding.remedy.startswith("clip_norm: ")
    larger = finding.remedy.partition(" memorizes")[0].replace(": ", "=")
    assert one_batch(shipped("iris", *changes, larger)).level == "fine"


def test_a_rate_far_from_a_good_one_is_corrected_by_the_size_of_the_first_step() -> None:
    experiment = shipped("iris", "learning_rate=1e-8")
    (finding,) = check_memorization(Trials(run_first_pass(experiment)), 0.01)
    assert finding.level == "look"
    assert finding.remedy.startswith("learning_rate: 0.01 memorizes 21 rows in ")


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
    tried = finding.remedy.removeprefix("tried without success: ")
    for way in ("activation: tanh", "activation: relu", "use_bias: true", "initializer: auto"):
        assert way in tried


def test_a_rate_is_tried_once_and_the_configs_own_not_again() -> None:
    experiment = shipped("xor-two-sigmoids", "architecture=[1]", "epochs=1")
    for fitting in (0.1, 0.01, 1.0):
        (finding,) = check_memorization(Trials(run_first_pass(experiment)), fitting)
        assert finding.remedy.count("learning_rate: ") <= 2
        assert "learning_rate: 0.1," not in finding.remedy


def test_one_row_can_be_memorized(tmp_path: Path) -> None:
    assert one_batch(inline(tmp_path, [[1.0, 2.0]], [0.5], learning_rate=0.01)).level == "fine"


def test_equal_rows_leave_nothing_to_normalize_by(tmp_path: Path) -> None:
    rows, targets = [[1.0]] * 4, ["a", "b", "a", "b"]
    experiment = inline(tmp_path, rows, targets, batch_norm=True)
    assert not list(check_memorization(Trials(run_first_pass(experiment))))


def test_the_experiments_network_is_left_alone() -> None:
    experiment = shipped("iris", "batch_norm=true", "dropout=0.5", "learning_rate=1e-5")
    network = experiment.model.network
    before = network.weights.copy()
    one_batch(experiment)
    assert np.array_equal(network.weights, before)
