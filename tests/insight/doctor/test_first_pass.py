"""The first pass of an untrained network; its loss, where arithmetic says what guessing costs."""

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import (
    check_first_loss,
    copy_network,
    guessing_loss,
    run_first_pass,
)
from tests.insight.doctor.support import inline, shipped, table_of


def test_a_copy_shares_no_memory_and_drops_nothing_out() -> None:
    network = shipped("iris", "dropout=0.5", "batch_norm=true").model.network
    copy = copy_network(network)
    assert not np.shares_memory(copy.weights, network.weights)
    assert np.array_equal(copy.weights, network.weights)
    assert (network.draws, copy.draws) == (True, False)
    assert copy.params.keys() == network.params.keys()


def test_a_thousand_rows_stand_for_all(tmp_path: Path) -> None:
    first = run_first_pass(shipped("moons", "dataset.samples=5000"))
    assert len(first.x) == 1000
    # The rows of many tables lie class by class.
    assert 400 < first.y.sum() < 600


@pytest.mark.parametrize(("name", "k"), [("iris", 3), ("digits", 10), ("xor", 2)])
def test_guessing_among_k_classes_costs_ln_k(name: str, k: int) -> None:
    first = run_first_pass(shipped(name))
    assert guessing_loss(first.network, first.y) == pytest.approx(log(k), rel=1e-6)


def test_guessing_has_label_smoothing_and_class_weights_in_it() -> None:
    first = run_first_pass(shipped("iris", "label_smoothing=0.2", "class_weight={setosa: 4}"))
    # A third of the rows counts four times.
    assert guessing_loss(first.network, first.y) == pytest.approx(log(3) * 2, rel=1e-6)


def test_guessing_a_number_is_saying_the_mean_so_it_costs_the_variance(tmp_path: Path) -> None:
    first = run_first_pass(inline(tmp_path, [[1.0], [2.0]], [[0.0, 5.5], [4.0, 5.5]]))
    # Variances 4 and 0.
    assert guessing_loss(first.network, first.y) == pytest.approx(2.0)


def test_an_ordinary_first_loss_is_fine() -> None:
    finding = check_first_loss(run_first_pass(shipped("iris")))
    assert finding.level == "fine"
    assert finding.rule.endswith("guessing costs 1.0986 (ln 3)")


@pytest.mark.parametrize("loss", ["hinge", "mse", "mae", "huber", "log_cosh"])
def test_losses_of_plain_numbers_begin_well_too(loss: str) -> None:
    assert check_first_loss(run_first_pass(shipped("iris", f"loss={loss}"))).level == "fine"


def test_a_loss_that_overflows_is_a_problem() -> None:
    tall = ["initializer={name: normal, stddev: 1e30}", "activation=relu"]
    first = run_first_pass(shipped("iris", *tall))
    assert not first.finite
    finding = check_first_loss(first)
    assert (finding.level, "not finite" in finding.rule) == ("problem", True)


def first_loss(experiment: Experiment) -> Finding:
    return check_first_loss(run_first_pass(experiment))


def test_inputs_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("digits", "dataset.scaling=none"))
    assert finding.level == "look"
    assert "far above the 2.3026 (ln 10) of guessing" in finding.rule
    assert finding.rule.endswith("; the inputs go up to 16")
    assert finding.changes == ("dataset.scaling: standardize",)


def test_inputs_in_the_config_are_scaled_by_who_wrote_them(tmp_path: Path) -> None:
    rows = [[300.0, 1.0], [-200.0, 5.0], [900.0, 1.0]]
    finding = first_loss(inline(tmp_path, rows, ["a", "b", "a"]))
    assert finding.rule.endswith("; the inputs go up to 900")
    assert (finding.remedy, finding.changes) == ("scale them to about -1 to 1", ())


def test_first_weights_that_are_too_large_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("iris", "initializer={name: normal, stddev: 5}"))
    assert finding.level == "look"
    assert finding.rule.endswith("; the first weights, of normal, are large")
    assert finding.changes == ("initializer: auto",)


def test_targets_out_of_scale_are_named_as_the_cause() -> None:
    finding = first_loss(shipped("diabetes", "dataset.target_scaling=none"))
    assert finding.level == "look"
    assert finding.rule.endswith("; the targets are large")
    assert finding.changes == ("dataset.target_scaling: standardize",)


def test_numbers_that_are_scaled_are_not_to_be_scaled_again(tmp_path: Path) -> None:
    columns = {"x": [*np.linspace(-1, 1, 900), 1e6], "y": np.sin(np.arange(901))}
    first = replace(run_first_pass(table_of(tmp_path, columns)), loss=99.0)
    finding = check_first_loss(first)
    # One of n numbers is √(n − 1) standard deviations from the mean if the others are all the same.
    assert finding.rule.endswith("; the inputs go up to 30")
    assert finding.remedy.startswith("they are scaled")
    assert not finding.changes
