"""Early stopping: when a figure has not become better for some epochs, more will not help.

Prechelt 1998, "Early stopping, but when?".
"""

from dataclasses import dataclass, field
from math import isnan, nan

from nnscratch.nn.state import Stateful

HIGHER_IS_BETTER = ("accuracy", "val_accuracy")


def is_better(name: str, value: float, than: float) -> bool:
    """Says whether a metric's value is better than another; any number is better than nan."""
    if isnan(than):
        return not isnan(value)
    return value > than if name in HIGHER_IS_BETTER else value < than


@dataclass
class EarlyStopping(Stateful):
    """Watches one figure from epoch to epoch.

    Args:
        monitor: Its name.
        patience: So many epochs without a better value are borne, at least 1.
        min_delta: A value counts as better only if it is so by more than this, at least 0.
    """

    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    best: float = field(default=nan, init=False)
    best_epoch: int = field(default=0, init=False)
    counters = ("best", "best_epoch")

    def observe(self, epoch: int, value: float) -> bool:
        """Takes the figure of an epoch and returns whether to stop."""
        sign = -1.0 if self.monitor in HIGHER_IS_BETTER else 1.0
        # What would have to be passed to count.
        if is_better(self.monitor, value + sign * self.min_delta, self.best):
            self.best, self.best_epoch = value, epoch
        return self.is_over(epoch)

    def is_over(self, epoch: int) -> bool:
        """Says whether the patience is over after an epoch."""
        return epoch - self.best_epoch >= self.patience
