"""A learning rate of its own for each kind of parameter: factors of the learning rate."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.parameters import Array, Parameters


@dataclass(frozen=True)
class RateFactors:
    """Multiplies each step of a parameter by the factor of its kind.

    With `fan_in`, a layer of many inputs makes smaller steps, so that its output changes as much as
    that of a layer of few: for Adam, whose steps do not depend on the size of the gradient, this is
    the neural tangent parametrization of Jacot et al. 2018, z = x W / √inputs + b.

    Args:
        kernel: The factor of the kernels of dense layers.
        fan_in: Whether that is divided by √inputs, of the layer's own inputs.
        bias: The factor of the biases of dense layers.
        input_scale: The factor of the scale of the inputs.
        embedding: The factor of all parameters of the embedding of numbers.
    """

    kernel: float = 1.0
    fan_in: bool = False
    bias: float = 1.0
    input_scale: float = 1.0
    embedding: float = 1.0

    def vector(self, network: Network) -> Array:
        """Returns the factor of each parameter of a network, a vector like `params.flat`."""
        factors = np.ones_like(network.params.flat)
        shapes = {name: array.shape for name, array in network.params.items()}
        for name, view in Parameters(shapes, factors).items():
            layer, _, array = name.partition(".")
            view[:] = self._factor(layer, array, view.shape[0])
        return factors

    def _factor(self, layer: str, array: str, inputs: int) -> float:
        if layer == "embedding":
            return self.embedding
        if layer == "input_scale":
            return self.input_scale
        if array == "kernel":
            return self.kernel / sqrt(inputs) if self.fan_in else self.kernel
        return self.bias if array == "bias" else 1.0


def make_step(
    optimizer: Optimizer, params: Array, grads: Array, learning_rate: float, factors: Array | None
) -> None:
    """Has an optimizer update `params` in place by its step, times the factors if there are any."""
    if factors is None:
        optimizer.step(params, grads, learning_rate)
        return
    before = params.copy()
    optimizer.step(params, grads, learning_rate)
    params -= before
    params *= factors
    params += before
