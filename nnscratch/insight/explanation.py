"""One example's way through a network and back, in numbers and with the formulas beside them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.example import Example
from nnscratch.insight.input_layers import (
    NamedLayer,
    explain_input_gradient,
    explain_input_layer,
    gradient_formulas,
    name_input_layers,
)
from nnscratch.insight.inputs import explain_inputs, input_names
from nnscratch.insight.outputs import explain_gain, explain_loss, explain_prediction, output_names
from nnscratch.insight.passes import NamedBlock, explain_backward, explain_forward
from nnscratch.insight.section import Section
from nnscratch.insight.update import explain_parameters, make_update
from nnscratch.model.model import Model
from nnscratch.nn.inspection.blocks import group
from nnscratch.nn.inspection.trace import LayerTrace, trace, trace_forward
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


def explain(model: Model, example: Example, config: Config | None) -> Iterator[Section]:
    """Yields the steps of a forward and a backward pass, in the order in which they are computed.

    Args:
        model: The model; it is not changed.
        example: The example; without a target there is no backward pass.
        config: Has the optimizer; without it there is no step.
    """
    # Overflowing numbers are shown as they are. In float64 the numbers follow from the formulas to
    # all digits that are shown.
    with np.errstate(all="ignore"):
        model = _in_float64(model)
        x = model.transform(example.inputs)
        yield explain_inputs(model, example, x)
        layers = trace_forward(model.network, x)
        before = name_input_layers(layers, input_names(model))
        blocks = _name_blocks(model, layers, before)
        has_target = example.target is not None
        for layer in before:
            yield explain_input_layer(layer)
        for named in blocks:
            yield explain_forward(named, has_target=has_target)
            if not has_target and not named.weights_fit_beside_units:
                title = f"weights of {named.block.name}"
                yield explain_parameters(title, [], named, {"w": model.network.params})
        if has_target:
            yield from _explain_backward(model, example, x, before, blocks, config)
        else:
            yield explain_prediction(model, blocks[-1].block.output)
            yield Section("no backward pass", ("the loss needs a target",))


def _in_float64(model: Model) -> Model:
    """Returns a model of the same weights that computes in float64 and shares no memory."""
    network = Network(**model.network.describe() | {"dtype": "float64"}, initializer="zeros")
    network.weights[:] = model.network.weights
    return replace(model, network=network, encoding=replace(model.encoding, loss=network.loss))


def _name_blocks(
    model: Model, layers: list[LayerTrace], before: list[NamedLayer]
) -> list[NamedBlock]:
    """Returns the blocks with the names of inputs and outputs, and the numbers of hidden units."""
    hidden = [tuple(map(str, range(1, dense.units + 1))) for dense in model.network.dense[:-1]]
    inputs = before[-1].units if before else input_names(model)
    names = [inputs, *hidden, output_names(model)]
    blocks = group(layers)
    titles = [None, *(block.name for block in blocks), None]
    columns = (blocks, names, names[1:], titles, titles[2:])
    return [NamedBlock(*each) for each in zip(*columns, strict=False)]


def _explain_backward(
    model: Model,
    example: Example,
    x: Array,
    before: list[NamedLayer],
    blocks: list[NamedBlock],
    config: Config | None,
) -> Iterator[Section]:
    assert example.target is not None
    y = model.encode(example.target)
    passes = trace(model.network, x, y)
    yield explain_loss(model, y, passes)
    # Complete before the step changes the weights that these sections show.
    backward = [list(explain_backward(named, passes)) for named in blocks]
    lines, columns = make_update(model.network, config)
    yield Section("how weights learn", tuple(lines))
    for named, sections in zip(reversed(blocks), reversed(backward), strict=True):
        yield from sections
        block = named.block
        lines = ["∂L/∂W = xᵀ ∂L/∂z"]
        if block.layer.bias is not None:
            lines.append("∂L/∂b = ∂L/∂z")
        if block.norm:
            lines.append("∂L/∂γ = ∂L/∂ẑ (z − μ) / √(σ² + ε), ∂L/∂β = ∂L/∂ẑ")
        yield explain_parameters(f"gradients of {block.name}", lines, named, columns)
    followers = [blocks[0].block.name, *(layer.trace.name for layer in reversed(before))]
    for layer, follower in zip(reversed(before), followers, strict=False):
        yield explain_input_gradient(layer, passes, follower)
        if layer.shapes:
            title = f"gradients of {layer.trace.name}"
            yield explain_parameters(title, gradient_formulas(layer), layer, columns)
    if "step" in columns:
        yield explain_gain(model, x, y, passes)
