"""The state of training after an epoch: with it, training goes on as if it had never stopped."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnscratch.nn.parameters import Array
from nnscratch.nn.state import Snapshot
from nnscratch.nn.training.epoch import EpochRecord


@dataclass(frozen=True)
class TrainingState:
    """All that changes from epoch to epoch.

    Attributes:
        weights: The network's.
        best_weights: Those of the best epoch, if they are the ones to keep.
        states: The states of the optimizer and of whatever else learns, by name.
        last: The record of the last epoch.
        best: The record of the best epoch.
        seconds: How long it took.
    """

    weights: Array
    best_weights: Array | None
    states: Mapping[str, Snapshot]
    last: EpochRecord
    best: EpochRecord | None
    seconds: float
