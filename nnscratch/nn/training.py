"""Training as a generator: `fit` yields a record after each epoch, and the caller does the rest.

Whoever iterates logs, saves, draws, or stops by leaving the loop.
"""

from collections.abc import Callable, Iterator
from math import ceil, isfinite
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.errors import DivergedError
from nnscratch.nn.examples import Examples, Transform
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import Optimizer
from nnscratch.nn.parameters import Array
from nnscratch.nn.penalties import Penalty
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import Spec, create
from nnscratch.nn.schedules import SCHEDULES, ConstantSchedule, Schedule

Rate = Callable[[int], float]
# The indices of its rows, or None for all of them.
Batch = NDArray[np.intp] | None


class EpochRecord(NamedTuple):
    """What one epoch came to."""

    epoch: int
    """Counted from 1."""
    scores: dict[str, float]
    """`loss` and the metric over the epoch's batches, each taken before its update; with
    validation or test data also `val_loss`, `test_loss` and so on, taken after the last update."""
    learning_rate: float
    """Of the epoch's last step."""
    seconds: float
    """The duration of this epoch."""


def fit(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    optimizer: Optimizer,
    learning_rate: float = 0.001,
    schedule: Spec | Schedule = "constant",
    epochs: int = 20,
    batch_size: int | None = 32,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    test: tuple[ArrayLike, ArrayLike] | None = None,
    transform: Transform | None = None,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    metric: Metric | None = None,
    seed: int = 42,
) -> Iterator[EpochRecord]:
    """Trains `network` in place and yields an `EpochRecord` after each epoch.

    Args:
        network: What to train.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        optimizer: Forgets what it knew before.
        learning_rate: η, above 0.
        schedule: What becomes of η in the course of the training: a name in `SCHEDULES`, a mapping
            with its arguments or an object.
        epochs: Passes over the data.
        batch_size: Rows in a step, drawn without replacement in an order of each epoch's own;
            None is all rows, in their own order.
        validation: Inputs and targets to evaluate on after each epoch.
        test: The same, for the record only; nothing should be chosen by what it gives.
        transform: Turns rows of all these inputs into (rows, inputs) of the network's dtype, some
            at a time, so that bytes need not become floating-point numbers all at once.
        penalty: Made small together with the loss; the losses reported are without it.
        clip_norm: c: where the norm of the gradient g of a step is above c, g becomes g c / ‖g‖.
            Pascanu, Mikolov and Bengio 2013.
        metric: Reported beside the loss; by default accuracy or mean absolute error.
        seed: Of the order of the rows.

    A step over many rows adds up its gradient piece by piece, so its memory is bounded. An epoch
    that is not finished, whatever ends it, leaves the parameters as they were before it.

    Raises:
        ValueError: The shapes of inputs and targets do not fit the network or each other, or
            batch_size or epochs is below 1.
        DivergedError: The loss, the gradient or a parameter is not finite.
    """
    if epochs < 1 or (batch_size is not None and batch_size < 1):
        raise ValueError(
            f"`epochs` and `batch_size` must be at least 1; got {epochs}, {batch_size}."
        )
    metric = metric or default_metric(network.loss)
    examples = Examples(network, inputs, targets, transform)
    held_out = {
        name: Examples(network, *part, transform)
        for name, part in (("val", validation), ("test", test))
        if part is not None
    }
    rate = _rate(learning_rate, create(SCHEDULES, schedule), len(examples), batch_size, epochs)
    params = network.params.flat
    optimizer.prepare(params)
    before = np.empty_like(params)
    for epoch in range(1, epochs + 1):
        started = perf_counter()
        before[:] = params
        batches = _batches(len(examples), batch_size, seed, epoch)
        try:
            scores = train_epoch(
                network, examples, batches, optimizer, rate, metric, epoch, penalty, clip_norm
            )
            for name, part in held_out.items():
                loss, score = _evaluate(network, part, metric)
                scores |= {f"{name}_loss": loss, f"{name}_{metric.name}": score}
        except BaseException:
            params[:] = before
            raise
        yield EpochRecord(epoch, scores, rate(optimizer.steps - 1), perf_counter() - started)


