"""One training step: from a batch to a gradient, and from the gradient to new parameters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.errors import DivergedError
from nnscratch.nn.examples import Examples, sum_of
from nnscratch.nn.metrics import Metric
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.optimizers.base import LineSearchOptimizer, Optimizer
from nnscratch.nn.parameters import Array, euclidean_norm
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.penalties import Penalty, bound_norms
from nnscratch.nn.training.rate_factors import RateFactors, make_step

if TYPE_CHECKING:
    from nnscratch.nn.training.schedules import Schedule

# The learning rate of a step, counted from 0.
Rate = Callable[[int], float]
# The indices of its rows, or None for all of them.
Batch = NDArray[np.intp] | None


class Gradient(NamedTuple):
    """What backpropagation over all rows gave, and with which weights."""

    weights: bytes
    grads: Array
    loss: float
    score: float


@dataclass(eq=False)
class TrainingStep:
    """All that it takes to train on one batch.

    Args:
        network: The network, which is changed.
        examples: What the batches are drawn from.
        optimizer: Turns gradients into new parameters.
        rate: The learning rate.
        metric: Measured beside the loss; both before the parameters change.
        penalty: Added to the loss that is minimized.
        clip_norm: The largest norm of a gradient; None for any.
        max_norm: The largest norm of the weights into a unit; None for any.
        average: Takes the weights after each step.
        rate_factors: Factors of the rate for kinds of parameters; a line search takes none.
    """

    network: Network
    examples: Examples
    optimizer: Optimizer
    rate: Rate
    metric: Metric
    penalty: Penalty
    clip_norm: float | None = None
    max_norm: float | None = None
    average: Average | None = None
    rate_factors: RateFactors | None = None
    _next: Gradient | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        factors = self.rate_factors
        self._factors = None if factors is None else factors.vector(self.network)

    def take(self, batch: Batch, epoch: int) -> tuple[float, float]:
        """Updates the parameters and returns the batch's means of loss and metric.

        Raises:
            DivergedError: The loss or the gradient is not finite; nothing is updated.
        """
        network, optimizer = self.network, self.optimizer
        params, grads = network.params.flat, network.grads.flat
        known, self._next = self._next, None
        # The caller of `fit` may have changed the weights between two epochs.
        if known and known.weights == network.weights.tobytes():
            loss, score = known.loss, known.score
            grads[:] = known.grads
        else:
            loss, score = self._backpropagate(batch)
        if not (isfinite(loss) and is_finite(grads)):
            raise self.diverged(batch, epoch, optimizer.steps + 1, loss)
        if self.clip_norm is not None:
            clip(grads, self.clip_norm)
        if isinstance(optimizer, LineSearchOptimizer):
            self._search(optimizer, batch, loss)
        else:
            make_step(optimizer, params, grads, self.rate(optimizer.steps), self._factors)
        if self.max_norm is not None:
            bound_norms(network, self.max_norm)
        if self.average is not None:
            self.average.update(network.weights)
        return loss, score

    def look_ahead(self) -> tuple[float, float]:
        """Returns the means of loss and metric over all rows with the weights as they are now.

        The gradient is kept for the next step, which must be one over all rows: so only the pass
        after the last step is one more. Nothing may change from one pass to the next, as dropout
        does.
        """
        if self._next is None:
            self._keep(*self._backpropagate(None))
        assert self._next is not None
        return self._next.loss, self._next.score

    def _keep(self, loss: float, score: float) -> None:
        """Keeps what backpropagation over all rows gave with the weights as they are now."""
        network = self.network
        weights, grads = network.weights.tobytes(), network.grads.flat.copy()
        self._next = Gradient(weights, grads, loss, score)

    def diverged(self, batch: Batch, epoch: int, step: int, loss: float) -> DivergedError:
        """Returns the error for a step whose loss, gradient or parameters are not finite.

        Steps and epochs are counted from 1.
        """
        # Few training runs need it.
        from nnscratch.nn.training.divergence import explain_divergence

        # The rows at fault need not be the first.
        x = max((x for x, *_ in self.examples.pieces(batch)), key=lambda x: float(np.abs(x).max()))
        rate = self.rate(step - 1)
        return explain_divergence(
            self.network, x, loss=loss, epoch=epoch, step=step, learning_rate=rate
        )

    def _search(self, optimizer: LineSearchOptimizer, batch: Batch, loss: float) -> None:
        """Has the optimizer look for a smaller loss, the penalty counted in."""
        network, penalty = self.network, self.penalty
        statistics = network.statistics.flat.copy()
        params, grads, rate = network.params.flat, network.grads.flat, self.rate(optimizer.steps)
        tried, figures = np.full_like(params, nan), (nan, nan)

        def objective() -> float:
            nonlocal figures
            tried[:] = params
            figures = self._backpropagate(batch)
            return figures[0] + penalty.value(network)

        optimizer.search(params, grads, rate, loss + penalty.value(network), objective)
        # What was only tried should leave no trace.
        network.statistics.flat[:] = statistics
        # The next step begins where the search ended, unless batch normalization has to learn from
        # the rows once more.
        if batch is None and not network.mixes_rows and np.array_equal(tried, params):
            self._keep(*figures)

    def _backpropagate(self, batch: Batch) -> tuple[float, float]:
        """Fills the network's gradients, the penalty's among them.

        Returns:
            The batch's means of loss and metric, the loss with no penalty but the shared one.
        """
        network, examples = self.network, self.examples
        rows = len(examples) if batch is None else len(batch)
        # Rows that do not count have no gradient, whatever it is divided by.
        size = examples.size(batch) or 1.0
        at_once = rows if network.mixes_rows else ROWS_AT_ONCE
        total_loss, total_score, total_grads = 0.0, 0.0, None
        for x, y, w in examples.pieces(batch, at_once):
            logits = network.forward(x, training=True)
            score = self.metric(logits, y, w)
            loss, grad = network.loss(logits, y, w)
            network.backward(grad)
            share = (len(x) if w is None else sum_of(w)) / size
            total_loss += share * loss
            total_score += share * score
            if len(x) < rows:
                weighted = share * network.grads.flat
                total_grads = weighted if total_grads is None else total_grads + weighted
        if total_grads is not None:
            network.grads.flat[:] = total_grads
        if self.penalty:
            self.penalty.add_gradient(network, size)
            total_loss += self.penalty.shared_value(network, size)
        return total_loss, total_score


def first_step(
    network: Network,
    optimizer: Optimizer,
    learning_rate: float,
    *,
    penalty: Penalty,
    clip_norm: float | None = None,
    max_norm: float | None = None,
    rate_factors: RateFactors | None = None,
) -> Array:
    """Makes an optimizer's first step with the gradients that the network holds.

    Args:
        network: Takes the step; its `grads` get the penalty's added and are shortened.
        optimizer: Forgets what it knew before; one without a line search, which needs a loss.
        learning_rate: η.
        penalty: See `fit`, as for the others.
        clip_norm: See `fit`.
        max_norm: See `fit`.
        rate_factors: See `fit`.

    Returns:
        By how much each parameter has changed, a vector like `params.flat`.
    """
    params, grads = network.params.flat, network.grads.flat
    before = params.copy()
    penalty.add_gradient(network)
    if clip_norm is not None:
        clip(grads, clip_norm)
    optimizer.prepare(params)
    factors = None if rate_factors is None else rate_factors.vector(network)
    make_step(optimizer, params, grads, learning_rate, factors)
    if max_norm is not None:
        bound_norms(network, max_norm)
    return np.subtract(params, before)


def plan_rate(
    learning_rate: float,
    schedule: "Schedule | None",
    rows: int,
    batch_size: int | None,
    epochs: int,
) -> Rate:
    """Returns the learning rate as a function of the step, counted from 0."""
    if schedule is None:
        return lambda _: learning_rate
    steps_per_epoch = ceil(rows / min(batch_size or rows, rows))
    return lambda step: learning_rate * schedule.factor(step, steps_per_epoch, epochs)


def is_finite(values: Array) -> bool:
    """Returns whether no value is nan or infinite."""
    # One product finds any nan or inf; it overflows for huge numbers too, so those are checked.
    return isfinite(float(values.dot(values))) or bool(np.isfinite(values).all())


def clip(grads: Array, norm: float) -> None:
    """Scales a gradient down to a norm where its own is larger."""
    length = euclidean_norm(grads)
    if length > norm:
        grads *= norm / length
