"""The loss of an untrained network, where arithmetic says what guessing costs."""

from math import log
from pathlib import Path

import pytest

from nnscratch.insight.doctor.first_loss import check_first_loss, guessing_loss
from nnscratch.insight.doctor.first_pass import run_first_pass
from tests.insight.doctor.support import inline, shipped


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
