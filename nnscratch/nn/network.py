"""The network: layers in a row, one vector of parameters, one of gradients, and the loss.

`forward` gives logits, the loss turns them into a number and a gradient, `backward` sends the
gradient through the layers; `predict` also applies the output activation.
"""

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnscratch.nn.activations import ACTIVATIONS, Activation
from nnscratch.nn.activations.base import Linear
from nnscratch.nn.architecture import LayerSpec, LayerSummary, NormSpec, build_layers, spell_out
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.embeddings import as_embedding
from nnscratch.nn.embeddings.base import EmbeddingLayer, NumericEmbedding
from nnscratch.nn.first_weights import draw_first_weights
from nnscratch.nn.initializers import Initializer
from nnscratch.nn.layers import ActivationLayer, Dense, Dropout, lay_out
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.parameters import Array, size_of
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import Spec, create, describe, name_of

ROWS_AT_ONCE = 4096  # enough for matrix products at full speed


class Network:
    """A multi-layer perceptron: a_l = f_l(a_{l-1} W_l + b_l), from rows of inputs to logits.

    A layer with batch normalization is f_l(γ x̂ + β), x̂ being a_{l-1} W_l normalized, which makes
    b_l redundant.

    Args:
        inputs: The number of features, at least 1.
        architecture: The hidden layers, first to last: a number of units, or a mapping with
            `units` and, where they differ from the rest, `activation`, `dropout`, `batch_norm`.
        outputs: The number of outputs, at least 1.
        activation: Of the hidden layers, a name in `ACTIVATIONS`, a mapping with its arguments or
            an object.
        output_activation: `auto` is what the loss implies; a loss of plain numbers takes any.
        dropout: The share of each hidden layer's outputs that training drops, below 1.
        batch_norm: Whether hidden layers are normalized over the batch, or how.
        use_bias: Whether layers add a bias (it starts at zero).
        initializer: `auto` is he_normal before an activation like ReLU and glorot_uniform before
            others; else a name in `INITIALIZERS`, a mapping or an object.
        loss: A name in `LOSSES`, a mapping or an object, registered or not.
        input_scale: Whether each input of the first dense layer has a learned scale.
        numeric_embedding: Features added for some of the inputs: an object, or a mapping with a
            name in `EMBEDDINGS` and its arguments.
        seed: Seed for the initial weights.
        dtype: float32 or float64.

    Attributes:
        params: What gradients change, by layer: `dense_1.kernel`, `batch_norm_1.gamma`.
        grads: The gradient of the loss by each of them.
        statistics: What batch normalization collects in training for inference.
        weights: The vector of everything that is learned: `params.flat`, then `statistics.flat`.
        mixes_rows: Whether in training a row's output depends on the other rows of its batch.
        draws: Whether training draws random numbers.

    Raises:
        ValueError: A width is below 1, a name or key is unknown, the dtype is another, or the
            output activation does not fit the loss.
    """

    def __init__(
        self,
        inputs: int,
        architecture: Sequence[LayerSpec],
        outputs: int,
        *,
        activation: Spec | Activation = "relu",
        output_activation: Spec | Activation = "auto",
        dropout: float = 0.0,
        batch_norm: NormSpec = False,
        use_bias: bool = True,
        initializer: Spec | Initializer = "auto",
        loss: Spec | Loss = "mean_squared_error",
        input_scale: bool = False,
        numeric_embedding: NumericEmbedding | Mapping[str, Any] | None = None,
        seed: int = 42,
        dtype: str = "float32",
    ) -> None:
        self.hidden = spell_out(architecture, activation, dropout, batch_norm)
        _check(inputs, outputs, use_bias, dtype)
        self.mixes_rows = any(layer.batch_norm for layer in self.hidden)
        self.draws = any(layer.dropout for layer in self.hidden)
        self.inputs, self.outputs, self.use_bias = inputs, outputs, use_bias
        self.dtype = np.dtype(dtype)
        self.loss = _create_loss(loss, outputs)
        self.output_function = self._output_function(output_activation)
        self.input_scale = bool(input_scale)
        self.numeric_embedding = as_embedding(numeric_embedding, dtype)
        self.layers = build_layers(
            self.inputs,
            self.hidden,
            self.outputs,
            self.output_function,
            use_bias,
            self.dtype,
            embedding=self.numeric_embedding,
            input_scale=input_scale,
        )
        # Nothing needs the gradient that reaches an embedding without parameters.
        self._learning = [*dropwhile(lambda layer: not layer.shapes, self.layers.values())]
        self.dense = [layer for layer in self.layers.values() if isinstance(layer, Dense)]
        self.weights, self.params, self.grads, self.statistics = lay_out(self.layers, self.dtype)
        functions = [*(layer.activation for layer in self.hidden), self.output_function]
        draw_first_weights(self.layers.values(), functions, initializer, seed)
        self.start_epoch(seed, 0)

    def start_epoch(self, seed: int, epoch: int) -> None:
        """Restarts the random numbers of dropout, a pure function of seed and epoch."""
        if not self.draws:  # a generator takes longer to make than a gate's step
            return
        numbers = generator(seed, Purpose.DROPOUT, epoch)
        for layer in self.layers.values():
            if isinstance(layer, Dropout):
                layer.start(numbers)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Returns the logits (batch, outputs) for x (batch, inputs); valid until the next call.

        Args:
            x: Of the network's dtype.
            training: Whether layers drop out, and normalize by the batch; needed for `backward`.
        """
        for layer in self.layers.values():
            x = layer.forward(x, training=training)
        return x

    def backward(self, grad: Array) -> None:
        """Fills `grads` from ∂loss/∂logits of the latest `forward`; overwrites `grad`."""
        *others, first = reversed(self._learning)
        for layer in others:
            grad = layer.backward(grad)
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
        embedding = self.numeric_embedding
        return {
            "inputs": self.inputs,
            "architecture": [layer.describe() for layer in self.hidden],
            "outputs": self.outputs,
            "output_activation": self._output_spec(),
            "use_bias": self.use_bias,
            **({"input_scale": True} if self.input_scale else {}),
            **({"numeric_embedding": embedding.describe()} if embedding else {}),
            "loss": describe(LOSSES, self.loss),
            "dtype": self.dtype.name,
        }

    def summary(self) -> list[LayerSummary]:
        """Returns the rows of the layer table; a dense row names its activation."""
        functions = iter([*(layer.activation for layer in self.hidden), None])
        rows: list[LayerSummary] = []
        for name, layer in self.layers.items():
            what, units = "", rows[-1].units if rows else self.inputs
            match layer:
                case Dense():
                    function, units = next(functions), layer.units
                    spec = describe(ACTIVATIONS, function) if function else self._output_spec()
                    what = spec["name"]
                case Dropout():
                    what = f"{layer.rate:.4g}"
                case BatchNorm():
                    what = f"momentum {layer.settings.momentum:.4g}"
                case EmbeddingLayer():
                    assert self.numeric_embedding
                    what, units = self.numeric_embedding.summary, layer.units
                case ActivationLayer():
                    continue
            rows.append(LayerSummary(name, what, units, size_of(layer.shapes)))
        return rows

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
        return describe(ACTIVATIONS, self.output_function)


def _create_loss(spec: Spec | Loss, outputs: int) -> Loss:
    loss = spec if isinstance(spec, Loss) else create(LOSSES, spec)
    weights = getattr(loss, "class_weight", None)
    if weights is not None and len(weights) != (outputs if loss.takes_indices else 2):
        raise ValueError(f"`class_weight` must have a number for each class; got {weights}.")
    return loss


def _check(inputs: int, outputs: int, use_bias: object, dtype: str) -> None:
    if min(inputs, outputs) < 1:
        raise ValueError(f"A network needs inputs and outputs; got {inputs} and {outputs}.")
    if not isinstance(use_bias, bool | np.bool_):
        raise ValueError(f"`use_bias` must be true or false; got {use_bias!r}.")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"`dtype` must be float32 or float64; got {dtype}.")
