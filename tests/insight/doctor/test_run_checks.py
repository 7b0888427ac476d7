"""Runs after training: what their curves, predictions and trained networks show."""

from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest

from nnscratch.errors import UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor import examine_run
from nnscratch.insight.doctor.run_checks import (
    check_end,
    check_loss,
    check_overfitting,
    check_predictions,
    load_run,
)
from nnscratch.runs import RunFiles, find
from nnscratch.training.start import train
from tests.insight.doctor.support import find as finding_of
from tests.insight.doctor.support import shipped


def run_of(folder: Path, name: str, *changes: str) -> RunFiles:
    path = train(shipped(name, *changes), folder).path
    return find(str(path), folder)


def test_a_run_that_learned_is_fine(tmp_path: Path) -> None:
    diagnosis = examine_run(run_of(tmp_path, "iris"))
    assert {finding.level for finding in diagnosis.findings} == {"fine"}, diagnosis.findings
    texts = [finding.rule for finding in diagnosis.findings]
    assert any(text.startswith("each class is predicted for some of 120") for text in texts)
    # The trained network is looked at, and then the config, as before a training run.
    assert sum("dead, saturated or constant" in text for text in texts) == 2
    assert sum("gradient reaches all" in text for text in texts) == 2
    assert texts[-1].startswith("21 rows can be memorized")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("xor", ["epochs=1"]),
        ("xor", ["initializer=zeros"]),
        ("imbalance", ["epochs=1", "learning_rate=1e-6", "class_weight=null"]),
        ("diabetes", ["learning_rate=1e-7", "epochs=2"]),
    ],
)
def test_a_run_that_learned_nothing_is_a_problem(
    name: str, changes: list[str], tmp_path: Path
) -> None:
    diagnosis = examine_run(run_of(tmp_path, name, *changes))
    assert finding_of("it has learned nothing", diagnosis.findings).level == "problem"


def test_always_answering_with_the_shares_of_the_classes_is_nothing_learned() -> None:
    experiment = shipped("imbalance", "architecture=[]", "class_weight=null")
    network = experiment.model.network
    targets = experiment.dataset.splits["train"].targets
    share = targets.mean()
    network.params.flat[:] = 0
    network.params["dense_1.bias"][:] = np.log(share / (1 - share))
    finding = check_loss(experiment)
    entropy = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert f"is {entropy:.4f}, that of guessing {entropy:.4f}" in finding.rule
    assert finding.level == "problem"


def answering(experiment: Experiment, *biases: float) -> Experiment:
    """Returns the experiment with a network that gives the same logits for all rows."""
    experiment.model.network.params.flat[:] = 0
    experiment.model.network.params["dense_2.bias"][:] = biases
    return experiment


@pytest.mark.parametrize("loss", ["hinge", "mean_squared_error"])
def test_classes_need_no_probabilities_to_be_counted(loss: str) -> None:
    experiment = shipped("xor", f"loss={loss}", "output_activation=linear")
    # All logits are on one side of the threshold.
    (finding,) = check_predictions(answering(experiment, 5.0))
    assert finding.rule.endswith(", of 4 training rows: 0 (2 rows)")
    assert finding.level == "problem"


def test_a_network_that_has_almost_diverged_is_looked_at(tmp_path: Path) -> None:
    files = run_of(tmp_path, "xor", "epochs=1", "activation=relu")
    trained = load_run(files, lambda _: None)
    trained.model.network.params["dense_1.kernel"][:] = 3e38
    trained.model.network.params["dense_2.kernel"][:4] = 3e38
    trained.model.network.params["dense_2.kernel"][4:] = -3e38  # ∞ − ∞
    trained.model.save(files.weights)
    findings = examine_run(files).findings
    assert finding_of("it has learned nothing", findings).level == "problem"


