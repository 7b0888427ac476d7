"""What a training run is given by name: its optimizer and its schedule."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.registry import Spec, create

if TYPE_CHECKING:
    from nnscratch.nn.training.schedules import Schedule


def create_optimizer(spec: Spec | Optimizer) -> Optimizer:
    """Returns the optimizer of a name or a mapping; an object, registered or not, as it is."""
    if isinstance(spec, Optimizer):
        return spec
    from nnscratch.nn.optimizers import OPTIMIZERS

    return create(OPTIMIZERS, spec)


def create_schedule(spec: "Spec | Schedule") -> "Schedule | None":
    """Returns the schedule of a name or a mapping; None for a rate that never changes.

    An object, registered or not, is returned as it is.
    """
    if not isinstance(spec, str | Mapping):
        return spec
    if spec in ("constant", {"name": "constant", "warmup_epochs": 0.0}):
        return None
    # Most training runs have no schedule and start faster without the definitions of all of them.
    from nnscratch.nn.training.schedules import SCHEDULES

    return create(SCHEDULES, spec)
