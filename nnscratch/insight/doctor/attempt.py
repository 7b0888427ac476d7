"""An attempt to learn a few rows by heart, with a copy of an untrained network.

It is done with what a config says of the steps, and without what would be in the way.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from nnscratch.config import Config
from nnscratch.errors import DivergedError
from nnscratch.insight.doctor.rehearsal import copy_network, guessing_loss
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizer import Optimizer
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import create, describe
from nnscratch.nn.training import fit
from nnscratch.preparation import Experiment

# What has this part of its first loss left is learnt, if it is also below this part of the loss
# of guessing; what has the third is hardly begun.
_LEFT, _OF_GUESSING, _STUCK = 0.1, 0.5, 0.9
# What has so many times its first loss goes the wrong way.
_RISEN = 2.0
_STEPS, _SECONDS = 1_000, 10.0


@dataclass(frozen=True)
class Attempt:
    """An attempt to learn a batch by heart.

    Attributes:
        rate: The learning rate.
        begin: The loss before the first step.
        end: The loss before the last step.
        steps: How many steps there were.
        goal: Where `end` should be.
        diverged: Whether the loss ceased to be finite.
    """

    rate: float
    begin: float
    end: float
    steps: int
    goal: float
    diverged: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the batch is learnt."""
        return not self.diverged and self.end <= self.goal

    @property
    def stuck(self) -> bool:
        """Whether hardly anything has been learnt."""
        return self.diverged or self.end > _STUCK * self.begin

    @property
    def risen(self) -> bool:
        """Whether it went the wrong way."""
        return self.diverged or self.end > _RISEN * self.begin


def overfit(
    experiment: Experiment,
    x: Array,
    y: Targets,
    rate: float,
    *,
    steps: int = _STEPS,
    seconds: float = _SECONDS,
) -> Attempt:
    """Trains a copy of the untrained network on one batch, until it is learnt or time is up."""
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
        epochs=steps,
        batch_size=None,
        clip_norm=config.clip_norm,
        metric=model.encoding.metric(),
    )
    started, done, begin, end = perf_counter(), 0, 0.0, 0.0
    # Where the first loss is far above that of guessing, a tenth of it is nothing yet.
    goal, highest = 0.0, _OF_GUESSING * guessing_loss(network, y)
    try:
        with np.errstate(all="ignore"):
            for record in records:
                done, end = record.epoch, record.scores["loss"]
                if done == 1:
                    begin = end
                    goal = min(_LEFT * begin, highest or begin)
                if end <= goal or perf_counter() - started > seconds:
                    break
    except DivergedError as error:
        return Attempt(rate, begin, end, error.step, goal, diverged=True)
    return Attempt(rate, begin, end, done, goal)


def _without_decay(config: Config) -> Optimizer:
    spec = config.optimizer.model_dump()
    return create(OPTIMIZERS, spec | {key: 0.0 for key in spec if key == "weight_decay"})