def test_classes_that_are_never_predicted_are_named_with_their_rows() -> None:
    (finding,) = check_predictions(answering(shipped("iris"), 0.0, 1.0, 0.0))
    assert finding.level == "problem"
    assert finding.rule.endswith(": setosa (40 rows), virginica (40 rows)")
    assert not [*check_predictions(shipped("diabetes"))]


@pytest.mark.parametrize(
    ("training", "validation", "level"),
    [
        # 5, 4, 3, 2, 1, … against 5, 3, 2, 3, 4, …
        (range(20, 0, -1), [5, 3, 2, *range(3, 20)], "look"),
        (range(20, 0, -1), range(20, 0, -1), "fine"),
        (range(20, 0, -1), [5.0, *[2.0] * 18, 2.1], "fine"),
        # Both rise: that is no overfitting.
        (range(1, 21), range(1, 21), "fine"),
    ],
)
def test_a_validation_loss_that_rises_while_the_other_falls_is_overfitting(
    training: list[float], validation: list[float], level: str
) -> None:
    curves = {"loss": [*map(float, training)], "val_loss": [*map(float, validation)]}
    (finding,) = check_overfitting(curves)
    assert finding.level == level
    assert ("overfits" in finding.rule) is (level == "look")


def test_epochs_that_were_not_validated_are_passed_over() -> None:
    curves = {"loss": [1.0] * 40, "val_loss": [nan if i % 2 else 5.0 - i / 10 for i in range(40)]}
    (finding,) = check_overfitting(curves)
    assert "in epoch 39" in finding.rule
    assert not [*check_overfitting({"loss": [1.0] * 40})]


def test_a_calibrated_run_is_judged_by_its_calibrated_loss() -> None:
    falling = [40.0 - i for i in range(20)]
    rising = [5.0, 3.0, 2.0, *map(float, range(3, 20))]
    curves = {"loss": falling, "val_loss": rising, "val_calibrated_loss": falling}
    (finding,) = check_overfitting(curves)
    assert finding.level == "fine"
    assert "the calibrated validation loss is lowest, 21.0000, in epoch 20" in finding.rule
    (end,) = check_end(curves, 20)
    assert end.level == "look"


@pytest.mark.parametrize(
    ("losses", "level"),
    [
        ([1 - i / 200 for i in range(100)], "look"),  # from 0.555 to 0.505: 9 %
        ([1.0] * 50 + [0.5] * 50, "fine"),
        ([0.9**i for i in range(100)], "fine"),  # is low enough
        ([nan] * 100, "fine"),
    ],
)
def test_a_loss_that_still_falls_at_the_end_asks_for_more_epochs(
    losses: list[float], level: str
) -> None:
    (finding,) = check_end({"loss": losses}, 100)
    assert finding.level == level
    assert ("more epochs" in finding.remedy) is (level == "look")
    assert not [*check_end({"loss": losses[:9]}, 9)]


def test_a_loss_that_ends_above_the_first_has_not_settled() -> None:
    assert not [*check_end({"loss": [1.0, *[5.0] * 99]}, 100)]


def test_units_that_died_in_training_are_found(tmp_path: Path) -> None:
    files = run_of(tmp_path, "xor-relu", "epochs=2")
    trained = load_run(files, lambda _: None)
    # A bias far below zero leaves relu no row on which it is on.
    trained.model.network.params["dense_1.bias"][:] = -100
    trained.model.save(files.weights)
    found = [f for f in examine_run(files).findings if f.rule.startswith("after training: ")]
    dead = next(finding for finding in found if "dead" in finding.rule)
    assert dead.level == "problem"
    assert "10 of 10 in dense_1" in dead.rule


def test_a_run_on_other_data_is_refused(tmp_path: Path) -> None:
    files = run_of(tmp_path, "blobs", "epochs=1")
    assert files.config
    text = files.config.read_text()
    files.config.write_text(text.replace("samples: 300", "samples: 200"))
    with pytest.raises(UsageError, match="other data"):
        examine_run(files)
    with pytest.raises(UsageError, match="no config"):
        examine_run(replace(files, directory=None))
