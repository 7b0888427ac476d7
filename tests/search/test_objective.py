"""The objective: which figure of a run, which way is better, and whether it is measured."""

from math import inf, nan
from pathlib import Path

import pytest

from nnscratch.errors import ConfigError
from nnscratch.experiment.prepare import prepare
from nnscratch.runs import RunRecord
from nnscratch.runs.record import Many
from nnscratch.search.objective import (
    check_objective,
    cost_of,
    figure_of,
    value_of,
    with_objective,
)
from tests.searching import BASE, small


@pytest.mark.parametrize(
    ("value", "objective", "cost"),
    [
        (0.25, "val_loss", 0.25),
        (0.25, "val_accuracy", -0.25),
        (3.0, "mae", 3.0),
        (nan, "val_loss", inf),
        (-inf, "val_accuracy", inf),
        (None, "val_loss", inf),
    ],
)
def test_a_cost_is_better_if_it_is_less(value: float | None, objective: str, cost: float) -> None:
    assert cost_of(value, objective) == cost
    assert value_of(cost, objective) == (None if cost == inf else value)


def test_the_figure_is_that_of_the_epoch_that_is_kept(tmp_path: Path) -> None:
    record = RunRecord(best_epoch=3, best={"val_loss": 0.1}, final={"val_loss": 0.3})
    record.kept_epoch = 3
    record.write(tmp_path)
    assert figure_of(tmp_path, "val_loss") == 0.1
    record.kept_epoch = 9
    record.write(tmp_path)
    assert figure_of(tmp_path, "val_loss") == 0.3
    assert figure_of(tmp_path, "val_accuracy") is None


@pytest.mark.parametrize(
    ("base", "objective", "rule"),
    [
        (BASE.replace(", validation: 0.25", ""), "val_loss", "no rows are held out"),
        (BASE, "val_mae", "must be val_loss or val_accuracy or loss or accuracy"),
        (BASE, "val_calibrated_loss", "calibrate=auto measures it"),
    ],
)
def test_an_objective_that_is_not_measured_is_refused(
    tmp_path: Path, base: str, objective: str, rule: str
) -> None:
    config = small(tmp_path, f"objective: {objective}", base=base)
    with pytest.raises(ConfigError, match=rule):
        check_objective(config, prepare(config))


def test_one_that_is_measured_is_fine(tmp_path: Path) -> None:
    for objective in ("val_loss", "val_accuracy", "loss", "accuracy"):
        config = small(tmp_path, f"objective: {objective}")
        check_objective(config, prepare(config))
    config = small(tmp_path, "objective: val_calibrated_loss", base=f"{BASE}calibrate: auto\n")
    check_objective(config, prepare(config))


def test_of_folds_the_calibrated_loss_is_the_one_of_the_rows_that_were_held_out(
    tmp_path: Path,
) -> None:
    RunRecord(many=Many(folds=3), test={"loss": 0.25, "accuracy": 0.5}).write(tmp_path)
    assert figure_of(tmp_path, "val_calibrated_loss") == 0.25
    assert figure_of(tmp_path, "val_loss") == 0.25
    assert figure_of(tmp_path, "val_accuracy") == 0.5


@pytest.mark.parametrize(
    ("base", "given", "expected"),
    [
        ("", "", "val_loss"),
        ("calibrate: auto", "", "val_calibrated_loss"),
        ("calibrate: true", "objective: val_loss", "val_loss"),
        ("calibrate: true", "objective: auto", "val_calibrated_loss"),
        ("calibrate: auto\nloss: hinge", "", "val_loss"),
    ],
)
def test_unless_given_it_is_the_validation_loss_of_what_is_saved(
    base: str, given: str, expected: str, tmp_path: Path
) -> None:
    config = small(tmp_path, given or "trials: 4", base=f"{BASE}{base}\n")
    resolved = with_objective(config, prepare(config))
    assert resolved.search
    assert resolved.search.objective == expected
    check_objective(resolved, prepare(config))


def test_where_calibration_varies_each_trial_has_the_loss_of_what_it_saves(tmp_path: Path) -> None:
    config = small(tmp_path, space="\n  space:\n    calibrate: {choice: [true, false]}\n")
    resolved = with_objective(config, prepare(config))
    assert resolved.search
    assert resolved.search.objective == "val_calibrated_loss"
    check_objective(resolved, prepare(config))
    record = RunRecord(best_epoch=1, kept_epoch=1, best={"val_loss": 0.5})
    record.write(tmp_path)
    assert figure_of(tmp_path, "val_calibrated_loss") == 0.5
    for loss in (0.25, None):  # None where it was not finite
        record.best = {"val_loss": 0.5, "val_calibrated_loss": loss}
        record.write(tmp_path)
        assert figure_of(tmp_path, "val_calibrated_loss") == loss
