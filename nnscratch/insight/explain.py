"""One example's way through a network and back, as numbers with the formulas beside them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.insight import formulas
from nnscratch.insight.blocks import Block, group
from nnscratch.insight.example import Example
from nnscratch.insight.section import MOST_UNITS, Section, tabulate
from nnscratch.insight.update import explain_parameters, make_update
from nnscratch.model import Model
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import describe
from nnscratch.nn.trace import Trace, trace, trace_forward
from nnscratch.wording import label_text, number

# The weights into a unit stand beside it if they are not more.
_MOST_INPUTS = 4


def explain(model: Model, example: Example, config: Config | None) -> Iterator[Section]:
    """Yields the steps of an example's way, in the order in which they are computed.

    Args:
        model: Its network makes the step at the end.
        example: What is explained; without a target there is no way back.
        config: Says how weights are updated; without it that is left out.
    """
    network = model.network
    x = model.transform(example.inputs)
    layers = trace_forward(network, x)
    yield _explain_inputs(model, example, x)
    blocks = group(layers)
    features = tuple(map(label_text, model.preprocessing.output_names))
    inputs = [features, *(_units(block.layer.units) for block in blocks[:-1])]
    for block, names in zip(blocks, inputs, strict=True):
        yield _explain_block(block, names)
    if example.target is None:
        yield Section("no way back", ("the loss needs a target, which --target gives",))
        return
    targets = model.encoding.encode(example.target)
    y = targets if network.loss.takes_indices else targets.astype(network.dtype)
    way = trace(network, x, y)
    yield _explain_loss(model, y, way)
    update = make_update(network, config)
    yield Section("how weights learn", update.said)
    for block, names in reversed(list(zip(blocks, inputs, strict=True))):
        if block.activation:
            yield _explain_slopes(block, way)
        yield explain_parameters(block, names, update)
    if update.steps:
        yield _explain_gain(model, x, y, way)


def _explain_inputs(model: Model, example: Example, x: Array) -> Section:
    said = [f"the network says {_text(model, model.predict(example.inputs))}"]
    if example.target is not None:
        said.append(f"the target is {_text(model, model.encoding.labels(example.target))}")
    columns = {"goes in as": x[0]}
    if all(feature.words is None for feature in model.features):
        columns = {"value": example.inputs[0].astype(np.float64), **columns}
        said.append("goes in as (value − shift) · scale, which training learnt from its rows")
    names = tuple(map(label_text, model.preprocessing.output_names))
    return tabulate(example.name, said, "input", names, columns)


def _text(model: Model, answers: NDArray[Any]) -> str:
    """Returns classes as they are called, and numbers with as many digits as are read."""
    show = label_text if model.encoding.classes else number
    return ", ".join(map(show, answers.reshape(-1).tolist()))


def _explain_block(block: Block, inputs: tuple[str, ...]) -> Section:
    layer, function = block.layer, formulas.ACTIVATIONS[block.function]
    weights, units = layer.kernel, layer.units
    bias = "" if layer.bias is None else " + b"
    said = [f"x (1, {layer.in_features}), W ({layer.in_features}, {units}): z = x W{bias}"]
    columns: dict[str, Array] = {}
    if layer.in_features <= _MOST_INPUTS and units <= MOST_UNITS:
        columns = {f"W from {name}": row for name, row in zip(inputs, weights, strict=True)}
    if layer.bias is not None:
        columns["b"] = layer.bias
    columns["z"] = block.dense.output[0]
    if block.norm:
        said.append("ẑ = γ (z − μ) / √(σ² + ε) + β, with the averages that training noted")
        columns["ẑ"] = block.z
    if block.activation:
        of = "ẑ" if block.norm else "z"
        named, formula = f"{block.function}({of})", function.value.replace("z", of)
        said.append(f"a = {formula}" if formula == named else f"a = {named} = {formula}")
        columns["a"] = block.output
        said += _idle(block)
    return tabulate(block.name, said, "unit", _units(units), columns)


def _idle(block: Block) -> list[str]:
    """Says how many units learn nothing from this row, if there are any."""
    idle = int(np.count_nonzero(np.abs(block.slopes) < 0.01))
    what = "dead" if block.function == "relu" else "saturated"
    units = f"{idle:,} of {block.layer.units:,}"
    return [f"{what} for this example, their slope below 0.01: {units}"] if idle else []


def _explain_loss(model: Model, y: Targets, way: Trace) -> Section:
    network = model.network
    settings = describe(LOSSES, network.loss)
    name = settings.pop("name")
    formula, logits = formulas.LOSSES[name], way.layers[-1].output
    said = [f"L = {formula.value}", f"∂L/∂z = {formula.slope}"]
    if network.outputs > 1 and not network.loss.takes_indices:
        said.append(f"both as the mean over {network.outputs} outputs")
    said += [f"with {key} {value}" for key, value in settings.items() if value]
    if any(model.encoding.shift) or set(model.encoding.scale) != {1.0}:
        said.append("y is the target as training has scaled it")
    columns = {"z": logits[0]}
    if model.encoding.probabilities:
        columns["p"] = network.loss.predict(logits)[0]
    columns["y"] = np.eye(network.outputs)[y[0]] if network.loss.takes_indices else y[0]
    columns["∂L/∂z"] = way.output_grads[way.layers[-1].name][0]
    said.append(f"here L = {way.loss:.6g}")
    return tabulate(f"loss: {name}", said, "output", _outputs(model), columns)


def _explain_slopes(block: Block, way: Trace) -> Section:
    """Returns the way back through an activation."""
    assert block.activation
    columns = {
        "∂L/∂a": way.output_grads[block.activation.name][0],
        "f′(z)": block.slopes,
        "∂L/∂z": way.output_grads[(block.norm or block.dense).name][0],
    }
    slope = formulas.ACTIVATIONS[block.function].slope
    said = ["∂L/∂a = ∂L/∂z Wᵀ, both of the next layer", f"∂L/∂z = ∂L/∂a · f′(z), f′ = {slope}"]
    names = _units(len(block.z))
    return tabulate(f"back through {block.activation.name}", said, "unit", names, columns)


def _explain_gain(model: Model, x: Array, y: Targets, way: Trace) -> Section:
    """Returns what the step has changed in what the network says of the same example."""
    network = model.network
    before, after = way.layers[-1].output, network.forward(x).copy()
    loss, _ = network.loss(after, y)
    said = [f"L was {way.loss:.6g} and is {loss:.6g}"]
    columns = {"before": network.loss.predict(before)[0], "after": network.loss.predict(after)[0]}
    return tabulate("after this step", said, "output", _outputs(model), columns)


def _units(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(1, count + 1)))


def _outputs(model: Model) -> tuple[str, ...]:
    return tuple(map(label_text, model.encoding.names_of_outputs))
