"""One epoch: a step for each batch, then a look at the held-out rows; all of it or nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.parameters import Array
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.state import Stateful
from nnscratch.nn.training.held_out import HeldOut, Measured
from nnscratch.nn.training.step import Batch, TrainingStep, is_finite


class EpochRecord(NamedTuple):
    """The figures of one epoch."""

    epoch: int
    """Counted from 1."""
    scores: dict[str, float]
    """`loss` and the metric of the training rows; with validation or test data also `val_loss`,
    `test_loss` and so on, with the weights after the epoch. See `fit` for those of the training,
    and for `val_calibrated_loss`."""
    learning_rate: float
    """The learning rate of the epoch's last step."""
    seconds: float
    """The duration of this epoch."""


class Rollback:
    """Puts weights and states back as they were, if the `with` block does not reach its end.

    Args:
        weights: The network's.
        parts: What else changes from step to step.
    """

    def __init__(self, weights: Array, parts: Sequence[Stateful]) -> None:
        self._weights, self._parts = weights, parts

    def __enter__(self) -> None:
        self._before = self._weights.copy()
        self._states = [part.snapshot() for part in self._parts]

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            return
        self._weights[:] = self._before
        for part, state in zip(self._parts, self._states, strict=True):
            part.restore(state)


def train_epoch(
    step: TrainingStep,
    batches: Iterator[Batch],
    epoch: int,
    held_out: HeldOut | None = None,
    *,
    look_ahead: bool = False,
) -> Measured:
    """Takes a step for each batch and returns the epoch's figures.

    Args:
        step: What is done with a batch.
        batches: The batches.
        epoch: Counted from 1.
        held_out: What to evaluate afterwards.
        look_ahead: Whether the figures of the training rows are those after the step instead of
            those of the batches, each before its step; see `TrainingStep.look_ahead`.

    Raises:
        DivergedError: The loss, the gradient or a parameter is not finite.
    """
    network, average, metric = step.network, step.average, step.metric
    if average:
        average.take_off(network.weights)
    total_loss, total_score, total_size = 0.0, 0.0, step.examples.size()
    for batch in batches:
        loss, score = step.take(batch, epoch)
        size = total_size if batch is None else step.examples.size(batch)
        total_loss += size * loss
        total_score += size * score
    if not is_finite(network.params.flat):
        raise step.diverged(None, epoch, step.optimizer.steps, total_loss / total_size)
    if average:
        average.put_on(network.weights)
    loss, score = total_loss / total_size, total_score / total_size
    if look_ahead:
        loss, score = step.look_ahead()
    scores = {"loss": loss, metric.name: score}
    if held_out is None:
        return Measured(scores)
    found = held_out.evaluate(network, metric)
    return found._replace(scores=scores | found.scores)


# Returns the indices of all rows in the order of an epoch, counted from 1.
Order = Callable[[int], NDArray[np.intp]]


def draw_batches(
    rows: int, batch_size: int | None, seed: int, epoch: int, order_of: Order | None = None
) -> Iterator[Batch]:
    """Yields the indices of each batch's rows in the epoch's own order; None is all rows."""
    if batch_size is None or batch_size >= rows:
        yield None
        return
    if order_of is None:
        order = generator(seed, Purpose.SHUFFLE, epoch).permutation(rows)
    else:
        order = order_of(epoch)
    for start in range(0, rows, batch_size):
        yield order[start : start + batch_size]
