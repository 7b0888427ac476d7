"""One example's way through a network and back, as numbers with the formulas beside them."""

from collections.abc import Iterator
from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.formatting import label_text, number, plural
from nnscratch.insight import formulas
from nnscratch.insight.backward import (
    explain_answer,
    explain_back,
    explain_gain,
    explain_loss,
    output_names,
)
from nnscratch.insight.example import Example
from nnscratch.insight.section import MOST_UNITS, Section, tabulate
from nnscratch.insight.update import explain_parameters, explain_weights, is_summarized, make_update
from nnscratch.model.model import Model
from nnscratch.model.predictions import list_labels
from nnscratch.nn.activations.rectifiers import ReLU
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.blocks import Block, group
from nnscratch.nn.inspection.trace import trace, trace_forward
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array

# The weights into a unit stand beside it if they are not more, and their names not longer.
_MOST_INPUTS, _WIDTH = 4, 30


def explain(model: Model, example: Example, config: Config | None) -> Iterator[Section]:
    """Yields the steps of an example's way, in the order in which they are computed.

    Args:
        model: Its network makes the step at the end.
        example: What is explained; without a target there is no way back.
        config: Says how weights are updated; without it that is left out.
    """
    # What overflows is shown as what it is; and in float64 the numbers follow from the formulas to
    # all digits that are shown.
    with np.errstate(all="ignore"):
        yield from _explain(_widen(model), example, config)


def _widen(model: Model) -> Model:
    """Returns a model of the same weights that computes in float64, and shares no memory."""
    network = Network(**model.network.describe() | {"dtype": "float64"}, initializer="zeros")
    network.weights[:] = model.network.weights
    return replace(model, network=network, encoding=replace(model.encoding, loss=network.loss))


def _explain(model: Model, example: Example, config: Config | None) -> Iterator[Section]:
    network = model.network
    x = model.transform(example.inputs)
    yield _explain_inputs(model, example, x)
    blocks = group(trace_forward(network, x))
    levels = _name_levels(model)
    for i, block in enumerate(blocks):
        source = f" from {blocks[i - 1].name}" if i else ""
        beside = "" if example.target is None else ", beside its gradients"
        yield _explain_block(block, source, levels[i], levels[i + 1], beside)
        if example.target is None and not _fit_beside(block, levels[i]):
            yield explain_weights(block, levels[i], levels[i + 1], network.params)
    if example.target is None:
        yield explain_answer(model, blocks[-1].output)
        yield Section("no way back", ("the loss needs a target, which --target gives",))
        return
    y = model.encode(example.target)
    way = trace(network, x, y)
    yield explain_loss(model, y, way)
    followers = [*(block.name for block in blocks[1:]), None]
    # All of it now, before a step changes the weights that it is told with.
    back = [
        [*explain_back(block, after, way, levels[i + 1])]
        for i, (block, after) in enumerate(zip(blocks, followers, strict=True))
    ]
    update = make_update(network, config)
    yield Section("how weights learn", update.said)
    for i, block in reversed(list(enumerate(blocks))):
        yield from back[i]
        yield explain_parameters(block, levels[i], levels[i + 1], update)
    if update.steps:
        yield explain_gain(model, x, y, way)


def _name_levels(model: Model) -> list[tuple[str, ...]]:
    """Returns what the inputs are called, the units of each hidden layer, and the outputs."""
    features = tuple(map(label_text, model.preprocessing.output_names))
    hidden = [tuple(map(str, range(1, dense.units + 1))) for dense in model.network.dense[:-1]]
    return [features, *hidden, output_names(model)]


def _explain_inputs(model: Model, example: Example, x: Array) -> Section:
    said = [f"the network says {_text(model, model.predict(example.inputs))}"]
    if example.target is not None:
        said.append(f"the target is {_text(model, model.encoding.to_labels(example.target))}")
    if model.network.draws:
        said.append("nothing is dropped out, which only training does")
    names, how = tuple(map(label_text, model.preprocessing.output_names)), model.preprocessing
    holes = int(np.isnan(example.inputs).sum())
    if holes:
        missing = plural(holes, "missing value")
        said.append(f"{missing}, filled in with training's median or commonest word")
    if len(names) > MOST_UNITS or (how.scaling.is_identity and not holes):
        return tabulate(example.name, said, "input", names, {"goes in": x[0]})
    words = any(feature.categories is not None for feature in how.features)
    how_scaled = "value" if how.scaling.is_identity else "(value − shift) · scale"
    said.append(f"goes in: {how_scaled}{'; words as 0 and 1' if words else ''}")
    header = ("input", "value", *(() if how.scaling.is_identity else ("shift", "scale")), "goes in")
    return Section(example.name, tuple(said), header, tuple(_spell_out(model, example, x)))


