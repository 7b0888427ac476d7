"""Optimizers and schedules by name, and objects as they are."""

import pytest

from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.by_name import create_optimizer, create_schedule
from nnscratch.nn.training.schedules import StepSchedule


class Unregistered(SGD):
    """An optimizer of somebody else."""


def test_an_optimizer_comes_from_a_name_or_a_mapping() -> None:
    assert create_optimizer({"name": "sgd", "momentum": 0.5}) == SGD(momentum=0.5)
    with pytest.raises(ValueError, match="'sdg' is not one of"):
        create_optimizer("sdg")


def test_objects_are_returned_as_they_are() -> None:
    optimizer, schedule = Unregistered(), StepSchedule()
    assert create_optimizer(optimizer) is optimizer
    assert create_schedule(schedule) is schedule


@pytest.mark.parametrize("spec", ["constant", {"name": "constant", "warmup_epochs": 0.0}])
def test_a_rate_that_never_changes_has_no_schedule(spec: object) -> None:
    assert create_schedule(spec) is None  # type: ignore[arg-type]
    warm = create_schedule({"name": "constant", "warmup_epochs": 1.0})
    assert warm is not None
