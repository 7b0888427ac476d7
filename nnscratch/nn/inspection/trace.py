"""Traces: the output of every layer for some rows, and the gradient that flows back to it.

Layers behave as in inference: nothing is dropped out, and batch normalization uses its moving
averages as constants. So even a single row can be traced.
"""

from typing import NamedTuple

from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.layers import Dropout, Layer
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets


class LayerTrace(NamedTuple):
    """The input and output of one layer for some rows; the arrays are copies."""

    name: str
    layer: Layer
    inputs: Array
    """(rows, features)."""
    output: Array
    """(rows, units)."""


class Trace(NamedTuple):
    """The traces of all layers, first to last, and the gradients."""

    layers: list[LayerTrace]
    loss: float
    """The mean over the rows."""
    output_grads: dict[str, Array]
    """∂loss/∂output of each layer by its name, (rows, units)."""


def trace_forward(network: Network, x: Array) -> list[LayerTrace]:
    """Returns the trace of each layer for x (rows, inputs), of the network's dtype."""
    layers, x = [], x.copy()
    for name, layer in network.layers.items():
        output = layer.forward(x).copy()
        layers.append(LayerTrace(name, layer, x, output))
        x = output
    return layers


def trace(network: Network, x: Array, y: Targets) -> Trace:
    """Traces rows forward and the gradient of the loss backward; fills the network's `grads`.

    Args:
        network: Its weights are not changed.
        x: (rows, inputs), of the network's dtype.
        y: Targets as the network's loss takes them.
    """
    layers = trace_forward(network, x)
    loss, grad = network.loss(layers[-1].output, y)
    output_grads = {}
    for name, layer, inputs, _ in reversed(layers):
        output_grads[name] = grad.copy()
        match layer:
            case Dropout():
                continue
            case BatchNorm():
                grad = layer.backward_inference(inputs, grad)
            case _:
                grad = layer.backward(grad)
    return Trace(layers, loss, dict(reversed(output_grads.items())))
