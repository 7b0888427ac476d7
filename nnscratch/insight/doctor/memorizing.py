"""Training a copy of a network on a few rows until it knows them.

The optimizer, the learning rate and its factors are the config's. Regularization, schedules and
averages, which would only be in the way, are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from nnscratch.errors import DivergedError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.optimization import build_rate_factors
from nnscratch.insight.doctor.first_pass import FirstPass, copy_network, guessing_loss
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

_MAX_ROWS = 32
_MIN_ROWS = 4
# Rows are memorized when the loss is at most this share of the first one, and of that of guessing.
_MEMORIZED = 0.1
_MEMORIZED_OF_GUESSING = 0.5
# Hardly anything is learned if more than this share of the first loss is left.
_STUCK = 0.9
# The loss has stopped if its fall in the second half is at most this share of that in the first.
_STOPPED = 0.01
_MIN_STEPS = 1_000
_MAX_SECONDS = 5.0


@dataclass(frozen=True)
class Memorization:
    """An attempt to memorize a few rows.

    Attributes:
        first: The loss before the first step.
        middle: The loss half-way.
        last: The loss before the last step.
        steps: The number of steps.
        succeeded: Whether the rows are memorized.
        diverged: Whether the loss is not finite any more.
        guessing: The loss of knowing nothing about the inputs of these rows.
    """

    first: float
    middle: float
    last: float
    steps: int
    succeeded: bool = False
    diverged: bool = False
    guessing: float = 0.0

    @property
    def fell_short(self) -> bool:
        """Whether the loss has fallen far, but hardly below that of guessing, which is tiny."""
        return not self.succeeded and self.last <= _MEMORIZED * self.first

    @property
    def stuck(self) -> bool:
        """Whether hardly anything has been learned."""
        return self.diverged or self.last > _STUCK * self.first

    @property
    def effort(self) -> float:
        """What to compare with that of others: the steps of a success, else the last loss."""
        return self.steps if self.succeeded else self.last

    @property
    def stopped(self) -> bool:
        """Whether more steps would hardly change anything."""
        return self.middle - self.last <= _STOPPED * abs(self.first - self.middle)


def choose_rows(first: FirstPass) -> NDArray[np.intp]:
    """Returns the indices of a few rows that a network should be able to memorize.

    All differ in their inputs, so that no two contradict each other, and there are at least two
    parameters for each number to be learned, or only a few rows.
    """
    parameters, outputs = first.network.params.flat.size, first.network.outputs
    most = max(_MIN_ROWS, min(_MAX_ROWS, parameters // (2 * outputs)))
    _, chosen = np.unique(first.x[: 4 * _MAX_ROWS], axis=0, return_index=True)
    return np.sort(chosen)[:most]


def memorize(
    experiment: Experiment,
    x: Array,
    y: Targets,
    *,
    steps: int | None = None,
    seconds: float = _MAX_SECONDS,
) -> Memorization:
    """Trains a copy of the untrained network on some rows, until it knows them or time is up.

    Args:
        experiment: Its network is copied; its config has the optimizer, the learning rate and its
            factors.
        x: Inputs, (rows, inputs).
        y: Targets, as the loss takes them.
        steps: The most steps; by default as many as the config asks for, but at least a thousand.
        seconds: The longest that it may take.
    """
    config, model = experiment.config, experiment.model
    optimizer = config.optimizer.model_dump()
    if "weight_decay" in optimizer:
        optimizer["weight_decay"] = 0.0
    # The loss without label smoothing and class weights, which config has as keys of their own.
    network = copy_network(model.network, loss=config.loss.model_dump())
    rows = len(experiment.dataset.splits["train"])
    steps_per_epoch = ceil(rows / config.batch_rows(rows))
    records = fit(
        network,
        x,
        y,
        optimizer=optimizer,
        learning_rate=config.learning_rate,
        epochs=steps or max(_MIN_STEPS, config.epochs * steps_per_epoch),
        batch_size=None,
        clip_norm=config.clip_norm,
        rate_factors=build_rate_factors(config),
        metric=model.encoding.metric(),
        measure_before=True,
    )
    return _follow(records, guessing_loss(network, y), seconds)


def _follow(records: Iterator[EpochRecord], guessing: float, seconds: float) -> Memorization:
    """Trains until the loss is low enough, for which guessing must cost more, or time is up."""
    highest = _MEMORIZED_OF_GUESSING * guessing
    started = perf_counter()
    losses: list[float] = []
    succeeded, diverged_in = False, 0
    try:
        with np.errstate(all="ignore"):
            for record in records:
                losses.append(record.scores["loss"])
                # Where the first loss is far above that of guessing, a tenth of it is not enough.
                low = losses[-1] <= min(_MEMORIZED * losses[0], highest or losses[0])
                correct = losses[-1] <= highest and record.scores.get("accuracy") == 1
                succeeded = low or correct
                if low or perf_counter() - started > seconds:
                    break
    except DivergedError as error:
        diverged_in = error.step
    losses = losses or [0.0]
    return Memorization(
        first=losses[0],
        middle=losses[len(losses) // 2],
        last=losses[-1],
        steps=diverged_in or len(losses),
        succeeded=succeeded and not diverged_in,
        diverged=bool(diverged_in),
        guessing=guessing,
    )