def _spell_out(model: Model, example: Example, x: Array) -> Iterator[tuple[Any, ...]]:
    """Yields what becomes of each value: a row for a number, one for each word that there is."""
    how, places = model.preprocessing, iter(x[0].tolist())
    shape = len(how.features)
    scaling = () if how.scaling.is_identity else how.scaling
    columns = [np.broadcast_to(array, shape).tolist() for array in scaling]
    for i, feature in enumerate(how.features):
        value, name = float(example.inputs[0, i]), label_text(feature.name)
        filled = ", filled in" if isnan(value) else ""
        value = float(how.fill[i]) if filled else value
        if feature.categories is None:
            shown = f"{value:.5g}{filled}" if filled else value
            yield name, shown, *(column[i] for column in columns), next(places)
            continue
        for code, word in enumerate(feature.categories):
            is_it = f"yes{filled}" if code == value else ""
            yield f"{name} = {label_text(word)}", is_it, *("" for _ in columns), next(places)


def _text(model: Model, answers: NDArray[Any]) -> str:
    """Returns classes and labels as they are called, and numbers as they are read."""
    if model.encoding.multi_label:
        (labels,) = list_labels(model.encoding.target_names, answers)
        return "no label" if labels == "-" else label_text(labels)
    show = label_text if model.encoding.classes else number
    return ", ".join(map(show, answers.reshape(-1).tolist()))


def _explain_block(
    block: Block, source: str, inputs: tuple[str, ...], units: tuple[str, ...], beside: str
) -> Section:
    """Returns the way through a block: z, ẑ where it is normalized, and a.

    Args:
        block: The block.
        source: What x is, if another block gave it.
        inputs: What its inputs are called.
        units: What its units are called.
        beside: With what the weights stand below, where they do not fit here.
    """
    layer = block.layer
    bias, features = "" if layer.bias is None else " + b", layer.in_features
    said = [f"z = x W{bias} with x (1, {features}){source}, and W ({features}, {layer.units})"]
    columns = dict(_explain_norm(block)) or dict(_explain_weights(block, inputs))
    if not _fit_beside(block, inputs):
        much = "is large: its size is told" if is_summarized(block) else "stands"
        said.append(f"W {much} below{beside}")
    of = "ẑ" if block.norm else "z"
    columns["z"] = block.dense.output[0]
    if block.norm:
        said.append("ẑ = γ (z − μ) / √(σ² + ε) + β, μ and σ² being averages that training noted")
        columns["ẑ"] = block.z[0]
    if block.activation:
        formula = formulas.write_activation(block.function, of)
        named = f"{formula.name}({of})"
        steps = dict.fromkeys(["a", named, formula.value])  # tanh(z) is its own formula
        said += [" = ".join(steps), *formula.given]
        columns["a"] = block.output[0]
        said += _idle(block)
    return tabulate(block.name, said, "unit", units, columns)


def _explain_weights(block: Block, inputs: tuple[str, ...]) -> Iterator[tuple[str, Array]]:
    """Yields the weights of each unit, where they fit beside it, and the bias."""
    if _fit_beside(block, inputs):
        yield from zip(map(_weight_name, inputs), block.layer.kernel, strict=True)
    if block.layer.bias is not None:
        yield "b", block.layer.bias


def _fit_beside(block: Block, inputs: tuple[str, ...]) -> bool:
    """Says whether the weights into a unit have room beside it."""
    few = len(inputs) <= _MOST_INPUTS and block.layer.units <= MOST_UNITS
    return few and not block.norm and sum(len(_weight_name(name)) for name in inputs) <= _WIDTH


def _weight_name(source: str) -> str:
    return f"W[{source}]"


def _explain_norm(block: Block) -> Iterator[tuple[str, Array]]:
    if block.norm:
        norm = block.norm.layer
        assert isinstance(norm, BatchNorm)
        yield "μ", norm.mean
        yield "√(σ² + ε)", np.sqrt(norm.variance + norm.settings.epsilon)
        yield "γ", norm.gamma
        if norm.beta is not None:
            yield "β", norm.beta


def _idle(block: Block) -> list[str]:
    """Says how many units learn nothing from this row, if there are any."""
    idle = int(np.count_nonzero(np.abs(block.slopes) < 0.01))
    what = "dead" if isinstance(block.function, ReLU) else "saturated"
    units = f"{idle:,} of {block.layer.units:,}"
    return [f"{what} for this example, their slope below 0.01: {units}"] if idle else []
