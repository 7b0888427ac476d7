"""Gradients that vanish, explode or are missing."""

import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.gradients import check_gradients
from nnscratch.insight.doctor.layer_scales import measure_layers
from tests.insight.doctor.support import shipped

DEEP = "architecture=[16,16,16,16,16,16,16,16,16,16]"


def gradients(experiment: Experiment) -> Finding:
    first = run_first_pass(experiment)
    return check_gradients(first, measure_layers(first))


def test_ten_sigmoid_layers_let_the_gradient_vanish() -> None:
    finding = gradients(shipped("iris", DEEP, "activation=sigmoid"))
    assert finding.level == "problem"
    assert "vanishes" in finding.rule
    assert "dense_1" in finding.rule
    assert "dense_11" in finding.rule
    assert "sigmoid" in finding.remedy
    assert "relu or tanh" in finding.remedy


@pytest.mark.parametrize("change", ["activation=relu", "activation=tanh", "batch_norm=true"])
def test_what_is_advised_against_vanishing_helps(change: str) -> None:
    overrides = [DEEP, "activation=sigmoid", change]
    assert gradients(shipped("iris", *overrides)).level == "fine"


def test_large_weights_let_the_gradient_explode() -> None:
    finding = gradients(shipped("iris", DEEP, "initializer={name: normal, stddev: 5}"))
    assert finding.level == "look"
    assert "explodes" in finding.rule


def test_zeros_have_no_gradient_at_all() -> None:
    finding = gradients(shipped("iris", "initializer=zeros"))
    assert finding.level == "problem"
    assert "no weight has a gradient" in finding.rule
