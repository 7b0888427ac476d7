"""Training as a generator: `fit` yields a record after each epoch, and the caller does the rest.

Whoever iterates logs, saves, draws, or stops by leaving the loop.
"""

from collections.abc import Iterator
from math import isfinite
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnscratch.errors import DivergedError
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import Optimizer
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.randomness import Purpose, generator


class EpochRecord(NamedTuple):
    """What one epoch came to."""

    epoch: int
    """Counted from 1."""
    scores: dict[str, float]
    """`loss` and the metric over the epoch's batches, each taken before its update; with
    validation data also `val_loss` and `val_` metric, taken after the last update."""
    learning_rate: float
    seconds: float
    """The duration of this epoch."""


def fit(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    optimizer: Optimizer,
    learning_rate: float = 0.001,
    epochs: int = 20,
    batch_size: int | None = 32,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    metric: Metric | None = None,
    seed: int = 42,
) -> Iterator[EpochRecord]:
    """Trains `network` in place and yields an `EpochRecord` after each epoch.

    Args:
        network: What to train.
        inputs: (rows, inputs).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        optimizer: Forgets what it knew before.
        learning_rate: η, above 0.
        epochs: Passes over the data.
        batch_size: Rows in a step, drawn without replacement in an order of each epoch's own;
            None is all rows, in their own order.
        validation: Inputs and targets to evaluate on after each epoch.
        metric: Reported beside the loss; by default accuracy or mean absolute error.
        seed: Of the order of the rows.

    An epoch that is not finished, whatever ends it, leaves the parameters as they were before it.

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
    all_x, all_y = _check(network, inputs, targets)
    if validation is not None:
        validation = _check(network, *validation)
    params = network.params.flat
    optimizer.prepare(params)
    before = np.empty_like(params)
    for epoch in range(1, epochs + 1):
        started = perf_counter()
        before[:] = params
        batches = _batches(all_x, all_y, batch_size, seed, epoch)
        try:
            scores = train_epoch(network, batches, optimizer, learning_rate, metric, epoch)
            if validation is not None:
                loss, score = evaluate(network, *validation, metric)
                scores |= {"val_loss": loss, f"val_{metric.name}": score}
        except BaseException:
            params[:] = before
            raise
        yield EpochRecord(epoch, scores, learning_rate, perf_counter() - started)


def train_epoch(
    network: Network,
    batches: Iterator[tuple[Array, Targets]],
    optimizer: Optimizer,
    learning_rate: float,
    metric: Metric,
    epoch: int,
) -> dict[str, float]:
    """Takes a step for each batch and returns the means of loss and metric over all rows.

    `fit` calls it for each epoch, and undoes what it did if it does not end.
    """
    params, grads = network.params.flat, network.grads.flat
    rows, total_loss, total_metric = 0, 0.0, 0.0
    for x, y in batches:
        logits = network.forward(x)
        loss, grad = network.loss(logits, y)
        network.backward(grad)
        if not (isfinite(loss) and _is_finite(grads)):
            raise _diverged(epoch, optimizer.steps + 1, loss)
        optimizer.step(params, grads, learning_rate)
        rows += len(x)
        total_loss += len(x) * loss
        total_metric += len(x) * metric(logits, y)
    if not _is_finite(params):
        raise _diverged(epoch, optimizer.steps, total_loss)
    return {"loss": total_loss / rows, metric.name: total_metric / rows}


def evaluate(
    network: Network, inputs: ArrayLike, targets: ArrayLike, metric: Metric | None = None
) -> tuple[float, float]:
    """Returns (loss, metric) of the network on rows that it need not have seen.

    Args:
        network: Is not changed.
        inputs: (rows, inputs).
        targets: As the network's loss takes them.
        metric: By default accuracy or mean absolute error.
    """
    metric = metric or default_metric(network.loss)
    x, y = _check(network, inputs, targets)
    logits = network.logits(x)
    return network.loss(logits, y)[0], metric(logits, y)


def _batches(
    inputs: Array, targets: Targets, batch_size: int | None, seed: int, epoch: int
) -> Iterator[tuple[Array, Targets]]:
    rows = len(inputs)
    if batch_size is None or batch_size >= rows:
        yield inputs, targets
        return
    order = generator(seed, Purpose.SHUFFLE, epoch).permutation(rows)
    for start in range(0, rows, batch_size):
        chosen = order[start : start + batch_size]
        # mode="clip" skips a check of indices that a permutation makes needless.
        yield inputs.take(chosen, axis=0, mode="clip"), targets.take(chosen, axis=0, mode="clip")


def _check(network: Network, inputs: ArrayLike, targets: ArrayLike) -> tuple[Array, Targets]:
    """Returns both as contiguous arrays of the types that the network computes with."""
    x = np.ascontiguousarray(network.as_inputs(inputs))
    y = np.asarray(targets)
    indices = network.loss.takes_indices
    expected = (len(x),) if indices else (len(x), network.outputs)
    if y.shape != expected or not len(x):
        raise ValueError(f"`targets` must have the shape {expected}; got {y.shape}.")
    if not indices:
        return x, np.ascontiguousarray(y, network.dtype)
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= network.outputs:
        raise ValueError(f"`targets` must be class indices from 0 to {network.outputs - 1}.")
    return x, y


def _is_finite(values: Array) -> bool:
    # One product finds any nan or inf; it overflows for huge numbers too, so those are looked at.
    return isfinite(float(np.dot(values, values))) or bool(np.isfinite(values).all())


def _diverged(epoch: int, step: int, loss: float) -> DivergedError:
    what = "the numbers are not finite" if isfinite(loss) else f"the loss is {loss}"
    return DivergedError(
        f"training diverged in epoch {epoch} (step {step}): {what}; "
        "a smaller learning_rate usually helps, or inputs scaled to about 0 to 1"
    )