def train_epoch(
    network: Network,
    examples: Examples,
    batches: Iterator[Batch],
    optimizer: Optimizer,
    rate: Rate,
    metric: Metric,
    epoch: int,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
) -> dict[str, float]:
    """Takes a step for each batch and returns the means of loss and metric over all rows.

    `fit` calls it for each epoch, and undoes what it did if it does not end.
    """
    params, grads = network.params.flat, network.grads.flat
    total_loss, total_score = 0.0, 0.0
    for batch in batches:
        loss, score = _backpropagate(network, examples, batch, metric)
        if penalty:
            penalty.add_gradient(network)
        if not (isfinite(loss) and _is_finite(grads)):
            raise _diverged(epoch, optimizer.steps + 1, loss)
        if clip_norm is not None:
            _clip(grads, clip_norm)
        optimizer.step(params, grads, rate(optimizer.steps))
        rows = len(examples) if batch is None else len(batch)
        total_loss += rows * loss
        total_score += rows * score
    if not _is_finite(params):
        raise _diverged(epoch, optimizer.steps, total_loss)
    return {"loss": total_loss / len(examples), metric.name: total_score / len(examples)}


def evaluate(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    metric: Metric | None = None,
    transform: Transform | None = None,
) -> tuple[float, float]:
    """Returns (loss, metric) of the network on rows that it need not have seen.

    Args:
        network: Is not changed.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them.
        metric: By default accuracy or mean absolute error.
        transform: As for `fit`.
    """
    examples = Examples(network, inputs, targets, transform)
    return _evaluate(network, examples, metric or default_metric(network.loss))


def _evaluate(network: Network, examples: Examples, metric: Metric) -> tuple[float, float]:
    total_loss, total_score = 0.0, 0.0
    for x, y in examples.pieces():
        logits = network.forward(x)
        total_loss += len(x) * network.loss(logits, y)[0]
        total_score += len(x) * metric(logits, y)
    return total_loss / len(examples), total_score / len(examples)


def _backpropagate(
    network: Network, examples: Examples, batch: Batch, metric: Metric
) -> tuple[float, float]:
    """Fills the network's gradients for a batch and returns the means of loss and metric."""
    rows = len(examples) if batch is None else len(batch)
    total_loss, total_score, total_grads = 0.0, 0.0, None
    for x, y in examples.pieces(batch):
        logits = network.forward(x)
        score = metric(logits, y)
        loss, grad = network.loss(logits, y)
        network.backward(grad)
        if len(x) == rows:
            return loss, score
        share = len(x) / rows
        total_loss += share * loss
        total_score += share * score
        weighted = share * network.grads.flat
        total_grads = weighted if total_grads is None else total_grads + weighted
    assert total_grads is not None
    network.grads.flat[:] = total_grads
    return total_loss, total_score


def _batches(rows: int, batch_size: int | None, seed: int, epoch: int) -> Iterator[Batch]:
    """Yields the indices of each batch's rows in the epoch's own order; None is all rows."""
    if batch_size is None or batch_size >= rows:
        yield None
        return
    order = generator(seed, Purpose.SHUFFLE, epoch).permutation(rows)
    for start in range(0, rows, batch_size):
        yield order[start : start + batch_size]


def _clip(grads: Array, norm: float) -> None:
    length = float(np.linalg.norm(grads))
    if length > norm:
        grads *= norm / length


def _rate(
    learning_rate: float, schedule: Schedule, rows: int, batch_size: int | None, epochs: int
) -> Rate:
    """Returns the learning rate as a function of the step, counted from 0."""
    if schedule == ConstantSchedule():
        return lambda _: learning_rate
    steps_per_epoch = ceil(rows / min(batch_size or rows, rows))
    return lambda step: learning_rate * schedule.factor(step, steps_per_epoch, epochs)


def _is_finite(values: Array) -> bool:
    # One product finds any nan or inf; it overflows for huge numbers too, so those are looked at.
    return isfinite(float(np.dot(values, values))) or bool(np.isfinite(values).all())


def _diverged(epoch: int, step: int, loss: float) -> DivergedError:
    what = "the numbers are not finite" if isfinite(loss) else f"the loss is {loss}"
    return DivergedError(
        f"training diverged in epoch {epoch} (step {step}): {what}; "
        "a smaller learning_rate usually helps, or inputs scaled to about 0 to 1"
    )
