"""Schedules: the learning rate as a pure function of the step, except for one that watches a score.

Nothing is carried from one step to the next, so a training run that is resumed at any step goes on
with the same rate. A schedule gives a factor of the learning rate; time is counted in epochs.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import cos, floor, pi
from typing import ClassVar

from nnscratch.nn.metrics import MONITORED
from nnscratch.nn.registry import Component, components, setting, with_settings
from nnscratch.nn.state import Stateful
from nnscratch.nn.training.early_stopping import EarlyStopping


@with_settings
class Schedule(Component, Stateful, ABC):
    """A factor of the learning rate for each step, after a linear warm-up if that is asked for.

    During the warm-up the factor rises in equal steps from almost 0 to 1; then the schedule itself
    begins. Goyal et al. 2017, "Accurate, large minibatch SGD".

    Attributes:
        spans_training: Whether it depends on how many epochs there are in all.
    """

    warmup_epochs: float = setting(
        0.0, "Epochs in which the learning rate rises from almost 0 to its full size.", ge=0, le=1e9
    )
    spans_training: ClassVar[bool] = False

    def factor(self, step: int, steps_per_epoch: int, epochs: int) -> float:
        """Returns the factor for a step.

        Args:
            step: Counted from 0 over the whole training.
            steps_per_epoch: At least 1.
            epochs: Of the whole training run; what lies beyond has the factor of its end.
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
        """Takes the scores of an epoch, counted from 1."""


@with_settings
class ConstantSchedule(Schedule):
    """The learning rate as it is."""

    name = "constant"

    def decay(self, epoch: float, epochs: float) -> float:
        return 1.0


@with_settings
class StepSchedule(Schedule):
    """A fall to a share of itself every few epochs: γ^⌊t / n⌋."""

    every: float = setting(10.0, "n, the epochs from one fall to the next.", ge=1e-9, le=1e9)
    gamma: float = setting(0.1, "γ, the share that is left after each fall.", gt=0, le=1)
    name = "step"

    def decay(self, epoch: float, epochs: float) -> float:
        # A step on the border belongs to what begins there, whatever rounding says.
        return self.gamma ** floor(epoch / self.every + 1e-9)


@with_settings
class ExponentialSchedule(Schedule):
    """A fall by the same share in each epoch: γ^t."""

    gamma: float = setting(0.95, "γ, the share that is left after each epoch.", gt=0, le=1)
    name = "exponential"

    def decay(self, epoch: float, epochs: float) -> float:
        return float(self.gamma**epoch)


@with_settings
class InverseTimeSchedule(Schedule):
    """A fall that grows slower and slower: 1 / (1 + k t)."""

    decay_rate: float = setting(
        1.0, "k, per epoch; 1 halves the rate after one epoch.", ge=0, le=1e30
    )
    name = "inverse_time"

    def decay(self, epoch: float, epochs: float) -> float:
        return 1.0 / (1.0 + self.decay_rate * epoch)


@with_settings
class LinearSchedule(Schedule):
    """A straight line from 1 to e: e + (1 − e) (1 − t / T)."""

    end: float = setting(0.0, "e, the factor of the learning rate at the end.", ge=0, le=1)
    name = "linear"
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall(1.0 - epoch / epochs, self.end)


@with_settings
class PolynomialSchedule(Schedule):
    """A power of the time that is left: e + (1 − e) (1 − t / T)^p, from 1 to e."""

    power: float = setting(
        2.0, "p; 1 is a straight line, more falls faster at first.", gt=0, le=100
    )
    end: float = setting(0.0, "e, the factor of the learning rate at the end.", ge=0, le=1)
    name = "polynomial"
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall(float((1.0 - epoch / epochs) ** self.power), self.end)


@with_settings
class CosineSchedule(Schedule):
    """Half a wave of a cosine from 1 to e. Loshchilov and Hutter 2017 (SGDR).

    e + (1 − e) (1 + cos(π t / T)) / 2.
    """

    end: float = setting(0.0, "e, the factor of the learning rate at the end.", ge=0, le=1)
    name = "cosine"
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        return _fall((1.0 + cos(pi * epoch / epochs)) / 2, self.end)


@with_settings
class OneCycleSchedule(Schedule):
    """Up from a start to 1 and down to an end, in waves of a cosine. Smith and Topin 2018."""

    start: float = setting(0.04, "Factor of the learning rate at the start.", ge=0, le=1)
    peak: float = setting(
        0.3, "When the factor 1 is reached, as a share of the epochs.", gt=0, lt=1
    )
    end: float = setting(4e-6, "Factor of the learning rate at the end.", ge=0, le=1)
    name = "one_cycle"
    spans_training = True

    def decay(self, epoch: float, epochs: float) -> float:
        share = epoch / epochs
        if share < self.peak:
            return _fall((1.0 - cos(pi * share / self.peak)) / 2, self.start)
        fallen = (share - self.peak) / (1.0 - self.peak)
        return _fall((1.0 + cos(pi * fallen)) / 2, self.end)


@with_settings
class PlateauSchedule(Schedule):
    """A fall whenever a score has got no better for a while."""

    monitor: str = setting("val_loss", "Score that is watched.", choices=MONITORED)
    gamma: float = setting(0.5, "Share that is left after each fall.", gt=0, lt=1)
    patience: int = setting(
        3, "Epochs without a better score before the rate falls.", ge=1, le=10**9
    )
    min_delta: float = setting(
        0.0, "A score counts as better only if it improves by more than this.", ge=0, le=1e30
    )
    end: float = setting(0.0, "The factor falls no further than this.", ge=0, le=1)
    name = "reduce_on_plateau"
    counters = ("reduced",)

    def __post_init__(self) -> None:
        super().__post_init__()
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


SCHEDULES = components(Schedule)
