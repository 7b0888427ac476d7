"""The average of the weights over the last steps, which lies amid the values they jitter around.

Polyak & Juditsky 1992; exponential and without bias, as in section 7.2 of Kingma & Ba 2015.
"""

from dataclasses import dataclass

import numpy as np

from nnscratch.nn.parameters import Array
from nnscratch.nn.state import Stateful


@dataclass
class Average(Stateful):
    """m ← m + (θ − m) (1 − β) / (1 − βᵗ) after step t.

    That is s / (1 − βᵗ) for s ← β s + (1 − β) θ, but a weight that stays averages to itself.

    Args:
        decay: β, at least 0 and below 1; it averages about the last 1 / (1 − β) steps.
    """

    decay: float = 0.999
    counters = ("steps",)

    def __post_init__(self) -> None:
        if not 0 <= self.decay < 1:
            raise ValueError(f"`decay` must be at least 0 and below 1; got {self.decay}.")

    def prepare(self, weights: Array) -> None:
        """Forgets all earlier steps."""
        self.steps = 0
        self.state = {"mean": weights.copy(), "current": weights.copy()}
        self._scratch = np.empty_like(weights)

    def update(self, weights: Array) -> None:
        """Takes the weights after one more step."""
        self.steps += 1
        mean = self.state["mean"]
        difference = np.subtract(weights, mean, out=self._scratch)
        difference *= (1.0 - self.decay) / (1.0 - self.decay**self.steps)
        mean += difference

    def put_on(self, weights: Array) -> None:
        """Writes the average into `weights`, whose own values are kept for `take_off`."""
        self.state["current"][:] = weights
        weights[:] = self.state["mean"]

    def take_off(self, weights: Array) -> None:
        """Writes back the weights themselves, with which training continues."""
        weights[:] = self.state["current"]
