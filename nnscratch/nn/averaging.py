"""The average of the weights over the last steps: the middle of the place they jitter about.

Polyak & Juditsky 1992; exponential and without bias, as in section 7.2 of Kingma & Ba 2015.
"""

from dataclasses import dataclass

import numpy as np

from nnscratch.nn.parameters import Array


@dataclass
class Average:
    """s ← β s + (1 − β) θ after each step; the average is s / (1 − βᵗ) after t steps.

    Args:
        decay: β, at least 0 and below 1; about the last 1 / (1 − β) steps count.
    """

    decay: float = 0.999

    def prepare(self, weights: Array) -> None:
        """Forgets all earlier steps."""
        self.steps = 0
        self.state = {"sum": np.zeros_like(weights), "current": weights.copy()}
        self._scratch = np.empty_like(weights)

    def update(self, weights: Array) -> None:
        """Takes the weights after one more step."""
        self.steps += 1
        total = self.state["sum"]
        total *= self.decay
        total += np.multiply(weights, 1.0 - self.decay, out=self._scratch)

    def put_on(self, weights: Array) -> None:
        """Writes the average into `weights`, whose own values are kept for `take_off`."""
        self.state["current"][:] = weights
        if self.steps:
            np.divide(self.state["sum"], 1.0 - self.decay**self.steps, out=weights)

    def take_off(self, weights: Array) -> None:
        """Writes back what training goes on with."""
        weights[:] = self.state["current"]
