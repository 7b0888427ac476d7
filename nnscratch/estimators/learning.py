"""What learns in a fit, and the batches it learns from, by an estimator's parameters."""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.estimators.rows import Parts
from nnscratch.estimators.settings import draw_seed
from nnscratch.estimators.solvers import EpochRate, create_solver
from nnscratch.nn.metrics import Metric
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.by_name import create_schedule
from nnscratch.nn.training.epoch import EpochRecord, Order
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.schedules import Schedule

# The rows of a batch that `auto` means, unless there are fewer.
AUTO_BATCH = 200


class Learning(NamedTuple):
    """What learns from epoch to epoch, and in `partial_fit` from call to call."""

    optimizer: Optimizer
    schedule: Schedule | None
    average: Average | None


def create_learning(estimator: Any) -> Learning:
    """Returns what learns by an estimator's parameters, without memory."""
    schedule = None
    if estimator.schedule is not None:
        schedule = create_schedule(estimator.schedule)
    elif estimator.solver == "sgd" and estimator.learning_rate != "constant":
        schedule = EpochRate()
    average = None if estimator.average is None else Average(estimator.average)
    return Learning(create_solver(estimator), schedule, average)


def batch_rows(estimator: Any, rows: int, optimizer: Optimizer) -> int | None:
    """Returns the number of rows in a batch; None is all of them."""
    if optimizer.full_batch or estimator.batch_size == "full":
        return None
    if estimator.batch_size == "auto":
        return min(AUTO_BATCH, rows)
    if estimator.batch_size > rows:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped",
            stacklevel=2,
        )
    return min(int(estimator.batch_size), rows)


def draw_order(estimator: Any, rows: int, random: np.random.RandomState) -> Order:
    """Returns the order of the rows in each epoch: the one that scikit-learn draws."""
    order = np.arange(rows)

    def order_of(_: int) -> NDArray[np.intp]:
        nonlocal order
        if estimator.shuffle:
            order = order[random.permutation(rows)]
        return order

    return order_of


def begin_epochs(
    estimator: Any,
    network: Network,
    parts: Parts,
    learning: Learning,
    penalty: Penalty,
    metric: Metric,
    random: np.random.RandomState,
    after: int | None,
) -> Iterator[EpochRecord]:
    """Returns the epochs of a fit; or, after some epochs of partial fits, the next one.

    Args:
        estimator: Its parameters decide the rest.
        network: Is trained.
        parts: As `as_parts` returns them.
        learning: What learns.
        penalty: See `fit`, as for the others.
        metric: See `fit`.
        random: Draws the orders of the rows, then the seed of dropout.
        after: How many epochs partial fits have trained; None for a fit.
    """
    (inputs, targets, weights), validation, transform = parts
    optimizer, schedule, average = learning
    rows = len(targets)
    return fit(
        network,
        inputs,
        targets,
        weights=weights,
        optimizer=optimizer,
        learning_rate=None if optimizer.line_search else estimator.learning_rate_init,
        schedule=schedule or "constant",
        epochs=estimator.max_iter if after is None else after + 1,
        batch_size=batch_rows(estimator, rows, optimizer),
        validation=validation,
        transform=transform,
        penalty=penalty,
        clip_norm=estimator.clip_norm,
        max_norm=estimator.max_norm,
        average=average,
        metric=metric,
        order=draw_order(estimator, rows, random),
        seed=draw_seed(random) if network.draws else 0,
        measure_before=True,
        after=after or 0,
    )
