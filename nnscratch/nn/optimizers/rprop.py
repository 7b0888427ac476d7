"""Rprop: each parameter at a pace of its own, found from the signs of its gradients alone."""

from dataclasses import dataclass

import numpy as np

from nnscratch.nn.optimizers.base import ElementwiseOptimizer
from nnscratch.nn.parameters import Array


@dataclass
class Rprop(ElementwiseOptimizer):
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

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self.state["pace"][:] = 1.0

    def _update(
        self, learning_rate: float, scratch: Array, params: Array, grads: Array, *state: Array
    ) -> None:
        last, pace = state
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
