"""Builds the layers of a network from an architecture as a config or a caller writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.activations import ACTIVATIONS, Activation
from nnscratch.nn.activations.base import Linear
from nnscratch.nn.batch_norm import BatchNorm, Normalization
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.input_scale import InputScale
from nnscratch.nn.layers import ActivationLayer, Dense, Dropout, Layer
from nnscratch.nn.registry import Spec, create, describe

# A number of units, or a mapping of `units` and what differs from the other layers.
LayerSpec = int | Mapping[str, Any]
# Whether there is batch normalization, or its arguments.
NormSpec = bool | Mapping[str, float] | Normalization | None


@dataclass(frozen=True)
class HiddenLayer:
    """One hidden layer: dense, then perhaps normalized, then activated, then perhaps dropped out.

    Attributes:
        units: Its width.
        activation: Its activation.
        dropout: The share of its outputs that training drops.
        batch_norm: How it is normalized, if it is.
    """

    units: int
    activation: Activation
    dropout: float = 0.0
    batch_norm: Normalization | None = None

    def describe(self) -> dict[str, Any]:
        """Returns the mapping from which `spell_out` makes the same layer."""
        described = {"units": self.units, "activation": describe(ACTIVATIONS, self.activation)}
        if self.dropout:
            described["dropout"] = self.dropout
        if self.batch_norm is not None:
            described["batch_norm"] = asdict(self.batch_norm)
        return described


class LayerSummary(NamedTuple):
    """One row of the layer table."""

    name: str
    what: str
    """The activation of a dense layer, the momentum of a normalized one, the share dropped out, or
    what an embedding makes of a column."""
    units: int
    parameters: int


def spell_out(
    architecture: Sequence[LayerSpec],
    activation: Spec | Activation,
    dropout: float,
    batch_norm: NormSpec,
) -> list[HiddenLayer]:
    """Returns the hidden layers, first to last.

    Args:
        architecture: The layers.
        activation: The activation of layers that do not name their own.
        dropout: The dropout of layers that do not name their own.
        batch_norm: The batch normalization of layers that do not name their own.

    Raises:
        ValueError: The architecture is not a list, or a layer has an unknown key or activation, or
            not at least one unit.
    """
    if isinstance(architecture, int):
        raise ValueError(f"`architecture` must be a list of layers; got {architecture}.")
    shared = {"activation": activation, "dropout": dropout, "batch_norm": batch_norm}
    layers = []
    for item in architecture:
        own = item if isinstance(item, Mapping) else {"units": item}
        if not {"units"} <= own.keys() <= {"units", *shared}:
            keys = ", ".join(f"`{key}`" for key in shared)
            raise ValueError(f"`architecture` takes `units`, {keys}; got {architecture}.")
        units, spec = own["units"], {**shared, **own}
        if not isinstance(units, int | np.integer) or units < 1:
            raise ValueError(f"`units` must be a whole number of at least 1; got {units}.")
        dropped = spec["dropout"]  # of a file, it may be anything
        if not (isinstance(dropped, Real) and 0 <= float(dropped) < 1):
            raise ValueError(f"`dropout` must be at least 0 and below 1; got {dropped!r}.")
        function, norm = create(ACTIVATIONS, spec["activation"]), _normalization(spec["batch_norm"])
        layers.append(HiddenLayer(int(units), function, float(dropped), norm))
    return layers


def _normalization(spec: NormSpec) -> Normalization | None:
    if isinstance(spec, Mapping):
        try:
            return Normalization(**spec)
        except TypeError as error:
            raise ValueError(f"`batch_norm` does not take these arguments: {error}") from None
    if spec is True:
        return Normalization()
    if spec is not None and not isinstance(spec, bool | Normalization):
        raise ValueError(f"`batch_norm` must be true, false or a mapping; got {spec!r}.")
    return spec or None


def build_layers(
    inputs: int,
    hidden: Sequence[HiddenLayer],
    outputs: int,
    output_function: Activation,
    use_bias: bool,
    dtype: DTypeLike,
    *,
    embedding: NumericEmbedding | None = None,
    input_scale: bool = False,
) -> dict[str, Layer]:
    """Returns the layers in the order of the forward pass, by name: `dense_1`, `batch_norm_1`, ….

    Args:
        inputs: The width of the first layer's input.
        hidden: The hidden layers.
        outputs: The width of the last layer's output.
        output_function: What the last layer applies before the loss.
        use_bias: Whether layers add a bias; that of a normalized layer is its β.
        dtype: float32 or float64.
        embedding: The embedding of numbers that comes first, if there is one.
        input_scale: Whether what the first dense layer gets is scaled.
    """
    layers: dict[str, Layer] = {}
    width = inputs
    if embedding is not None:
        embedded = embedding.build(inputs, dtype)
        layers["embedding"], width = embedded, embedded.units
    if input_scale:
        layers["input_scale"] = InputScale(width, dtype=dtype)
    for number, layer in enumerate([*hidden, HiddenLayer(outputs, output_function)], start=1):
        units, norm = layer.units, layer.batch_norm
        dense_bias = use_bias and norm is None
        layers[f"dense_{number}"] = Dense(width, units, use_bias=dense_bias, dtype=dtype)
        if norm is not None:
            norm_layer = BatchNorm(units, norm, use_bias=use_bias, dtype=dtype)
            layers[f"batch_norm_{number}"] = norm_layer
        if not isinstance(layer.activation, Linear):
            layers[f"activation_{number}"] = ActivationLayer(layer.activation)
        if layer.dropout:
            layers[f"dropout_{number}"] = Dropout(layer.dropout)
        width = units
    return layers
