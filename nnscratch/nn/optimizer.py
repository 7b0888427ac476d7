"""What all optimizers have in common: they turn gradients into steps."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from nnscratch.nn.parameters import Array


class Optimizer(ABC):
    """Turns gradients into steps; `steps` counts them, `state` is what it keeps in between.

    `full_batch` says that it compares the gradients of different steps, so that each must be that
    of all rows.
    """

    full_batch: ClassVar[bool] = False

    def prepare(self, params: Array) -> None:
        """Forgets all earlier steps and makes room for the state of `params`."""
        self.steps = 0
        self.state: dict[str, Array] = {slot: np.zeros_like(params) for slot in self.slots()}
        self._scratch = np.empty_like(params)

    @abstractmethod
    def slots(self) -> tuple[str, ...]:
        """Names the vectors, each as long as the parameters, that `state` holds."""

    @abstractmethod
    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        """Updates `params` in place; call `prepare` once before the first step."""

    def _scaled_step(
        self, params: Array, direction: Array, squares: Array, epsilon: float, learning_rate: float
    ) -> None:
        """θ ← θ − η direction / (√squares + ε): each parameter at a pace of its own."""
        scratch = self._scratch
        np.sqrt(squares, out=scratch)
        scratch += epsilon
        np.divide(direction, scratch, out=scratch)
        scratch *= learning_rate
        params -= scratch
