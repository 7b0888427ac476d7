"""The layers of a network: each maps a batch forward and sends the loss's gradient backward.

A layer writes its output into a buffer, which the next batch overwrites; a new buffer is allocated
only when the number of rows changes.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.activations import Activation
from nnscratch.nn.parameters import Array, Parameters, Shapes, size_of

# A layer's own arrays, by the names in its shapes.
Arrays = Mapping[str, Array]


class Layer(ABC):
    """One step of the forward pass, and the same step backward.

    `shapes` are those of its parameters, which gradients change; `statistics_shapes` those of the
    statistics that it collects in training for inference.
    """

    shapes: Shapes = MappingProxyType({})
    statistics_shapes: Shapes = MappingProxyType({})

    @abstractmethod
    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Returns the layer's output for x, both (batch, features); valid until the next call.

        Args:
            x: The input.
            training: Whether to behave as in training, where that differs from inference.
        """

    @abstractmethod
    def backward(self, grad: Array) -> Array:
        """Turns ∂loss/∂output, which it may overwrite, into ∂loss/∂input.

        The gradients of the layer's own parameters are computed on the way. The latest `forward`
        must have been one of training, with the same batch.
        """

    def backward_parameters(self, grad: Array) -> None:
        """Does what `backward` does for the layer's own parameters, where ∂loss/∂input is not used.

        So it is for the first layer, whose input is often the widest.
        """
        self.backward(grad)

    def bind(self, params: Arrays, grads: Arrays, statistics: Arrays) -> None:  # noqa: B027 - not every layer has parameters
        """Gives the layer its arrays, which are zeros; other initial values it writes itself."""


class Dense(Layer):
    """z = x W + b, with x (batch, in_features), W (in_features, units) and b (units,).

    Args:
        in_features: The width of x.
        units: The width of z.
        use_bias: Whether b is added.
        dtype: float32 or float64.
    """

    def __init__(self, in_features: int, units: int, *, use_bias: bool, dtype: DTypeLike) -> None:
        self.in_features, self.units = in_features, units
        self.shapes = {"kernel": (in_features, units)} | ({"bias": (units,)} if use_bias else {})
        self.dtype = np.dtype(dtype)
        self._input_grad: Array = np.empty((0, in_features), self.dtype)
        self._allocate(rows=0)

    def bind(self, params: Arrays, grads: Arrays, statistics: Arrays) -> None:
        self.kernel, self.bias = params["kernel"], params.get("bias")
        self.kernel_grad, self.bias_grad = grads["kernel"], grads.get("bias")

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if len(x) != len(self._output):
            self._allocate(len(x))
        self._input = x
        # As a method, dot has a third of the overhead of `@` on the matrices of a gate.
        x.dot(self.kernel, out=self._output)
        if self.bias is not None:
            self._output += self.bias
        return self._output

    def backward(self, grad: Array) -> Array:
        self.backward_parameters(grad)
        if len(grad) != len(self._input_grad):
            self._input_grad = np.empty((len(grad), self.in_features), self.dtype)
        return grad.dot(self.kernel.T, out=self._input_grad)

    def backward_parameters(self, grad: Array) -> None:
        """Writes ∂loss/∂W = xᵀ grad and ∂loss/∂b = Σ grad over the batch."""
        self._input.T.dot(grad, out=self.kernel_grad)
        if self.bias_grad is not None:
            # A product with ones sums the rows faster than grad.sum(axis=0) does.
            self._ones.dot(grad, out=self.bias_grad)

    def _allocate(self, rows: int) -> None:
        self._output: Array = np.empty((rows, self.units), self.dtype)
        self._ones: Array = np.ones(rows, self.dtype)


class ActivationLayer(Layer):
    """f(z), elementwise.

    Args:
        function: f.
    """

    def __init__(self, function: Activation) -> None:
        self.function = function
        self._output: Array = np.empty((0, 0))

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if x.shape != self._output.shape:
            self._output = np.empty_like(x)
        self._z = x
        self.function.forward(x, self._output)
        return self._output

    def backward(self, grad: Array) -> Array:
        self.function.backward(self._z, self._output, grad)
        return grad


class Dropout(Layer):
    """In training each number is 0 with probability p, else divided by 1 − p; in inference x.

    Hinton et al. 2012, Srivastava et al. 2014; scaled in training, so that inference need not be.

    Args:
        rate: p, at least 0 and below 1.
    """

    def __init__(self, rate: float) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"`dropout` must be at least 0 and below 1; got {rate}.")
        self.rate = rate
        self._output: Array = np.empty((0, 0))

    def start(self, generator: np.random.Generator) -> None:
        """Sets the source of random numbers, which `forward` needs in training."""
        self._generator = generator

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if not training:
            return x
        if x.shape != self._output.shape:
            self._output, self._mask = np.empty_like(x), np.empty_like(x)
        self._generator.random(dtype=x.dtype, out=self._mask)
        np.greater_equal(self._mask, self.rate, out=self._mask)
        self._mask *= 1.0 / (1.0 - self.rate)
        return np.multiply(x, self._mask, out=self._output)

    def backward(self, grad: Array) -> Array:
        grad *= self._mask
        return grad


def lay_out(
    layers: Mapping[str, Layer], dtype: DTypeLike
) -> tuple[Array, Parameters, Parameters, Parameters]:
    """Lays out all parameters in one vector, followed by the statistics, and binds the layers.

    Args:
        layers: By name.
        dtype: float32 or float64.

    Returns:
        The vector; the parameters and, in a vector of their own, the gradients; the statistics.
    """
    shapes = {f"{n}.{k}": shape for n, layer in layers.items() for k, shape in layer.shapes.items()}
    others = {
        f"{n}.{k}": shape
        for n, layer in layers.items()
        for k, shape in layer.statistics_shapes.items()
    }
    count = size_of(shapes)
    weights: Array = np.zeros(count + size_of(others), dtype)
    params, statistics = Parameters(shapes, weights[:count]), Parameters(others, weights[count:])
    grads = Parameters.zeros(shapes, dtype)
    for n, layer in layers.items():
        layer.bind(
            {name: params[f"{n}.{name}"] for name in layer.shapes},
            {name: grads[f"{n}.{name}"] for name in layer.shapes},
            {name: statistics[f"{n}.{name}"] for name in layer.statistics_shapes},
        )
    return weights, params, grads, statistics
