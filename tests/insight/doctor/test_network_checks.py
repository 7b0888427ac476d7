"""What `doctor` finds in an untrained network, where arithmetic says what it must be."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import copy_network, guessing_loss, rehearse
from nnscratch.insight.doctor.network_checks import check_first_loss, check_units
from tests.insight.examining import about, inline, shipped


def first_loss(experiment: Experiment) -> Finding:
    return check_first_loss(experiment.config, rehearse(experiment))


def units(experiment: Experiment) -> list[Finding]:
    return list(check_units(rehearse(experiment)))


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
