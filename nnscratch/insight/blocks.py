"""A network's layers by twos and threes: a dense layer with its normalization and activation."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.layers import ActivationLayer, Dense
from nnscratch.nn.normalization import BatchNorm
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import describe
from nnscratch.nn.trace import LayerTrace


@dataclass
class Block:
    """A dense layer and what belongs to it, while one row goes through.

    Attributes:
        name: The dense layer's.
        dense: Its trace.
        norm: The trace of its normalization.
        activation: The trace of its activation; None for f(z) = z.
    """

    dense: LayerTrace
    norm: LayerTrace | None = None
    activation: LayerTrace | None = None

    @property
    def name(self) -> str:
        """The dense layer's name."""
        return self.dense.name

    @property
    def layer(self) -> Dense:
        """The dense layer."""
        assert isinstance(self.dense.layer, Dense)
        return self.dense.layer

    @property
    def z(self) -> Array:
        """What goes into the activation, (units,)."""
        units: Array = (self.norm or self.dense).output[0]
        return units

    @property
    def output(self) -> Array:
        """What the block passes on, (units,)."""
        units: Array = (self.activation or self.norm or self.dense).output[0]
        return units

    @property
    def function(self) -> str:
        """The name of the activation."""
        return describe(ACTIVATIONS, self._layer.function)["name"] if self.activation else "linear"

    @property
    def slopes(self) -> Array:
        """f′(z), (units,)."""
        slopes = np.ones_like(self.z)
        if self.activation:
            self._layer.function.backward(self.z, self.output, slopes)
        return slopes

    @property
    def _layer(self) -> ActivationLayer:
        assert self.activation is not None
        assert isinstance(self.activation.layer, ActivationLayer)
        return self.activation.layer


def group(layers: Iterable[LayerTrace]) -> list[Block]:
    """Returns the blocks of a network's layers, first to last; dropout is none of theirs."""
    blocks: list[Block] = []
    for layer in layers:
        match layer.layer:
            case Dense():
                blocks.append(Block(layer))
            case BatchNorm():
                blocks[-1].norm = layer
            case ActivationLayer():
                blocks[-1].activation = layer
    return blocks
