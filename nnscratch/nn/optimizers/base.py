"""What all optimizers have in common: they turn gradients into steps."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import Component
from nnscratch.nn.state import Stateful

# Numbers in a piece: all vectors of a piece fit into a processor's cache together.
PIECE = 65_536
# Steps from one search for negligible numbers to the next.
_SWEEP = 64


class Optimizer(Component, Stateful, ABC):
    """Turns gradients into steps; `steps` counts them, `state` is what it keeps in between.

    `finished` is set once no further step would change anything.

    Attributes:
        full_batch: Whether it compares the gradients of different steps, so that each must be that
            of all rows.
        line_search: Whether it is a `LineSearchOptimizer`.
        default_learning_rate: η unless given.
    """

    full_batch: ClassVar[bool] = False
    line_search: ClassVar[bool] = False
    default_learning_rate: ClassVar[float] = 0.001
    counters: ClassVar[tuple[str, ...]] = ("steps", "finished")

    def prepare(self, params: Array) -> None:
        """Forgets all earlier steps and makes room for the state of `params`."""
        self.steps, self.finished = 0, False
        self.state: dict[str, Array] = {slot: np.zeros_like(params) for slot in self.slots}

    @property
    def first_step(self) -> str:
        """What its first step adds to a weight w with the gradient g, as a formula to print.

        Empty where that depends on other weights too.
        """
        return ""

    def first_step_constants(self) -> dict[str, float]:
        """Returns the constants of `first_step` that are not settings, by their symbols."""
        return {}

    @property
    @abstractmethod
    def slots(self) -> tuple[str, ...]:
        """The names of the vectors, each as long as the parameters, that `state` holds."""

    def vectors(self) -> int:
        """Returns the number of vectors as long as the parameters that it keeps."""
        return len(self.slots)

    @abstractmethod
    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        """Updates `params` in place; call `prepare` once before the first step."""


class ElementwiseOptimizer(Optimizer):
    """Updates each parameter by its own gradient and state, so that it can go piece by piece.

    The vectors of a large network do not fit into the processor's cache, but their pieces do, and a
    further pass over a piece in the cache takes a fraction of the time.
    """

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self._scratch = np.empty_like(params[:PIECE])

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        vectors = params, grads, *self.state.values()
        if params.size <= PIECE:
            self._update(learning_rate, self._scratch, *vectors)
            return
        for start in range(0, params.size, PIECE):
            parts = [vector[start : start + PIECE] for vector in vectors]
            self._update(learning_rate, self._scratch[: parts[0].size], *parts)

    @abstractmethod
    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        """Updates a piece of the parameters and of the vectors of `state`.

        Args:
            learning_rate: η.
            scratch: As long as the piece, to write anything into.
            vectors: θ, g and the vectors of `state` in the order of `slots`, a piece of each.
        """

    def _sweep(self, vector: Array, negligible: float) -> None:
        """Sets numbers that are negligible to zero, every few steps.

        Where gradients have become zero, averages of them fade for ever; as denormal numbers they
        would take a processor up to a hundred times as long.
        """
        if self.steps % _SWEEP == 0:
            vector *= np.abs(vector) >= negligible


def scaled_step(
    params: Array,
    direction: Array,
    squares: Array,
    epsilon: float,
    learning_rate: float,
    scratch: Array,
) -> None:
    """θ ← θ − η direction / (√squares + ε): each parameter at a pace of its own."""
    np.sqrt(squares, out=scratch)
    scratch += epsilon
    np.divide(direction, scratch, out=scratch)
    scratch *= learning_rate
    params -= scratch


class LineSearchOptimizer(Optimizer):
    """Finds the length of each step itself, by `search` in place of `step`."""

    line_search = True

    @abstractmethod
    def search(
        self,
        params: Array,
        grads: Array,
        learning_rate: float,
        loss: float,
        objective: Callable[[], float],
    ) -> None:
        """Updates `params` in place by a step whose length a line search finds.

        Args:
            params: The parameters.
            grads: Their gradient; overwritten by `objective`.
            learning_rate: η, the length tried first: 1, unless there is a reason.
            loss: The loss at `params`.
            objective: The loss as a function of `params`.
        """
