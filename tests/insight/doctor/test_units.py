"""Useless units of an untrained network, where arithmetic says which."""

from pathlib import Path

import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.units import check_units, check_widths
from tests.insight.doctor.support import inline, shipped


def units(experiment: Experiment) -> list[Finding]:
    return list(check_units(run_first_pass(experiment)))


def set_first_kernel(experiment: Experiment, kernel: list[list[float]]) -> Experiment:
    experiment.model.network.dense[0].kernel[:] = kernel
    return experiment


ROWS = [[1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [3.0, 1.0]]


def widths(experiment: Experiment) -> list[Finding]:
    return [*check_widths(run_first_pass(experiment))]


@pytest.mark.parametrize(("dead", "level"), [(0, "fine"), (1, "fine"), (2, "look"), (4, "problem")])
def test_dead_units_are_counted(dead: int, level: str, tmp_path: Path) -> None:
    # All inputs are above 0, so that a unit whose weights are below gives 0 for all of them.
    experiment = inline(tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[4])
    weights = [-1.0] * dead + [1.0, 2.0, 3.0, 4.0][dead:]
    other = [*weights[:-1], 1.1 * weights[-1]]
    (finding,) = units(set_first_kernel(experiment, [weights, other]))
    assert finding.level == level
    assert (
        finding.rule == f"only a few of 4 units are useless on 4 rows: {dead} dead"
        or f"{dead} of 4 in dense_1" in finding.rule
        or not dead
    )
    assert ("activation: leaky_relu" in finding.changes) is (level != "fine")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_saturated_units_are_counted(activation: str, tmp_path: Path) -> None:
    experiment = inline(
        tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[4], activation=activation
    )
    # f′ is below a hundredth of f′(0) from |z| = 3 on for tanh, 6 for sigmoid.
    (finding,) = units(set_first_kernel(experiment, [[9.0, -9.0, 0.1, 0.2]] * 2))
    assert finding.level == "look"
    assert "saturated" in finding.rule
    assert finding.rule.endswith(": 2 of 4 in dense_1")


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
    assert "1 of 1 in dense_1" in finding.rule
    assert not units(inline(tmp_path, ROWS, [0.5, 0.1, 0.2, 0.3], architecture=[]))


def test_constant_units_are_counted(tmp_path: Path) -> None:
    experiment = inline(tmp_path, ROWS, ["a", "b", "a", "b"], architecture=[2], activation="linear")
    (finding,) = units(set_first_kernel(experiment, [[0.0, 1.0], [0.0, 2.0]]))
    assert (finding.level, "always giving the same output" in finding.rule) == ("look", True)


@pytest.mark.parametrize("initializer", ["zeros", "{name: uniform, minval: 0.5, maxval: 0.5}"])
def test_units_that_begin_alike_are_a_problem(initializer: str) -> None:
    (finding,) = units(shipped("iris", f"initializer={initializer}"))
    assert finding.level == "problem"
    assert "equal first weights" in finding.rule
    assert finding.changes == ("initializer: auto",)


@pytest.mark.parametrize("function", ["leaky_relu", "elu", "gelu", "silu", "softplus", "linear"])
def test_other_activations_and_normalization_are_fine(function: str) -> None:
    (finding,) = units(shipped("iris", f"activation={function}", "batch_norm=true", "dropout=0.5"))
    assert finding.rule == "no unit is dead, saturated or constant (16 units)"


def test_one_row_says_nothing_about_units(tmp_path: Path) -> None:
    assert not units(inline(tmp_path, [[1.0, 2.0]], [0.5]))


def test_layers_narrower_than_the_classes_are_named() -> None:
    (finding,) = widths(shipped("digits", "architecture=[4, 16, 9]"))
    assert finding.level == "look"
    assert "narrower than the 10 classes: dense_1 has 4 units, dense_3 has 9 units" in finding.rule
    assert finding.changes == ("architecture: [40, 40, 40]",)


@pytest.mark.parametrize("architecture", ["[]", "[10]", "[16, 10]"])
def test_layers_of_a_unit_for_each_class_are_wide_enough(architecture: str) -> None:
    assert not list(widths(shipped("digits", f"architecture={architecture}")))


def test_numbers_need_no_width() -> None:
    assert not list(widths(shipped("diabetes", "architecture=[1]")))
