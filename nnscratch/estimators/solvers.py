"""scikit-learn's solvers as optimizers, and the learning rates that it changes between epochs."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer, scaled_step
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.parameters import Array, euclidean_norm
from nnscratch.nn.registry import create
from nnscratch.nn.training.schedules import Schedule

# A relative gain below this is none: scipy's `ftol`, which scikit-learn leaves as it is.
_LEAST_GAIN = 2.220446049250313e-09


def create_solver(estimator: Any) -> Optimizer:
    """Returns the optimizer that an estimator's `solver` names.

    Raises:
        ValueError: A mapping does not describe an optimizer.
    """
    if isinstance(estimator.solver, Mapping):
        return create(OPTIMIZERS, estimator.solver)
    match estimator.solver:
        case "sgd":
            nesterov = bool(estimator.nesterovs_momentum and estimator.momentum)
            return SteppingSGD(momentum=float(estimator.momentum), nesterov=nesterov)
        case "adam":
            betas = float(estimator.beta_1), float(estimator.beta_2)
            return UncorrectedAdam(*betas, float(estimator.epsilon))
        case "lbfgs":
            return StoppingLBFGS(estimator.tol, estimator.max_fun)
    return create(OPTIMIZERS, estimator.solver)


class SteppingSGD(SGD):
    """Momentum of steps, not of gradients: v ← μ v + η g, and θ ← θ − v, or θ − (μ v + η g).

    It differs from `SGD` only after the learning rate has changed. scikit-learn has this form.
    """

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, *state = vectors
        step = np.multiply(grads, learning_rate, out=scratch)
        if state:
            (velocity,) = state
            velocity *= self.momentum
            velocity += step
            self._sweep(velocity, 1e-30)
            if self.nesterov:
                params -= step
                step = np.multiply(velocity, self.momentum, out=scratch)
            else:
                step = velocity
        params -= step


class UncorrectedAdam(Adam):
    """Adam with ε beside √v whose bias is not corrected, as in section 2 of the paper.

    θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√v + ε). scikit-learn has this order.
    """

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, first, second = vectors
        self._add(grads, scratch, first, second)
        size = float(np.sqrt(1.0 - self.beta_2))
        rate = learning_rate * self._root() * (1.0 - self.beta_1) / (1.0 - self.beta_1**self.steps)
        scaled_step(params, first, second, self.epsilon / size, rate, scratch)


class StoppingLBFGS(LBFGS):
    """L-BFGS that ends where no gradient is above a tolerance, or nothing is gained any more.

    Args:
        tolerance: The largest part of a gradient that counts as none.
        most_evaluations: How often the loss may be computed.

    Attributes:
        moves: How many steps it has made.
        evaluations: How often the loss was computed.
        exhausted: Whether that was as often as allowed.
    """

    def __init__(self, tolerance: float, most_evaluations: int) -> None:
        super().__init__()
        self._tolerance, self._most = tolerance, most_evaluations

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self.moves, self.evaluations = 0, 1
        self.exhausted = False
        self._last_loss = np.inf

    def search(
        self,
        params: Array,
        grads: Array,
        learning_rate: float,
        loss: float,
        objective: Callable[[], float],
    ) -> None:
        last, self._last_loss = self._last_loss, loss
        gain = (last - loss) / max(abs(last), abs(loss), 1.0) if self.moves else np.inf
        if float(np.abs(grads).max()) <= self._tolerance or gain <= _LEAST_GAIN:
            self.finished = True
            return

        def counted() -> float:
            self.evaluations += 1
            return objective()

        super().search(params, grads, learning_rate, loss, counted)
        self.moves += not self.finished
        if self.evaluations >= self._most:
            self.finished = self.exhausted = True

    def _first_length(self, learning_rate: float) -> float:
        """Returns η; for the first step the length at which the parameters move by η."""
        if self.state["last_step"].any():
            return learning_rate
        return learning_rate / max(euclidean_norm(self.state["last_gradient"]), 1e-30)


class EpochRate(Schedule):
    """A factor that its owner changes between epochs."""

    scale = 1.0

    def decay(self, epoch: float, epochs: float) -> float:
        return self.scale
