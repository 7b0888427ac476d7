"""What a training came to, as whoever asked for it is told."""

from dataclasses import dataclass
from pathlib import Path

from nnscratch.nn.parameters import Array
from nnscratch.nn.training.fit import EpochRecord
from nnscratch.training.learner import Learning


@dataclass
class Outcome:
    """What a training came to.

    Attributes:
        path: The run directory.
        learning: How far it came.
        status: `running`, `completed`, `interrupted`, `diverged` or `failed`.
        reason: Why it stopped.
        test: The figures of the test part, if there is one.
        seconds: How long the training took.
    """

    path: Path
    learning: Learning
    status: str = "running"
    reason: str = ""
    test: dict[str, float] | None = None
    seconds: float = 0.0

    @property
    def last(self) -> EpochRecord | None:
        """The record of the last epoch; None if none was finished."""
        return self.learning.last

    @property
    def best(self) -> EpochRecord | None:
        """The record of the best epoch."""
        return self.learning.best

    @property
    def best_weights(self) -> Array | None:
        """The network's `weights` after the best epoch, if those are saved."""
        return self.learning.best_weights
