"""Optimizers that follow the gradient, sorted in order of increasing complexity.

Each updates the flat vector of parameters θ in place from the flat vector of gradients g, with
learning rate η; the scratch vector spares an allocation in every step.
"""

from collections.abc import Iterator
from math import sqrt
from typing import Any

import numpy as np

from nnscratch.nn.optimizers.base import ElementwiseOptimizer, scaled_step
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import setting, with_settings


def _epsilon() -> Any:
    """Returns the setting of all optimizers that divide by the size of the gradient."""
    about = "Keeps the division from zero; larger values make small gradients count less."
    return setting(1e-8, about, ge=1e-30, le=1e30, symbol="ε")


@with_settings
class SGD(ElementwiseOptimizer):
    """Stochastic gradient descent, with momentum if wanted.

    θ ← θ − η g. With momentum μ: v ← μ v + g and θ ← θ − η v (Polyak 1964), or with Nesterov's
    look-ahead θ ← θ − η (g + μ v) (Sutskever et al. 2013, in the form that PyTorch uses).
    """

    momentum: float = setting(
        0.0, "Share of the last step that is kept; 0.9 is usual.", ge=0, lt=1, symbol="μ"
    )
    nesterov: bool = setting(
        False, "Whether to take the gradient where the momentum leads; needs momentum."
    )
    name = "sgd"

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.nesterov and not settings.momentum:
            yield "nesterov", "needs `momentum` above 0"

    @property
    def first_step(self) -> str:
        return "− η (1 + μ) g" if self.nesterov else "− η g"

    @property
    def slots(self) -> tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, *state = vectors
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


@with_settings
class Adagrad(ElementwiseOptimizer):
    """Ever smaller steps for weights whose gradients were large. Duchi et al. 2011.

    s ← s + g², θ ← θ − η g / (√s + ε).
    """

    epsilon: float = _epsilon()
    name = "adagrad"
    first_step = "− η g / (√g² + ε)"
    slots = ("square_sum",)

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, total = vectors
        total += np.multiply(grads, grads, out=scratch)
        scaled_step(params, grads, total, self.epsilon, learning_rate, scratch)


@with_settings
class RMSprop(ElementwiseOptimizer):
    """Steps divided by the recent size of the gradient. Tieleman & Hinton 2012, lecture 6.5.

    v ← ρ v + (1 − ρ) g², θ ← θ − η g / (√v + ε). Computed with s = v / (1 − ρ), which is
    s ← ρ s + g² and spares a pass.
    """

    rho: float = setting(
        0.9, "Share of the average of squared gradients kept at each step.", ge=0, lt=1, symbol="ρ"
    )
    epsilon: float = _epsilon()
    name = "rmsprop"
    first_step = "− η g / (√((1 − ρ) g²) + ε)"
    slots = ("square_sum",)

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, total = vectors
        root = sqrt(1.0 - self.rho)
        total *= self.rho
        total += np.multiply(grads, grads, out=scratch)
        self._sweep(total, (1e-8 * self.epsilon) ** 2)
        scaled_step(params, grads, total, self.epsilon / root, learning_rate / root, scratch)


@with_settings
class Adam(ElementwiseOptimizer):
    """Momentum, and steps divided by the recent size of the gradient. Kingma & Ba 2015.

    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε) with
    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) at step t: algorithm 1, computed with all constants
    drawn out of the vectors, as their section 2 does with the corrections: what is kept is
    a = m / (1 − β₁), which is a ← β₁ a + g, and b = v / (1 − β₂) likewise.
    """

    beta_1: float = setting(
        0.9, "Share of the average gradient kept at each step.", ge=0, lt=1, symbol="β₁"
    )
    beta_2: float = setting(
        0.999, "Share of the average of squared gradients kept at each step.", ge=0, lt=1
    )
    epsilon: float = _epsilon()
    name = "adam"
    first_step = "− η g / (√g² + ε)"
    slots = ("gradient_sum", "square_sum")

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, first, second = vectors
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


@with_settings
class AdamW(Adam):
    """Adam with decoupled weight decay. Loshchilov & Hutter 2019.

    θ ← θ − η λ θ comes first; every parameter decays, biases too, as in PyTorch.
    """

    weight_decay: float = setting(
        0.01,
        "Share of each weight taken off at each step, times the learning rate.",
        ge=0,
        le=1,
        symbol="λ",
    )
    name = "adamw"
    first_step = "− η g / (√g² + ε) − η λ w"

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params = vectors[0]
        params *= 1.0 - learning_rate * self.weight_decay
        super()._update(learning_rate, scratch, *vectors)


@with_settings
class Nadam(Adam):
    """Adam that looks ahead as Nesterov's momentum does. Dozat 2016, with PyTorch's constants.

    With μ_t = β₁ (1 − ½ 0.96^{0.004 t}) and Π_t = μ_1 … μ_t, Adam's m̂ becomes
    μ_{t+1} m / (1 − Π_{t+1}) + (1 − μ_t) g / (1 − Π_t).
    """

    name = "nadam"
    counters = (*Adam.counters, "product")
    first_step = "− η m / (√g² + ε), m = g (1 + μ₂ (1 − β₁) / (1 − μ₁ μ₂))"

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self.product = 1.0

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.product *= self._momentum(self.steps + 1)
        super().step(params, grads, learning_rate)

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, first, second = vectors
        self._add(grads, scratch, first, second)
        now, after = self._momentum(self.steps), self._momentum(self.steps + 1)
        direction = first * (after * (1.0 - self.beta_1) / (1.0 - self.product * after))
        direction += np.multiply(grads, (1.0 - now) / (1.0 - self.product), out=scratch)
        root = self._root()
        scaled_step(params, direction, second, self.epsilon * root, learning_rate * root, scratch)

    def first_step_constants(self) -> dict[str, float]:
        return {"μ₁": self._momentum(1), "μ₂": self._momentum(2)}

    def _momentum(self, step: int) -> float:
        """Returns μ_t of a step t, counted from 1."""
        return self.beta_1 * (1.0 - 0.5 * float(0.96 ** (0.004 * step)))
