"""Rprop: each parameter at a pace of its own, found from the signs of its gradients alone."""

import numpy as np

from nnscratch.nn.optimizers.base import ElementwiseOptimizer
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import setting, with_settings


@with_settings
class Rprop(ElementwiseOptimizer):
    """Steps from the signs of the gradients of all rows alone. Riedmiller & Braun 1993.

    θ ← θ − η δ sign(g): only the sign of a gradient counts, and whether it has turned. δ, 1 at
    first, grows by η⁺ where the sign is the last step's and shrinks by η⁻ where it has turned;
    there the step is left out. This is iRprop⁻ of Igel & Hüsken 2000.
    """

    eta_minus: float = setting(
        0.5, "Factor of a weight's step where its gradient has changed sign.", gt=0, lt=1
    )
    eta_plus: float = setting(
        1.2, "Factor of a weight's step where its gradient has kept its sign.", gt=1, le=100
    )
    smallest: float = setting(1e-4, "Lower bound of the product of factors.", gt=0, le=1)
    largest: float = setting(5000.0, "Upper bound of the product of factors.", ge=1, le=1e12)
    name = "rprop"
    full_batch = True
    first_step = "− η sign(g)"
    slots = ("last_gradient", "pace")

    def prepare(self, params: Array) -> None:
        super().prepare(params)
        self.state["pace"][:] = 1.0

    def _update(self, learning_rate: float, scratch: Array, *vectors: Array) -> None:
        params, grads, last, pace = vectors
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
