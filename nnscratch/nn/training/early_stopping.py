"""Early stopping: when a figure has not improved for some epochs, more epochs will not help.

Prechelt 1998, "Early stopping, but when?".
"""

from dataclasses import dataclass, field
from math import nan

from nnscratch.nn.metrics import is_better, metric_of
from nnscratch.nn.state import Stateful


@dataclass
class EarlyStopping(Stateful):
    """Watches one figure from epoch to epoch.

    Args:
        monitor: The figure's name, such as `val_loss`.
        patience: How many epochs without a better value end the training, at least 1.
        min_delta: A value counts as better only if it is better by more than this, at least 0.
    """

    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    best: float = field(default=nan, init=False)
    best_epoch: int = field(default=0, init=False)
    counters = ("best", "best_epoch")

    def prepare(self) -> None:
        """Forgets all earlier epochs."""
        self.best, self.best_epoch = nan, 0

    def accepts(self, name: str, number: object) -> bool:
        """Accepts any number as the best figure, nan among them."""
        if name != "best":
            return super().accepts(name, number)
        return isinstance(number, int | float) and not isinstance(number, bool)

    def observe(self, epoch: int, value: float) -> bool:
        """Takes the figure of an epoch, counted from 1, and returns whether to stop."""
        metric = metric_of(self.monitor)
        worsening = -1.0 if metric and metric.higher_is_better else 1.0
        if is_better(self.monitor, value + worsening * self.min_delta, self.best):
            self.best, self.best_epoch = value, epoch
        return self.is_over(epoch)

    def is_over(self, epoch: int) -> bool:
        """Returns whether the patience has run out after an epoch."""
        return epoch - self.best_epoch >= self.patience
