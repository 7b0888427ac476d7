"""The network: layers in a row, one vector of parameters, one of gradients, and the loss.

`forward` gives logits, the loss turns them into a number and a gradient, `backward` sends the
gradient through the layers; `predict` gives what a reader wants, with the output activation on.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnscratch.nn.activations import ACTIVATIONS, Activation, Linear
from nnscratch.nn.initializers import INITIALIZERS, GlorotUniform, HeNormal, Initializer
from nnscratch.nn.layers import ActivationLayer, Dense, Layer
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.parameters import Array, Parameters
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import Spec, create, describe, name_of

ROWS_AT_ONCE = 4096  # enough for BLAS to be at its best


class DenseSummary(NamedTuple):
    """One row of the layer table."""

    name: str
    activation: str
    units: int
    parameters: int


class Network:
    """A multi-layer perceptron: a_l = f_l(a_{l-1} W_l + b_l), from rows of inputs to logits.

    Args:
        inputs: The number of features, at least 1.
        architecture: The hidden layers, first to last: a number of units, or a mapping with
            `units` and, where it differs from the rest, `activation`.
        outputs: The number of outputs, at least 1.
        activation: Of the hidden layers, a name in `ACTIVATIONS`, a mapping with its arguments or
            an object.
        output_activation: `auto` is what the loss implies; a loss of plain numbers takes any.
        use_bias: Whether layers add a bias (it starts at zero).
        initializer: `auto` is he_normal before an activation like ReLU and glorot_uniform before
            others; else a name in `INITIALIZERS`, a mapping or an object.
        loss: A name in `LOSSES`, a mapping or an object.
        seed: Of the initial weights.
        dtype: float32 or float64.

    Raises:
        ValueError: A width is below 1, a name or key is unknown, the dtype is another, or the
            output activation does not fit the loss.
    """

    def __init__(
        self,
        inputs: int,
        architecture: Sequence[int | Mapping[str, Any]],
        outputs: int,
        *,
        activation: Spec | Activation = "relu",
        output_activation: Spec | Activation = "auto",
        use_bias: bool = True,
        initializer: Spec | Initializer = "auto",
        loss: Spec | Loss = "mean_squared_error",
        seed: int = 42,
        dtype: str = "float32",
    ) -> None:
        hidden = _spell_out(architecture)
        widths = [inputs, *(layer["units"] for layer in hidden), outputs]
        if not all(isinstance(width, int | np.integer) for width in widths) or min(widths) < 1:
            raise ValueError(f"`architecture` needs whole widths of at least 1; got {widths}.")
        self.inputs, self.outputs, self.use_bias = inputs, outputs, use_bias
        if dtype not in ("float32", "float64"):
            raise ValueError(f"`dtype` must be float32 or float64; got {dtype}.")
        self.dtype = np.dtype(dtype)
        self.loss = create(LOSSES, loss)
        self.activations = [
            *(create(ACTIVATIONS, layer.get("activation") or activation) for layer in hidden),
            self._output_function(output_activation),
        ]
        self.dense = [Dense(a, b, use_bias=use_bias, dtype=dtype) for a, b in pairwise(widths)]
        self.layers: list[Layer] = []
        for dense, function in zip(self.dense, self.activations, strict=True):
            self.layers.append(dense)
            if not isinstance(function, Linear):
                self.layers.append(ActivationLayer(function))
        self._bind()
        self._initialize(initializer, seed)

    def forward(self, x: Array) -> Array:
        """Returns the logits (batch, outputs) for x (batch, inputs); valid until the next call.

        `x` has the network's dtype.
        """
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad: Array) -> None:
        """Fills `grads` from ∂loss/∂logits of the latest `forward`; overwrites `grad`."""
        first, *others = self.layers
        for layer in reversed(others):
            grad = layer.backward(grad)
        assert isinstance(first, Dense)
        # Nothing needs ∂loss/∂x, the most expensive product of a wide first layer.
        first.backward_parameters(grad)

    def logits(self, x: ArrayLike) -> Array:
        """Returns the logits (rows, outputs) for x (rows, inputs), in a new array.

        Raises:
            ValueError: x is not of shape (rows, inputs).
        """
        inputs = self.as_inputs(x)
        logits = np.empty((len(inputs), self.outputs), self.dtype)
        for start in range(0, len(inputs), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            logits[rows] = self.forward(inputs[rows])
        return logits

    def predict(self, x: ArrayLike) -> Array:
        """Returns the outputs (rows, outputs) for x (rows, inputs), in a new array.

        A sigmoid is applied for binary_cross_entropy and a softmax for cross_entropy, so these
        are probabilities.

        Raises:
            ValueError: x is not of shape (rows, inputs).
        """
        return self.loss.predict(self.logits(x))

    def as_inputs(self, x: ArrayLike) -> Array:
        """Returns x as an array of the network's dtype.

        Raises:
            ValueError: x is not of shape (rows, inputs).
        """
        array = np.asarray(x, self.dtype)
        if array.ndim != 2 or array.shape[1] != self.inputs:
            raise ValueError(f"`x` must have the shape (rows, {self.inputs}); got {array.shape}.")
        return array

    def describe(self) -> dict[str, Any]:
        """Returns plain values from which `Network(**…)` builds the same shape of network."""
        return {
            "inputs": self.inputs,
            "architecture": [
                {"units": dense.units, "activation": describe(ACTIVATIONS, function)}
                for dense, function in zip(self.dense[:-1], self.activations[:-1], strict=True)
            ],
            "outputs": self.outputs,
            "output_activation": self._output_spec(),
            "use_bias": self.use_bias,
            "loss": describe(LOSSES, self.loss),
            "dtype": self.dtype.name,
        }

    def summary(self) -> list[DenseSummary]:
        """Returns the rows of the layer table, one for each dense layer."""
        specs = [*(describe(ACTIVATIONS, f) for f in self.activations[:-1]), self._output_spec()]
        return [
            DenseSummary(
                name=f"dense_{number}",
                activation=spec["name"],
                units=dense.units,
                parameters=sum(map(prod, dense.shapes.values())),
            )
            for number, (dense, spec) in enumerate(zip(self.dense, specs, strict=True), start=1)
        ]

    def _output_function(self, spec: Spec | Activation) -> Activation:
        """Returns what the last layer applies before the loss: nothing, if that takes logits."""
        implied = self.loss.output_activation
        name = name_of(ACTIVATIONS, spec)
        if name in ("auto", implied):
            return Linear()
        if implied != "linear":
            raise ValueError(f"`output_activation` must be {implied} for this loss; got {name!r}.")
        return create(ACTIVATIONS, spec)

    def _output_spec(self) -> dict[str, Any]:
        implied = self.loss.output_activation
        if implied != "linear":
            return {"name": implied}
        return describe(ACTIVATIONS, self.activations[-1])

    def _bind(self) -> None:
        shapes = {
            f"dense_{number}.{name}": shape
            for number, dense in enumerate(self.dense, start=1)
            for name, shape in dense.shapes.items()
        }
        self.params = Parameters(shapes, self.dtype)
        self.grads = Parameters(shapes, self.dtype)
        for number, dense in enumerate(self.dense, start=1):
            dense.bind(
                {name: self.params[f"dense_{number}.{name}"] for name in dense.shapes},
                {name: self.grads[f"dense_{number}.{name}"] for name in dense.shapes},
            )

    def _initialize(self, spec: Spec | Initializer, seed: int) -> None:
        rng = generator(seed, Purpose.INITIALIZE)
        for dense, function in zip(self.dense, self.activations, strict=True):
            auto: Initializer = HeNormal() if function.relu_like else GlorotUniform()
            named = name_of(INITIALIZERS, spec)
            initializer = auto if named == "auto" else create(INITIALIZERS, spec)
            dense.kernel[:] = initializer(rng, dense.kernel.shape)


def _spell_out(architecture: Sequence[int | Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Returns each hidden layer as a mapping."""
    if isinstance(architecture, int):
        raise ValueError(f"`architecture` must be a list of layers; got {architecture}.")
    hidden = [item if isinstance(item, Mapping) else {"units": item} for item in architecture]
    if any(not {"units"} <= layer.keys() <= {"units", "activation"} for layer in hidden):
        raise ValueError(f"`architecture` takes `units` and `activation`; got {architecture}.")
    return hidden
