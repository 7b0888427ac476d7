"""The gradient of an embedding by its inputs, against finite differences."""

import numpy as np
import pytest

from nnscratch.nn.layers import Layer
from nnscratch.nn.parameters import Array


def assert_input_gradient(layer: Layer, x: Array, grad: Array, *, least: float = 1e-12) -> None:
    """Compares ∂loss/∂x with central differences, for a loss of Σ grad · output.

    Args:
        layer: The layer, in float64.
        x: Its input.
        grad: ∂loss/∂output.
        least: The difference that rounding may make where the gradient is 0.
    """
    layer.forward(x, training=True)
    through = layer.backward(grad.copy())
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        above, below = (layer.forward(x + s).copy() for s in (step, -step))
        slope = ((above - below) * grad).sum() / 2e-6
        assert through[place] == pytest.approx(slope, rel=1e-6, abs=least)
