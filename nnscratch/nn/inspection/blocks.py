"""Blocks of a network's layers: a dense layer with its normalization and activation."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnscratch.nn.activations.base import Activation, Linear
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.trace import LayerTrace, trace_forward
from nnscratch.nn.layers import ActivationLayer, Dense
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


@dataclass
class Block:
    """A dense layer and what follows it, with their values for some rows: z = x W + b, ẑ, a = f(ẑ).

    Attributes:
        dense: The dense layer's trace.
        norm: The trace of its normalization; without it ẑ is z.
        activation: The trace of its activation; without it a is ẑ.
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
    def normalization(self) -> BatchNorm | None:
        """The batch normalization, if there is one."""
        layer = self.norm and self.norm.layer
        return layer if isinstance(layer, BatchNorm) else None

    @property
    def function(self) -> Activation:
        """The activation, f."""
        layer = self.activation and self.activation.layer
        return layer.function if isinstance(layer, ActivationLayer) else Linear()

    @property
    def z(self) -> Array:
        """ẑ, the input of f, (rows, units)."""
        return (self.norm or self.dense).output

    @property
    def output(self) -> Array:
        """a, the output of the block, (rows, units)."""
        return (self.activation or self.norm or self.dense).output

    @property
    def slopes(self) -> Array:
        """f′(ẑ), (rows, units)."""
        slopes = np.ones_like(self.z)
        self.function.backward(self.z, self.output, slopes)
        return slopes


def group(layers: Iterable[LayerTrace]) -> list[Block]:
    """Returns the blocks of a network's layers, first to last; dropout is part of none."""
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


def input_kernel(network: Network) -> Array:
    """Returns what each input is multiplied by on its way into the first dense layer.

    That is (inputs, units): the kernel, times the scale of the inputs if they have one; without the
    rows that belong to an embedding of numbers.
    """
    kernel = network.dense[0].kernel
    scale = network.params.get("input_scale.scale")
    scaled: Array = kernel if scale is None else scale[:, np.newaxis] * kernel
    return scaled[: network.inputs]


def trace_hidden(network: Network, x: Array) -> dict[str, Array]:
    """Returns the output of each hidden block by its dense layer's name.

    Args:
        network: The network.
        x: (rows, inputs), of the network's dtype.
    """
    return {block.name: block.output for block in group(trace_forward(network, x))[:-1]}
