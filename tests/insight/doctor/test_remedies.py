"""The remedies that several checks recommend name the cause."""

from pathlib import Path

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_loss import check_first_loss
from nnscratch.insight.doctor.first_pass import run_first_pass
from tests.insight.doctor.support import inline, shipped


def first_loss(experiment: Experiment) -> Finding:
    return check_first_loss(run_first_pass(experiment))


def test_inputs_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("digits", "dataset.scaling=none"))
    assert finding.level == "look"
    assert "far above the 2.3026 (ln 10) of guessing" in finding.rule
    assert finding.remedy.startswith("the inputs go up to 16: scale them")


def test_inputs_in_the_config_are_scaled_by_who_wrote_them(tmp_path: Path) -> None:
    rows = [[300.0, 1.0], [-200.0, 5.0], [900.0, 1.0]]
    finding = first_loss(inline(tmp_path, rows, ["a", "b", "a"]))
    assert finding.remedy == "the inputs go up to 900: scale them to about -1 to 1"


def test_first_weights_that_are_too_large_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("iris", "initializer={name: normal, stddev: 5}"))
    assert finding.level == "look"
    assert "initializer: auto instead of normal" in finding.remedy


def test_targets_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("diabetes", "dataset.target_scaling=none"))
    assert finding.level == "look"
    assert "dataset.target_scaling=standardize" in finding.remedy
