"""L-BFGS: a quasi-Newton method, which estimates the curvature of the loss from its last steps.

It is for small data, where a step can take all rows.
"""

from collections.abc import Callable

import numpy as np

from nnscratch.nn.optimizers.base import LineSearchOptimizer
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import setting, with_settings
from nnscratch.nn.state import Snapshot

# Computes the loss at the parameters as they are now, and fills the gradients.
Objective = Callable[[], float]


@with_settings
class LBFGS(LineSearchOptimizer):
    """Newton's method from estimated curvature, with a line search, for small data.

    θ ← θ − t H g, H being an estimate of the inverse Hessian. It rests on the last m pairs of a
    step s and the change y of the gradient that it made. Liu & Nocedal 1989; Nocedal & Wright 2006,
    algorithm 7.4.

    `search` finds t by a line search; `step` takes t = η, and less at first.
    """

    history_size: int = setting(
        10, "Steps it remembers to estimate the curvature; more take more memory.", ge=1, le=1000
    )
    name = "lbfgs"
    full_batch = True
    default_learning_rate = 1.0
    slots = ("last_step", "last_gradient")

    def vectors(self) -> int:
        return super().vectors() + 2 * self.history_size

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        # Newest last; a pair that is not there yet is of zeros, which change nothing.
        shape = self.history_size, params.size
        self.state["steps"] = np.zeros(shape, params.dtype)
        self.state["changes"] = np.zeros(shape, params.dtype)
        self._products = [0.0] * self.history_size

    def restore(self, snapshot: Snapshot) -> None:
        super().restore(snapshot)
        pairs = zip(self.state["steps"], self.state["changes"], strict=True)
        self._products = [float(np.dot(s, y)) for s, y in pairs]

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        direction = self._direction(grads)
        self._move(params, direction, self._first_length(learning_rate))

    def search(
        self,
        params: Array,
        grads: Array,
        learning_rate: float,
        loss: float,
        objective: Objective,
    ) -> None:
        # Only training runs with L-BFGS wait for it.
        from nnscratch.nn.line_search import LineSearch, Point

        direction, start = self._direction(grads), params.copy()

        def length_along(direction: Array) -> float:
            def evaluate(length: float) -> Point:
                np.multiply(direction, length, out=params)
                np.add(params, start, out=params)
                value = objective()
                return Point(length, value, float(np.dot(grads, direction)))

            slope = float(np.dot(self.state["last_gradient"], direction))
            # A smaller gain could not be distinguished from rounding.
            if not slope < -float(np.finfo(params.dtype).eps) * abs(loss):
                return 0.0
            extent = float(np.abs(direction).max())
            search = LineSearch(evaluate, Point(0.0, loss, slope), extent)
            return search.search(self._first_length(learning_rate))

        length = length_along(direction)
        if not length and self._pairs():
            for name in ("steps", "changes", "last_step"):
                self.state[name][:] = 0.0
            self._products = [0.0] * self.history_size
            direction = -self.state["last_gradient"]
            length = length_along(direction)
        params[:] = start
        self._move(params, direction, length)
        # No smaller loss was found even along the gradient, nor would a further step find one.
        self.finished = not length

    def _first_length(self, learning_rate: float) -> float:
        """Returns η; less for the first step, and for the first after the memory was cleared."""
        if self.state["last_step"].any():
            return learning_rate
        total = float(np.abs(self.state["last_gradient"]).sum())
        return min(1.0, 1.0 / max(total, 1e-30)) * learning_rate

    def _move(self, params: Array, direction: Array, length: float) -> None:
        np.multiply(direction, length, out=self.state["last_step"])
        params += self.state["last_step"]

    def _direction(self, grads: Array) -> Array:
        """Notes how the gradient has changed and returns −H g; the two-loop recursion."""
        self.steps += 1
        if self.steps > 1:
            self._remember(grads)
        self.state["last_gradient"][:] = grads
        pairs, weights = self._pairs(), []
        direction = -grads
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

    def _pairs(self) -> list[tuple[Array, Array, float]]:
        """Returns the steps s, the changes y and 1 / (s · y) that it remembers, newest last."""
        pairs = zip(self.state["steps"], self.state["changes"], self._products, strict=True)
        return [(s, y, 1.0 / product) for s, y, product in pairs if product > 0.0]

    def _remember(self, grads: Array) -> None:
        """Keeps the last step and what it changed, unless rounding hides the loss's curvature."""
        step, last = self.state["last_step"], self.state["last_gradient"]
        change = grads - last
        rounding = float(np.finfo(grads.dtype).eps) * abs(float(np.dot(step, last)))
        if float(np.dot(step, change)) > rounding:
            for name, newest in (("steps", step), ("changes", change)):
                kept = self.state[name]
                # One after the other; NumPy would first copy all of them.
                for i in range(len(kept) - 1):
                    kept[i] = kept[i + 1]
                kept[-1] = newest
            newest_product = float(np.dot(self.state["steps"][-1], self.state["changes"][-1]))
            self._products = [*self._products[1:], newest_product]
