"""What learns in a fit, and the batches it learns from, by an estimator's parameters."""

import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.estimators.solvers import EpochRate, create_solver
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.by_name import create_schedule
from nnscratch.nn.training.epoch import Order
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
