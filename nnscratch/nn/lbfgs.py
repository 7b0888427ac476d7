"""L-BFGS: the curvature of the loss, as the last steps have shown it, bends the gradient.

It is for small data, where all rows fit into a step; scikit-learn's users know it as `lbfgs`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnscratch.nn.line_search import LineSearch, Point
from nnscratch.nn.optimizer import Optimizer
from nnscratch.nn.parameters import Array

# Computes the loss at the parameters as they are now, and fills the gradients.
Objective = Callable[[], float]

# A pair of steps with less curvature than this would spoil the estimate.
_LEAST_CURVATURE = 1e-10


@dataclass
class LBFGS(Optimizer):
    """θ ← θ − t H g, H being an estimate of the inverse Hessian.

    It rests on the last m pairs of a step s and the change y of the gradient that it made. Liu &
    Nocedal 1989; Nocedal & Wright 2006, algorithm 7.4.

    `search` finds t by a line search; `step` goes t = η.

    Args:
        history_size: m, at least 1.
    """

    history_size: int = 10
    full_batch = True

    def slots(self) -> tuple[str, ...]:
        return ("last_step", "last_gradient")

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        # Newest last; a pair that is not there yet is of zeros, which change nothing.
        shape = self.history_size, params.size
        self.state["steps"] = np.zeros(shape, params.dtype)
        self.state["changes"] = np.zeros(shape, params.dtype)

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self._move(params, self._direction(grads), self._first_length(grads, learning_rate))

    def search(
        self,
        params: Array,
        grads: Array,
        learning_rate: float,
        loss: float,
        objective: Objective,
    ) -> None:
        """Updates `params` in place, as far as a line search finds good.

        Args:
            params: The parameters.
            grads: Their gradient; overwritten by `objective`.
            learning_rate: η, the length tried first: 1, unless there is a reason.
            loss: The loss at `params`.
            objective: The loss as a function of `params`.
        """
        if self.steps and not self.state["last_step"].any():
            self.steps += 1  # where nothing better was found, nothing better will be
            return
        direction, start = self._direction(grads), params.copy()
        slope = float(np.dot(grads, direction))
        if not slope < -1e-9:  # nothing left to gain, or nothing to be told apart from rounding
            self.state["last_step"][:] = 0.0
            return

        def evaluate(length: float) -> Point:
            np.multiply(direction, length, out=params)
            np.add(params, start, out=params)
            value = objective()
            return Point(length, value, float(np.dot(grads, direction)))

        extent = float(np.abs(direction).max())
        first = self._first_length(grads, learning_rate)
        length = LineSearch(evaluate, Point(0.0, loss, slope), extent).search(first)
        params[:] = start
        self._move(params, direction, length)

    def _first_length(self, grads: Array, learning_rate: float) -> float:
        """Returns η; less in the first step, where nothing is known of the curvature."""
        if self.steps > 1:
            return learning_rate
        return min(1.0, 1.0 / max(float(np.abs(grads).sum()), 1e-30)) * learning_rate

    def _move(self, params: Array, direction: Array, length: float) -> None:
        np.multiply(direction, length, out=self.state["last_step"])
        params += self.state["last_step"]

    def _direction(self, grads: Array) -> Array:
        """Notes how the gradient has changed and returns −H g; the two-loop recursion."""
        self.steps += 1
        steps, changes = self.state["steps"], self.state["changes"]
        if self.steps > 1:
            self._remember(self.state["last_step"], grads - self.state["last_gradient"])
        self.state["last_gradient"][:] = grads
        curvatures = [float(np.dot(s, y)) for s, y in zip(steps, changes, strict=True)]
        pairs = [
            (s, y, 1.0 / c) for s, y, c in zip(steps, changes, curvatures, strict=True) if c > 0
        ]
        direction = -grads
        weights = []
        for s, y, inverse in reversed(pairs):
            weight = inverse * float(np.dot(s, direction))
            direction -= weight * y
            weights.append(weight)
        if pairs:
            _, newest, inverse = pairs[-1]
            direction *= 1.0 / (inverse * float(np.dot(newest, newest)))
        for (s, y, inverse), weight in zip(pairs, reversed(weights), strict=True):
            direction += (weight - inverse * float(np.dot(y, direction))) * s
        return direction

    def _remember(self, step: Array, change: Array) -> None:
        if float(np.dot(step, change)) > _LEAST_CURVATURE:
            for name, newest in (("steps", step), ("changes", change)):
                self.state[name][:-1] = self.state[name][1:]
                self.state[name][-1] = newest
