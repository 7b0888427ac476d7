"""One example's way through a network and back, in numbers and with the formulas beside them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.backward_pass import explain_backward
from nnscratch.insight.example import Example
from nnscratch.insight.forward_pass import NamedBlock, explain_block
from nnscratch.insight.inputs import explain_inputs, input_names
from nnscratch.insight.outputs import explain_gain, explain_loss, explain_prediction, output_names
from nnscratch.insight.section import Section
from nnscratch.insight.update import explain_gradients, explain_weights, make_update
from nnscratch.model.model import Model
from nnscratch.nn.inspection.blocks import group
from nnscratch.nn.inspection.trace import trace, trace_forward
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
        blocks = _name_blocks(model, x)
        yield from _explain_forward(model, example, blocks)
        if example.target is None:
            yield explain_prediction(model, blocks[-1].block.output)
            yield Section("no backward pass", ("the loss needs a target",))
        else:
            yield from _explain_backward(model, example, x, blocks, config)


def _in_float64(model: Model) -> Model:
    """Returns a model of the same weights that computes in float64 and shares no memory."""
    network = Network(**model.network.describe() | {"dtype": "float64"}, initializer="zeros")
    network.weights[:] = model.network.weights
    return replace(model, network=network, encoding=replace(model.encoding, loss=network.loss))


def _name_blocks(model: Model, x: Array) -> list[NamedBlock]:
    """Returns the blocks with the names of inputs and outputs, and the numbers of hidden units."""
    hidden = [tuple(map(str, range(1, dense.units + 1))) for dense in model.network.dense[:-1]]
    names = [input_names(model), *hidden, output_names(model)]
    blocks = group(trace_forward(model.network, x))
    return [NamedBlock(*each) for each in zip(blocks, names, names[1:], strict=False)]


def _explain_forward(model: Model, example: Example, blocks: list[NamedBlock]) -> Iterator[Section]:
    has_target = example.target is not None
    source = None
    for named in blocks:
        yield explain_block(named, source, has_target=has_target)
        if not has_target and not named.weights_fit_beside_units:
            yield explain_weights(named, model.network.params)
        source = named.block.name


def _explain_backward(
    model: Model, example: Example, x: Array, blocks: list[NamedBlock], config: Config | None
) -> Iterator[Section]:
    assert example.target is not None
    y = model.encode(example.target)
    passes = trace(model.network, x, y)
    yield explain_loss(model, y, passes)
    followers = [*(named.block.name for named in blocks[1:]), None]
    # Complete before the step changes the weights that these sections show.
    backward = [
        list(explain_backward(named, follower, passes))
        for named, follower in zip(blocks, followers, strict=True)
    ]
    update = make_update(model.network, config)
    yield Section("how weights learn", update.lines)
    for named, sections in zip(reversed(blocks), reversed(backward), strict=True):
        yield from sections
        yield explain_gradients(named, update)
    if update.steps:
        yield explain_gain(model, x, y, passes)
