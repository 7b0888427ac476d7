"""Gradients that vanish, explode or are missing, and first steps out of proportion."""

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.gradients import (
    LayerScale,
    check_gradients,
    check_step_sizes,
    measure_layers,
    suggest_learning_rate,
)
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
    assert "each sigmoid passes back at most a quarter" in finding.rule
    assert finding.changes == ("activation: relu", "activation: tanh", "batch_norm: true")


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


def test_the_sizes_are_root_mean_squares_and_the_step_of_sgd_is_rate_times_gradient() -> None:
    experiment = shipped("iris", "optimizer=sgd", "learning_rate=0.25")
    first = run_first_pass(experiment)
    kernels = [dense.kernel.astype(float) for dense in first.network.dense]
    grads = [dense.kernel_grad.astype(float) for dense in first.network.dense]
    for layer, w, g in zip(measure_layers(first), kernels, grads, strict=True):
        assert layer.weights == pytest.approx(np.sqrt((w**2).mean()))
        assert layer.gradient == pytest.approx(np.sqrt((g**2).mean()))
        assert layer.step == pytest.approx(0.25 * layer.gradient / layer.weights, rel=1e-4)


def test_the_first_step_of_adam_changes_each_weight_by_the_learning_rate() -> None:
    experiment = shipped("iris")
    first = run_first_pass(experiment)
    before = first.network.weights.copy()
    for layer in measure_layers(first):
        assert layer.step is not None
        assert layer.step * layer.weights == pytest.approx(
            experiment.config.learning_rate, rel=1e-3
        )
    assert np.array_equal(first.network.weights, before)


def test_a_step_that_is_cut_short_leaves_the_gradient_as_it_was() -> None:
    experiment = shipped("iris", "optimizer=sgd", "clip_norm=0.0001")
    first = run_first_pass(experiment)
    before = first.network.grads.flat.copy()
    measure_layers(first)
    assert np.array_equal(first.network.grads.flat, before)


def test_a_line_search_has_no_first_step_to_judge() -> None:
    experiment = shipped("iris", "optimizer=lbfgs", "batch_size=full")
    layers = measure_layers(run_first_pass(experiment))
    assert [layer.step for layer in layers] == [None, None]
    assert not list(check_step_sizes(experiment.config, layers))
    assert suggest_learning_rate(experiment.config, layers) is None


@pytest.mark.parametrize(
    ("steps", "level", "fitting"),
    [
        ([0.31, 0.001], "look", 0.01 * 0.01 / 0.31),
        ([0.3, 0.001], "fine", 0.01 * 0.01 / 0.3),
        ([12.0, None], "look", 0.01 * 0.01 / 12),
        ([1e-5, 1e-4], "fine", 0.01 * 0.01 / 1e-4),
        ([1e-8, 9e-5], "look", 0.01 * 0.01 / 9e-5),
    ],
)
def test_steps_out_of_proportion_come_with_a_rate_that_fits(
    steps: list[float | None], level: str, fitting: float
) -> None:
    config = shipped("iris").config  # of learning_rate 0.01
    layers = [LayerScale(f"dense_{i}", 1.0, 1.0, step) for i, step in enumerate(steps)]
    (finding,) = check_step_sizes(config, layers)
    assert finding.level == level
    assert suggest_learning_rate(config, layers) == pytest.approx(fitting, rel=0.5)
    assert ("learning_rate" in str(finding.changes)) is (level == "look")
