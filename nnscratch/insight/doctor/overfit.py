"""An attempt to learn a few rows by heart, with a copy of an untrained network.

It is done with what a config says of the steps, and without what would be in the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from time import perf_counter

import numpy as np

from nnscratch.config import Config
from nnscratch.errors import DivergedError
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.first_pass import copy_network, guessing_loss
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import create, describe
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

# What has this part of its first loss left is learnt, if it is also below this part of the loss
# of guessing; what has the third is hardly begun.
_LEFT, _OF_GUESSING, _STUCK = 0.1, 0.5, 0.9
# What has so many times its first loss goes the wrong way.
_RISEN = 2.0
# What falls in the second half by less than this part of what it fell in the first has stopped.
_STOPPED = 0.01
_LEAST_STEPS, _SECONDS = 1_000, 5.0


@dataclass(frozen=True)
class Attempt:
    """An attempt to learn a batch by heart.

    Attributes:
        rate: The learning rate.
        losses: Before the first step, half-way, and before the last step.
        steps: How many steps there were.
        goal: Where the loss should end.
        right: Whether all rows are answered rightly, by a loss well below that of guessing.
        diverged: Whether the loss ceased to be finite.
    """

    rate: float
    losses: tuple[float, float, float]
    steps: int
    goal: float
    right: bool = False
    diverged: bool = False

    @property
    def begin(self) -> float:
        """The loss before the first step."""
        return self.losses[0]

    @property
    def end(self) -> float:
        """The loss before the last step."""
        return self.losses[-1]

    @property
    def succeeded(self) -> bool:
        """Whether the batch is learnt."""
        return not self.diverged and (self.right or self.end <= self.goal)

    @property
    def stuck(self) -> bool:
        """Whether hardly anything has been learnt."""
        return self.diverged or self.end > _STUCK * self.begin

    @property
    def risen(self) -> bool:
        """Whether it went the wrong way."""
        return self.diverged or self.end > _RISEN * self.begin

    @property
    def stopped(self) -> bool:
        """Whether more steps would hardly change anything."""
        begin, middle, end = self.losses
        return middle - end <= _STOPPED * abs(begin - middle)


def overfit(
    experiment: Experiment,
    x: Array,
    y: Targets,
    rate: float,
    *,
    steps: int | None = None,
    seconds: float = _SECONDS,
) -> Attempt:
    """Trains a copy of the untrained network on one batch, until it is learnt or time is up.

    Args:
        experiment: Whose network is copied, and whose config says how.
        x: Inputs, (rows, inputs).
        y: Targets, as the loss takes them.
        rate: The learning rate, whatever the config's is.
        steps: At most; by default as many as the config asks for, but a thousand at least.
        seconds: At most.
    """
    config, model = experiment.config, experiment.model
    loss = describe(LOSSES, model.network.loss)
    plain = {k: v for k, v in loss.items() if k not in ("label_smoothing", "class_weight")}
    network = copy_network(model.network, loss=plain)
    records = fit(
        network,
        x,
        y,
        optimizer=_without_decay(config),
        learning_rate=rate,
        epochs=steps or max(_LEAST_STEPS, _steps_of(experiment)),
        batch_size=None,
        clip_norm=config.clip_norm,
        metric=model.encoding.metric(),
    )
    return _follow(records, rate, _OF_GUESSING * guessing_loss(network, y), seconds)


def _follow(records: Iterator[EpochRecord], rate: float, highest: float, seconds: float) -> Attempt:
    """Goes on until the loss is where it should be, which is never above `highest`."""
    started, losses, goal, right = perf_counter(), [], 0.0, False
    try:
        with np.errstate(all="ignore"):
            for record in records:
                losses.append(record.scores["loss"])
                # Where the first loss is far above that of guessing, a tenth of it is nothing yet.
                goal = min(_LEFT * losses[0], highest or losses[0])
                right = losses[-1] <= highest and record.scores.get("accuracy") == 1
                if losses[-1] <= goal or perf_counter() - started > seconds:
                    break
    except DivergedError as error:
        return Attempt(rate, _outline(losses), error.step, goal, diverged=True)
    return Attempt(rate, _outline(losses), len(losses), goal, right)


def _outline(losses: list[float]) -> tuple[float, float, float]:
    if not losses:
        return 0.0, 0.0, 0.0
    return losses[0], losses[len(losses) // 2], losses[-1]


def _steps_of(experiment: Experiment) -> int:
    """Returns how many steps the config asks for."""
    config, rows = experiment.config, len(experiment.dataset.splits["train"])
    batch = rows if config.batch_size == "full" else min(config.batch_size, rows)
    return config.epochs * ceil(rows / batch)


def _without_decay(config: Config) -> Optimizer:
    spec = config.optimizer.model_dump()
    return create(OPTIMIZERS, spec | {key: 0.0 for key in spec if key == "weight_decay"})
