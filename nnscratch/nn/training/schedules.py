"""Schedules: the learning rate as a pure function of the step, but for one that watches a figure.

Nothing is carried from one step to the next, so a training that begins again at any step goes on
with the same rate. A schedule gives a factor of the learning rate; time is counted in epochs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, floor, pi
from typing import ClassVar

from nnscratch.nn.state import Stateful
from nnscratch.nn.training.early_stopping import EarlyStopping


@dataclass
class Schedule(Stateful, ABC):
    """A factor of the learning rate for each step, after a linear warm-up if that is asked for.

    `spans_training` says that it depends on how many epochs there are in all.

    Args:
        warmup_epochs: For so long the factor rises in equal steps from almost 0 to 1, at the end of
            which the schedule itself begins. Goyal et al. 2017, "Accurate, large minibatch SGD".
    """

    warmup_epochs: float = 0.0
    spans_training: ClassVar[bool] = False

    def factor(self, step: int, steps_per_epoch: int, epochs: int) -> float:
        """Returns the factor for a step.

        Args:
            step: Counted from 0 over the whole training.
            steps_per_epoch: At least 1.
            epochs: Of the whole training; what lies beyond has the factor of its end.
        """
        warmup = round(self.warmup_epochs * steps_per_epoch)
        if step < warmup:
            return (step + 1) / warmup
        total = epochs * steps_per_epoch - warmup
        done = min(step - warmup, total)
        return self.decay(done / steps_per_epoch, total / steps_per_epoch)

    @abstractmethod
    def decay(self, epoch: float, epochs: float) -> float:
        """Returns the factor at a time `epoch` from 0 to `epochs`, both without the warm-up."""

    def prepare(self) -> None:
        """Forgets all earlier epochs."""

    def observe(self, epoch: int, scores: Mapping[str, float]) -> None:
        """Takes the figures of an epoch, counted from 1."""


@dataclass
class ConstantSchedule(Schedule):
    """1."""

    def decay(self, epoch: float, epochs: float) -> float:
        return 1.0


@dataclass
class StepSchedule(Schedule):
    """γ^⌊t / n⌋: the factor falls to γ of itself every n epochs.

    Args:
        every: n, in epochs, above 0.
        gamma: γ, above 0 and at most 1.
    """

    every: float = 10.0
    gamma: float = 0.1

    def decay(self, epoch: float, epochs: float) -> float:
        # A step on the border belongs to what begins there, whatever rounding says.
        return self.gamma ** floor(epoch / self.every + 1e-9)


@dataclass
class ExponentialSchedule(Schedule):
    """γ^t.

    Args:
        gamma: γ, what is left after each epoch, above 0 and at most 1.
    """

    gamma: float = 0.95

    def decay(self, epoch: float, epochs: float) -> float:
        return float(self.gamma**epoch)


@dataclass
class InverseTimeSchedule(Schedule):
    """1 / (1 + k t).

    Args:
        decay_rate: k, per epoch, at least 0.
    """

    decay_rate: float = 1.0

    def decay(self, epoch: float, epochs: float) -> float:
        return 1.0 / (1.0 + self.decay_rate * epoch)


@dataclass
class PolynomialSchedule(Schedule):
    """e + (1 − e) (1 − t / T)^p, from 1 to e.

    Args:
        power: p, above 0.
        end: e, from 0 to 1.
    """

    power: float = 2.0
    end: float = 0.0
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall(float((1.0 - epoch / epochs) ** self.power), self.end)


@dataclass
class LinearSchedule(Schedule):
    """e + (1 − e) (1 − t / T), a straight line from 1 to e.

    Args:
        end: e, from 0 to 1.
    """

    end: float = 0.0
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall(1.0 - epoch / epochs, self.end)


@dataclass
class CosineSchedule(Schedule):
    """e + (1 − e) (1 + cos(π t / T)) / 2, from 1 to e. Loshchilov and Hutter 2017 (SGDR).

    Args:
        end: e, from 0 to 1.
    """

    end: float = 0.0
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall((1.0 + cos(pi * epoch / epochs)) / 2, self.end)


@dataclass
class OneCycleSchedule(Schedule):
    """Up from s to 1 and down to e, each half a wave of a cosine. Smith and Topin 2018.

    Args:
        start: s, from 0 to 1.
        peak: When 1 is reached, as a share of the epochs, above 0 and below 1.
        end: e, from 0 to 1.
    """

    start: float = 0.04
    peak: float = 0.3
    end: float = 4e-6
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        share = epoch / epochs
        if share < self.peak:
            return _fall((1.0 - cos(pi * share / self.peak)) / 2, self.start)
        fallen = (share - self.peak) / (1.0 - self.peak)
        return _fall((1.0 + cos(pi * fallen)) / 2, self.end)


@dataclass
class PlateauSchedule(Schedule):
    """1 at first, and γ of itself whenever a figure has got no better for n epochs.

    Args:
        monitor: The figure, such as `val_loss`.
        gamma: γ, above 0 and below 1.
        patience: n, at least 1.
        min_delta: A value counts as better only if it is so by more than this, at least 0.
        end: The factor falls no further than this, from 0 to 1.
    """

    monitor: str = "val_loss"
    gamma: float = 0.5
    patience: int = 3
    min_delta: float = 0.0
    end: float = 0.0
    counters = ("reduced",)

    def __post_init__(self) -> None:
        self.prepare()

    def prepare(self) -> None:
        self.watch = EarlyStopping(self.monitor, self.patience, self.min_delta)
        self.reduced = 1.0

    def decay(self, epoch: float, epochs: float) -> float:
        return self.reduced

    def observe(self, epoch: int, scores: Mapping[str, float]) -> None:
        if self.monitor not in scores or epoch <= self.warmup_epochs:
            return
        if self.watch.observe(epoch, scores[self.monitor]):
            self.reduced = max(self.reduced * self.gamma, self.end)
            self.watch.best_epoch = epoch  # from where the patience counts anew


def _fall(left: float, end: float) -> float:
    """Returns a factor of which the share `left`, from 1 to 0, of the way down to `end` is left."""
    return end + (1.0 - end) * left


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": ConstantSchedule,
    "step": StepSchedule,
    "exponential": ExponentialSchedule,
    "inverse_time": InverseTimeSchedule,
    "linear": LinearSchedule,
    "polynomial": PolynomialSchedule,
    "cosine": CosineSchedule,
    "one_cycle": OneCycleSchedule,
    "reduce_on_plateau": PlateauSchedule,
}
