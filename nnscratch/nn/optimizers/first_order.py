"""Optimizers, sorted in order of increasing complexity.

Each updates the flat vector of parameters θ in place from the flat vector of gradients g, with
learning rate η; the scratch vector spares an allocation in every step.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnscratch.nn.optimizers.base import ElementwiseOptimizer, scaled_step
from nnscratch.nn.parameters import Array


@dataclass
class SGD(ElementwiseOptimizer):
    """Stochastic gradient descent: θ ← θ − η g.

    With momentum μ: v ← μ v + g and θ ← θ − η v (Polyak 1964), or with Nesterov's look-ahead
    θ ← θ − η (g + μ v) (Sutskever et al. 2013, in the form that PyTorch uses).

    Args:
        momentum: μ, at least 0 and below 1.
        nesterov: Whether to look ahead; needs momentum.
    """

    momentum: float = 0.0
    nesterov: bool = False

    def slots(self) -> tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        direction = grads
        if state:
            (velocity,) = state
            velocity *= self.momentum
            velocity += grads
            self._sweep(velocity, 1e-30)
            direction = velocity
            if self.nesterov:
                direction = np.multiply(velocity, self.momentum, out=scratch)
                direction += grads
        np.multiply(direction, learning_rate, out=scratch)
        params -= scratch


@dataclass
class Adagrad(ElementwiseOptimizer):
    """s ← s + g², θ ← θ − η g / (√s + ε). Duchi et al. 2011.

    Args:
        epsilon: ε, above 0.
    """

    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("square_sum",)

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        (total,) = state
        total += np.multiply(grads, grads, out=scratch)
        scaled_step(params, grads, total, self.epsilon, learning_rate, scratch)


@dataclass
class RMSprop(ElementwiseOptimizer):
    """v ← ρ v + (1 − ρ) g², θ ← θ − η g / (√v + ε). Tieleman & Hinton 2012, lecture 6.5.

    Computed with s = v / (1 − ρ), which is s ← ρ s + g² and spares a pass.

    Args:
        rho: ρ, at least 0 and below 1.
        epsilon: ε, above 0.
    """

    rho: float = 0.9
    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("square_sum",)

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        (total,) = state
        root = sqrt(1.0 - self.rho)
        total *= self.rho
        total += np.multiply(grads, grads, out=scratch)
        self._sweep(total, (1e-8 * self.epsilon) ** 2)
        scaled_step(params, grads, total, self.epsilon / root, learning_rate / root, scratch)


@dataclass
class Adam(ElementwiseOptimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) at step t. Kingma & Ba 2015, algorithm 1; computed
    with all constants drawn out of the vectors, as their section 2 does with the corrections: what
    is kept is a = m / (1 − β₁), which is a ← β₁ a + g, and b = v / (1 − β₂) likewise.

    Args:
        beta_1: β₁, at least 0 and below 1.
        beta_2: β₂, at least 0 and below 1.
        epsilon: ε, above 0.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("gradient_sum", "square_sum")

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        first, second = state
        self._add(grads, scratch, first, second)
        # m̂ / (√v̂ + ε) = a / (√b + ε r) r (1 − β₁) / (1 − β₁ᵗ), where v̂ = b / r².
        root = self._root()
        rate = learning_rate * root * (1.0 - self.beta_1) / (1.0 - self.beta_1**self.steps)
        scaled_step(params, first, second, self.epsilon * root, rate, scratch)

    def _add(self, grads: Array, scratch: Array, first: Array, second: Array) -> None:
        """Adds one more gradient to a and b."""
        first *= self.beta_1
        first += grads
        second *= self.beta_2
        second += np.multiply(grads, grads, out=scratch)
        self._sweep(first, 1e-14 * self.epsilon)
        self._sweep(second, (1e-8 * self.epsilon) ** 2)

    def _root(self) -> float:
        """Returns r = √(b / v̂)."""
        return sqrt((1.0 - self.beta_2**self.steps) / (1.0 - self.beta_2))


@dataclass
class AdamW(Adam):
    """Adam with decoupled weight decay: θ ← θ − η λ θ first. Loshchilov & Hutter 2019.

    Every parameter decays, biases too, as in PyTorch.

    Args:
        beta_1: β₁ of Adam.
        beta_2: β₂ of Adam.
        epsilon: ε of Adam.
        weight_decay: λ, at least 0.
    """

    weight_decay: float = 0.01

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        params *= 1.0 - learning_rate * self.weight_decay
        super()._update(learning_rate, scratch, params, grads, *state)


class Nadam(Adam):
    """Adam that looks ahead as Nesterov's momentum does. Dozat 2016, with PyTorch's constants.

    With μ_t = β₁ (1 − ½ 0.96^{0.004 t}) and Π_t = μ_1 … μ_t, Adam's m̂ becomes
    μ_{t+1} m / (1 − Π_{t+1}) + (1 − μ_t) g / (1 − Π_t).

    Args:
        beta_1: β₁ of Adam.
        beta_2: β₂ of Adam.
        epsilon: ε of Adam.
    """

    counters = (*Adam.counters, "product")

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self.product = 1.0

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.product *= self.momentum_at(self.steps + 1)
        super().step(params, grads, learning_rate)

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        first, second = state
        self._add(grads, scratch, first, second)
        now, after = self.momentum_at(self.steps), self.momentum_at(self.steps + 1)
        direction = first * (after * (1.0 - self.beta_1) / (1.0 - self.product * after))
        direction += np.multiply(grads, (1.0 - now) / (1.0 - self.product), out=scratch)
        root = self._root()
        scaled_step(params, direction, second, self.epsilon * root, learning_rate * root, scratch)

    def momentum_at(self, step: int) -> float:
        """Returns μ_t of a step t, counted from 1."""
        return self.beta_1 * (1.0 - 0.5 * float(0.96 ** (0.004 * step)))
