"""How large weights, gradients and first steps are, where arithmetic says what they must be."""

import numpy as np
import pytest

from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.layer_scales import measure_layers
from tests.insight.doctor.support import shipped


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
