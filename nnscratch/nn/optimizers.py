"""Optimizers, sorted in order of increasing complexity.

Each updates the flat vector of parameters in place from the flat vector of gradients, g, with
learning rate η; the scratch vector spares an allocation as large as the network in every step.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnscratch.nn.lbfgs import LBFGS
from nnscratch.nn.optimizer import Optimizer
from nnscratch.nn.parameters import Array


@dataclass
class SGD(Optimizer):
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

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        direction, scratch = grads, self._scratch
        if self.momentum:
            velocity = direction = self.state["velocity"]
            velocity *= self.momentum
            velocity += grads
            if self.nesterov:
                direction = np.multiply(velocity, self.momentum, out=scratch)
                direction += grads
        np.multiply(direction, learning_rate, out=scratch)
        params -= scratch


@dataclass
class Rprop(Optimizer):
    """θ ← θ − η δ sign(g): only the sign of a gradient counts, and whether it has turned.

    δ, 1 at first, grows by η⁺ where the sign is the last step's and shrinks by η⁻ where it has
    turned; there the step is left out. It needs the gradient of all rows. Riedmiller & Braun 1993,
    as iRprop⁻ of Igel & Hüsken 2000.

    Args:
        eta_minus: η⁻, above 0 and below 1.
        eta_plus: η⁺, above 1.
        smallest: The lower bound of δ, above 0.
        largest: Its upper bound, at least 1.
    """

    eta_minus: float = 0.5
    eta_plus: float = 1.2
    smallest: float = 1e-4
    largest: float = 5000.0
    full_batch = True

    def slots(self) -> tuple[str, ...]:
        return ("last_gradient", "pace")

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        last, pace, scratch = self.state["last_gradient"], self.state["pace"], self._scratch
        if self.steps == 1:
            pace[:] = 1.0
        # The signs are multiplied, because the gradients' product might underflow.
        turned = np.sign(last) * np.sign(grads, out=scratch)
        np.copyto(last, grads)
        np.copyto(last, 0.0, where=turned < 0)
        factors = np.where(turned > 0, self.eta_plus, np.where(turned < 0, self.eta_minus, 1.0))
        pace *= factors.astype(pace.dtype)
        np.clip(pace, self.smallest, self.largest, out=pace)
        np.multiply(np.sign(last, out=scratch), pace, out=scratch)
        scratch *= learning_rate
        params -= scratch


@dataclass
class Adagrad(Optimizer):
    """s ← s + g², θ ← θ − η g / (√s + ε). Duchi et al. 2011.

    Args:
        epsilon: ε, above 0.
    """

    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("square_sum",)

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        total, scratch = self.state["square_sum"], self._scratch
        np.multiply(grads, grads, out=scratch)
        total += scratch
        self._scaled_step(params, grads, total, self.epsilon, learning_rate)


@dataclass
class RMSprop(Optimizer):
    """s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε). Tieleman & Hinton 2012, lecture 6.5.

    Args:
        rho: ρ, at least 0 and below 1.
        epsilon: ε, above 0.
    """

    rho: float = 0.9
    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("square_average",)

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        average, scratch = self.state["square_average"], self._scratch
        np.multiply(grads, grads, out=scratch)
        scratch *= 1.0 - self.rho
        average *= self.rho
        average += scratch
        self._scaled_step(params, grads, average, self.epsilon, learning_rate)


@dataclass
class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + ε).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) at step t. Kingma & Ba 2015, algorithm 1; computed
    with the corrections drawn out of the vectors, as their section 2 does.

    Args:
        beta_1: β₁, at least 0 and below 1.
        beta_2: β₂, at least 0 and below 1.
        epsilon: ε, above 0.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def slots(self) -> tuple[str, ...]:
        return ("first_moment", "second_moment")

    def _update_moments(self, grads: Array) -> tuple[Array, Array]:
        """Returns m and v after one more gradient."""
        first, second = self.state["first_moment"], self.state["second_moment"]
        scratch = self._scratch
        np.multiply(grads, 1.0 - self.beta_1, out=scratch)
        first *= self.beta_1
        first += scratch
        np.multiply(grads, grads, out=scratch)
        scratch *= 1.0 - self.beta_2
        second *= self.beta_2
        second += scratch
        return first, second

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        first, second = self._update_moments(grads)
        # m̂ / (√v̂ + ε) = (m √c₂ / c₁) / (√v + ε √c₂) with cᵢ = 1 − βᵢᵗ
        correction_1 = 1.0 - self.beta_1**self.steps
        root_2 = sqrt(1.0 - self.beta_2**self.steps)
        rate = learning_rate * root_2 / correction_1
        self._scaled_step(params, first, second, self.epsilon * root_2, rate)


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

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        params *= 1.0 - learning_rate * self.weight_decay
        super().step(params, grads, learning_rate)


@dataclass
class Nadam(Adam):
    """Adam that looks ahead as Nesterov's momentum does. Dozat 2016, with PyTorch's constants.

    With μ_t = β₁ (1 − ½ 0.96^{0.004 t}) and Π_t = μ_1 … μ_t, Adam's m̂ becomes
    μ_{t+1} m / (1 − Π_{t+1}) + (1 − μ_t) g / (1 − Π_t).

    Args:
        beta_1: β₁ of Adam.
        beta_2: β₂ of Adam.
        epsilon: ε of Adam.
    """

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self._product = 1.0
        self._direction = np.empty_like(params)

    def step(self, params: Array, grads: Array, learning_rate: float) -> None:
        self.steps += 1
        first, second = self._update_moments(grads)
        now, after = self._momentum(self.steps), self._momentum(self.steps + 1)
        self._product *= now
        direction = np.multiply(first, after / (1.0 - self._product * after), out=self._direction)
        direction += np.multiply(grads, (1.0 - now) / (1.0 - self._product), out=self._scratch)
        root_2 = sqrt(1.0 - self.beta_2**self.steps)
        self._scaled_step(params, direction, second, self.epsilon * root_2, learning_rate * root_2)

    def _momentum(self, step: int) -> float:
        return self.beta_1 * (1.0 - 0.5 * float(0.96 ** (0.004 * step)))


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "rprop": Rprop,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": Nadam,
    "lbfgs": LBFGS,
}
