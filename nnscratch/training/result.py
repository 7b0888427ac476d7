"""The result of a training run."""

from dataclasses import dataclass
from pathlib import Path

from nnscratch.nn.parameters import Array
from nnscratch.nn.training.epoch import EpochRecord


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """How a training run ended.

    Attributes:
        path: The run directory.
        status: `completed` or `interrupted`.
        stop_reason: Why it stopped.
        last: The record of the last epoch; None if none was finished.
        best: The record of the best epoch.
        best_weights: The network's `weights` after the best epoch, calibrated or not, if those are
            saved.
        test: The figures of the test rows, if there are any.
        seconds: How long training took.
    """

    path: Path
    status: str
    stop_reason: str
    last: EpochRecord | None
    best: EpochRecord | None
    best_weights: Array | None
    test: dict[str, float] | None
    seconds: float
