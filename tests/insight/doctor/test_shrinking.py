"""A signal that shrinks on its way through the layers is named, with what is left in each."""

import numpy as np
import pytest

from nnscratch.insight.doctor import examine
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.shrinking import check_signal, measure_signals
from tests.conftest import ROOT
from tests.insight.doctor.support import find, shipped

SMALL = "initializer={name: normal, stddev: 0.01}"
THREE = "architecture=[16,16,16]"
CONFIGS = [p.stem for p in sorted((ROOT / "configs").glob("*.yaml")) if "mnist" not in p.name]


def test_what_is_left_of_the_signal_is_a_deviation_over_the_rows() -> None:
    first = run_first_pass(shipped("iris", SMALL, THREE))
    values, expected = first.x.astype(float), []
    network = first.network
    for i, dense in enumerate(network.dense, start=1):
        values = values @ dense.kernel.astype(float) + dense.bias
        values = np.tanh(values) if i < len(network.dense) else values
        expected.append(np.sqrt(np.mean([unit.var() for unit in values.T])))
    signals = measure_signals(first)
    assert [*signals] == ["the inputs", "dense_1", "dense_2", "dense_3", "dense_4"]
    assert [*signals.values()][1:] == pytest.approx(expected, rel=1e-4)
    # Standardized inputs have a deviation of 1.
    assert signals["the inputs"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_weights_that_are_too_small_are_the_cause_and_the_initializer_is_the_remedy(
    activation: str,
) -> None:
    diagnosis = examine(shipped("iris", SMALL, THREE, f"activation={activation}"))
    finding = find("the signal shrinks", diagnosis.findings)
    assert finding.level != "fine"
    assert "1 in the inputs, 0.0" in finding.rule
    assert "in dense_4" in finding.rule
    assert not any("gradient reaches all" in other.rule for other in diagnosis.findings)
    assert finding.remedy.startswith(("initializer: auto ", "batch_norm: true "))
    change = finding.remedy.partition(" memorizes")[0].replace(": ", "=")
    better = examine(shipped("iris", SMALL, THREE, f"activation={activation}", change))
    assert not any("the signal shrinks" in other.rule for other in better.findings)


@pytest.mark.parametrize("name", CONFIGS)
def test_in_no_shipped_config_the_signal_shrinks(name: str) -> None:
    assert not [*check_signal(run_first_pass(shipped(name)))]


def test_many_sigmoids_shrink_it_too_whatever_the_first_weights_are() -> None:
    deep = f"architecture={[16] * 10}"
    (finding,) = check_signal(run_first_pass(shipped("iris", deep, "activation=sigmoid")))
    assert finding.level == "problem"
    assert finding.changes == ("activation: relu", "activation: tanh", "batch_norm: true")
