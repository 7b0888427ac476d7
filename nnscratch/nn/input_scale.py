"""A learned size for each input, with which a network can turn down what does not help it."""

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.layers import Arrays, Layer
from nnscratch.nn.parameters import Array


class InputScale(Layer):
    """y = s x, with x (batch, features) and s (features,), which starts at 1.

    With a rate of its own it chooses inputs early in training. Holzmüller et al. 2024 (RealMLP).

    Args:
        features: The width of x.
        dtype: float32 or float64.
    """

    def __init__(self, features: int, *, dtype: DTypeLike) -> None:
        self.shapes = {"scale": (features,)}
        self._output: Array = np.empty((0, features), dtype)

    def bind(self, params: Arrays, grads: Arrays, statistics: Arrays) -> None:
        self.scale, self.scale_grad = params["scale"], grads["scale"]
        self.scale[:] = 1.0

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if x.shape != self._output.shape:
            self._output = np.empty_like(x)
        self._input = x
        return np.multiply(x, self.scale, out=self._output)

    def backward(self, grad: Array) -> Array:
        self.backward_parameters(grad)
        grad *= self.scale
        return grad

    def backward_parameters(self, grad: Array) -> None:
        """Writes ∂loss/∂s = Σ x grad over the batch."""
        np.einsum("ij,ij->j", self._input, grad, out=self.scale_grad)
