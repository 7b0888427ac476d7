"""What `doctor` finds in an untrained network, where arithmetic says what it must be."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from nnscratch.insight.doctor.finding import Finding, LayerScale
from nnscratch.insight.doctor.network_checks import check_first_loss, check_units
from nnscratch.insight.doctor.rehearsal import copy_network, guessing_loss, rehearse
from nnscratch.insight.doctor.scale_checks import (
    check_gradients,
    check_steps,
    fitting_rate,
    measure_layers,
)
from nnscratch.preparation import Experiment
from tests.insight.examining import about, inline, shipped

DEEP = "architecture=[16,16,16,16,16,16,16,16,16,16]"


def first_loss(experiment: Experiment) -> Finding:
    return check_first_loss(experiment.config, rehearse(experiment))


def units(experiment: Experiment) -> list[Finding]:
    return list(check_units(rehearse(experiment)))


def gradients(experiment: Experiment) -> Finding:
    first = rehearse(experiment)
    return check_gradients(experiment.config, first, measure_layers(experiment.config, first))


@pytest.mark.parametrize(("name", "k"), [("iris", 3), ("digits", 10), ("xor", 2)])
def test_guessing_among_k_classes_costs_ln_k(name: str, k: int) -> None:
    first = rehearse(shipped(name))
    assert guessing_loss(first.network, first.y) == pytest.approx(log(k), rel=1e-6)


def test_guessing_has_label_smoothing_and_class_weights_in_it() -> None:
    first = rehearse(shipped("iris", "label_smoothing=0.2", "class_weight={setosa: 4}"))
    # A third of the rows counts four times.
    assert guessing_loss(first.network, first.y) == pytest.approx(log(3) * 2, rel=1e-6)


def test_guessing_a_number_is_saying_the_mean_so_it_costs_the_variance(tmp_path: Path) -> None:
    first = rehearse(inline(tmp_path, [[1.0], [2.0]], [[0.0, 5.5], [4.0, 5.5]]))
    # Variances 4 and 0.
    assert guessing_loss(first.network, first.y) == pytest.approx(2.0)


def test_an_ordinary_first_loss_is_fine() -> None:
    finding = first_loss(shipped("iris"))
    assert finding.level == "fine"
    assert finding.what.endswith("guessing gives 1.0986, ln 3")


@pytest.mark.parametrize("loss", ["hinge", "mse", "mae", "huber", "log_cosh"])
def test_losses_of_plain_numbers_begin_well_too(loss: str) -> None:
    assert first_loss(shipped("iris", f"loss={loss}")).level == "fine"


def test_inputs_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("digits", "dataset.scaling=none"))
    assert finding.level == "look"
    assert "far above the 2.3026, ln 10, of guessing" in finding.what
    assert finding.advice.startswith("the inputs go up to 16: scale them")


def test_inputs_in_the_config_are_scaled_by_who_wrote_them(tmp_path: Path) -> None:
    rows = [[300.0, 1.0], [-200.0, 5.0], [900.0, 1.0]]
    finding = first_loss(inline(tmp_path, rows, ["a", "b", "a"]))
    assert finding.advice == "the inputs go up to 900: scale them to about -1 to 1"


def test_first_weights_that_are_too_large_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("iris", "initializer={name: normal, stddev: 5}"))
    assert finding.level == "look"
    assert "initializer: auto, not normal" in finding.advice


def test_targets_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("diabetes", "dataset.target_scaling=none"))
    assert finding.level == "look"
    assert "dataset.target_scaling=standardize" in finding.advice


def test_a_loss_that_overflows_is_a_problem() -> None:
    tall = ["initializer={name: normal, stddev: 1e30}", "activation=relu"]
    first = rehearse(shipped("iris", *tall))
    assert not first.finite
    finding = check_first_loss(shipped("iris", *tall).config, first)
    assert (finding.level, "not finite" in finding.what) == ("problem", True)


def set_first_kernel(experiment: Experiment, kernel: list[list[float]]) -> Experiment:
    experiment.model.network.dense[0].kernel[:] = kernel
    return experiment


ROWS = [[1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [3.0, 1.0]]


@pytest.mark.parametrize(("dead", "level"), [(0, "fine"), (1, "fine"), (2, "look"), (4, "problem")])
def test_dead_units_are_counted(dead: int, level: str, tmp_path: Path) -> None:
    # All inputs are above 0, so that a unit whose weights are below gives 0 for all of them.
    experiment = inline(tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[4])
    weights = [-1.0] * dead + [1.0, 2.0, 3.0, 4.0][dead:]
    other = [*weights[:-1], 1.1 * weights[-1]]
    (finding,) = units(set_first_kernel(experiment, [weights, other]))
    assert finding.level == level
    assert (
        f"{dead} is dead on 4 rows" in finding.what
        or f"{dead} of 4 in dense_1" in finding.what
        or not dead
    )
    assert ("leaky_relu" in finding.advice) is (level != "fine")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_saturated_units_are_counted(activation: str, tmp_path: Path) -> None:
    experiment = inline(
        tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[4], activation=activation
    )
    # f′ is below a hundredth of f′(0) from |z| = 3 on for tanh, 6 for sigmoid.
    (finding,) = units(set_first_kernel(experiment, [[9.0, -9.0, 0.1, 0.2]] * 2))
    assert finding.level == "look"
    assert "saturated" in finding.what
    assert finding.what.endswith("4 rows: 2 of 4 in dense_1")


def test_a_unit_is_saturated_where_nine_rows_of_ten_are(tmp_path: Path) -> None:
    for flat, level in ((8, "fine"), (9, "problem")):
        rows = [[10.0 + i] for i in range(flat)] + [[0.1 * i] for i in range(10 - flat)]
        experiment = inline(tmp_path, rows, ["a", "b"] * 5, architecture=[1], activation="tanh")
        (finding,) = units(set_first_kernel(experiment, [[1.0]]))
        assert finding.level == level


def test_an_output_layer_with_an_activation_counts_too(tmp_path: Path) -> None:
    experiment = inline(
        tmp_path, ROWS, [0.5, 0.1, 0.2, 0.3], architecture=[], output_activation="tanh"
    )
    (finding,) = units(set_first_kernel(experiment, [[50.0], [50.0]]))
    assert "1 of 1 in dense_1" in finding.what
    assert not units(inline(tmp_path, ROWS, [0.5, 0.1, 0.2, 0.3], architecture=[]))


def test_constant_units_are_counted(tmp_path: Path) -> None:
    experiment = inline(tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[2], activation="linear")
    (finding,) = units(set_first_kernel(experiment, [[0.0, 1.0], [0.0, 2.0]]))
    assert (finding.level, "give the same" in finding.what) == ("look", True)


@pytest.mark.parametrize("initializer", ["zeros", "{name: uniform, minval: 0.5, maxval: 0.5}"])
def test_units_that_begin_alike_are_a_problem(initializer: str) -> None:
    (finding,) = units(shipped("iris", f"initializer={initializer}"))
    assert finding.level == "problem"
    assert "equal weights" in finding.what
    assert "initializer: auto" in finding.advice


@pytest.mark.parametrize("function", ["leaky_relu", "elu", "gelu", "silu", "softplus", "linear"])
def test_other_activations_and_normalization_are_fine(function: str) -> None:
    (finding,) = units(shipped("iris", f"activation={function}", "batch_norm=true", "dropout=0.5"))
    assert finding.what == "none of 16 units is dead, saturated or constant"


def test_one_row_says_nothing_about_units(tmp_path: Path) -> None:
    assert not units(inline(tmp_path, [[1.0, 2.0]], [0.5]))


def test_ten_sigmoid_layers_let_the_gradient_vanish() -> None:
    finding = gradients(shipped("iris", DEEP, "activation=sigmoid"))
    assert finding.level == "problem"
    assert "vanishes" in finding.what
    assert "dense_1" in finding.what
    assert "dense_11" in finding.what
    assert "sigmoid" in finding.advice
    assert "relu or tanh" in finding.advice


@pytest.mark.parametrize("change", ["activation=relu", "activation=tanh", "batch_norm=true"])
def test_what_is_advised_against_vanishing_helps(change: str) -> None:
    overrides = [DEEP, "activation=sigmoid", change]
    assert gradients(shipped("iris", *overrides)).level == "fine"


def test_large_weights_let_the_gradient_explode() -> None:
    finding = gradients(shipped("iris", DEEP, "initializer={name: normal, stddev: 5}"))
    assert finding.level == "look"
    assert "grows" in finding.what


def test_zeros_have_no_gradient_at_all() -> None:
    finding = gradients(shipped("iris", "initializer=zeros"))
    assert finding.level == "problem"
    assert "no weight has a gradient" in finding.what


def test_the_sizes_are_root_mean_squares_and_the_step_of_sgd_is_rate_times_gradient() -> None:
    experiment = shipped("iris", "optimizer=sgd", "learning_rate=0.25")
    first = rehearse(experiment)
    kernels = [dense.kernel.astype(float) for dense in first.network.dense]
    grads = [dense.kernel_grad.astype(float) for dense in first.network.dense]
    for layer, w, g in zip(measure_layers(experiment.config, first), kernels, grads, strict=True):
        assert layer.weights == pytest.approx(np.sqrt((w**2).mean()))
        assert layer.gradient == pytest.approx(np.sqrt((g**2).mean()))
        assert layer.step == pytest.approx(0.25 * layer.gradient / layer.weights, rel=1e-4)


def test_the_first_step_of_adam_changes_each_weight_by_the_learning_rate() -> None:
    experiment = shipped("iris")
    first = rehearse(experiment)
    before = first.network.weights.copy()
    for layer in measure_layers(experiment.config, first):
        assert layer.step is not None
        assert layer.step * layer.weights == pytest.approx(
            experiment.config.learning_rate, rel=1e-3
        )
    assert np.array_equal(first.network.weights, before)


def test_a_line_search_has_no_first_step_to_judge() -> None:
    experiment = shipped("iris", "optimizer=lbfgs", "batch_size=full")
    layers = measure_layers(experiment.config, rehearse(experiment))
    assert [layer.step for layer in layers] == [None, None]
    assert not list(check_steps(experiment.config, layers))


@pytest.mark.parametrize(
    ("steps", "level", "fitting"),
    [
        ([0.31, 0.001], "look", 0.01 * 0.01 / 0.31),
        ([0.3, 0.001], "fine", None),
        ([12.0, None], "look", 0.01 * 0.01 / 12),
        ([1e-7, 1e-6], "fine", None),
        ([1e-8, 2e-8], "look", 0.01 * 0.01 / 2e-8),
    ],
)
def test_steps_out_of_proportion_come_with_a_rate_that_fits(
    steps: list[float | None], level: str, fitting: float | None
) -> None:
    config = shipped("iris").config  # of learning_rate 0.01
    layers = [LayerScale(f"dense_{i}", 1.0, 1.0, step) for i, step in enumerate(steps)]
    (finding,) = check_steps(config, layers)
    assert finding.level == level
    assert fitting_rate(config, layers) == (fitting and pytest.approx(fitting, rel=0.5))
    assert ("learning_rate" in finding.advice) is (level == "look")


def test_a_copy_shares_no_memory_and_drops_nothing_out() -> None:
    network = shipped("iris", "dropout=0.5", "batch_norm=true").model.network
    copy = copy_network(network, momentum=0.0)
    assert not np.shares_memory(copy.weights, network.weights)
    assert np.array_equal(copy.weights, network.weights)
    assert (network.draws, copy.draws) == (True, False)
    assert copy.params.keys() == network.params.keys()


def test_a_thousand_rows_stand_for_all(tmp_path: Path) -> None:
    first = rehearse(shipped("moons", "dataset.samples=5000"))
    assert len(first.x) == 1000
    # The rows of many tables lie class by class.
    assert 400 < first.y.sum() < 600


def test_findings_can_be_told_apart_by_their_words() -> None:
    findings = [Finding("fine", "one thing"), Finding("look", "another", "advice")]
    assert about("another", findings).level == "look"
