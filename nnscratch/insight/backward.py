"""The way back of one example: from the loss through the layers, and what a step has changed."""

from collections.abc import Iterator, Sequence

import numpy as np

from nnscratch.insight import formulas
from nnscratch.insight.section import Section, tabulate
from nnscratch.model import Model
from nnscratch.nn.blocks import Block
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.normalization import BatchNorm
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import describe
from nnscratch.nn.trace import Trace
from nnscratch.wording import label_text


def output_names(model: Model) -> tuple[str, ...]:
    """Returns what each output is called."""
    return tuple(map(label_text, model.encoding.names_of_outputs))


def explain_loss(model: Model, y: Targets, way: Trace) -> Section:
    """Returns the loss and its gradient by the logits.

    Args:
        model: Whose loss it is.
        y: The target as the loss takes it, (1,) or (1, outputs).
        way: The example's.
    """
    network = model.network
    settings = describe(LOSSES, network.loss)
    formula, logits = formulas.LOSSES[settings["name"]], way.layers[-1].output
    value, slope = formula
    one_hot = np.eye(network.outputs)[y] if network.loss.takes_indices else y
    columns, said = {"z": logits[0]}, []
    if model.encoding.probabilities:
        columns["p"] = network.loss.predict(logits)[0]
    columns["y"] = one_hot[0]
    smoothing, weights = settings.get("label_smoothing"), settings.get("class_weight")
    if smoothing:
        classes = max(network.outputs, 2) if network.loss.takes_indices else 2
        value, slope = value.replace("y", "y′"), slope.replace("y", "y′")
        columns["y′"] = one_hot[0] * (1.0 - smoothing) + smoothing / classes
        said.append(f"y′ = (1 − {smoothing:g}) y + {smoothing:g} / {classes}, label_smoothing")
    if weights:
        value, slope = f"w ({value.partition(', p')[0]})", f"w ({slope})"
        said.append("w is the class_weight of the target; p as without it")
        columns["w"] = _weigh(np.asarray(weights), y, network.outputs)
    said += _unscale(model)
    columns["∂L/∂z"] = way.output_grads[way.layers[-1].name][0]
    formulas_said = [f"L = {value}", f"∂L/∂z = {slope}"]
    if network.outputs > 1 and not network.loss.takes_indices:
        formulas_said.append(f"both are divided by {network.outputs}, for L is the outputs' mean")
    constants = [f"{k} {v:g}" for k, v in settings.items() if k == "delta"]
    said = [*formulas_said, *said, *constants, f"here L = {way.loss:.6g}"]
    return tabulate(f"loss: {settings['name']}", said, "output", output_names(model), columns)


def explain_answer(model: Model, logits: Array) -> Section:
    """Returns what a row's logits (1, outputs) come to."""
    loss, said = model.network.loss, []
    columns = {"z": logits[0]}
    if model.encoding.probabilities:
        sigmoid = loss.output_activation == "sigmoid"
        said.append("p = σ(z) = 1 / (1 + exp(−z))" if sigmoid else "p = exp(z) / Σ exp(z)")
        columns["p"] = loss.predict(logits)[0]
    elif model.encoding.classes is None:
        said += _unscale(model)
        columns["prediction"] = _answer(model, logits)
    return tabulate("output", said, "output", output_names(model), columns)


def _unscale(model: Model) -> list[str]:
    """Says how what the loss sees becomes a number in the data's units, if it is another one."""
    shifts, scales = model.encoding.shift, model.encoding.scale
    if not any(shifts) and set(scales) == {1.0}:
        return []
    if len(scales) == 1:
        shift, scale = f"{shifts[0]:.5g}", f"{scales[0]:.5g}"
        return [f"prediction = z · {scale} + {shift}, y = (target − {shift}) / {scale}"]
    return ["z and y are numbers as training has scaled them"]


def _weigh(weights: Array, y: Targets, outputs: int) -> Array:
    """Returns the class weight of each output's target."""
    if y.ndim == 1:
        return np.full(outputs, weights[y[0]])
    zero, one = weights
    each: Array = y[0] * (one - zero) + zero
    return each


def explain_back(
    block: Block, after: str | None, way: Trace, units: Sequence[str]
) -> Iterator[Section]:
    """Yields the way back through a block, from ∂L/∂a to ∂L/∂z.

    Args:
        block: The block.
        after: The block that it gives a to; None for the loss.
        way: The example's.
        units: What its units are called.
    """
    received = f"∂L/∂a = ∂L/∂z Wᵀ of {after}" if after else "∂L/∂a is the loss's, above"
    of = "ẑ" if block.norm else "z"
    if block.activation:
        slope = formulas.of(block.function)[1].slope.replace("z", of)
        columns = {
            "∂L/∂a": way.output_grads[block.activation.name][0],
            f"f′({of})": block.slopes[0],
            f"∂L/∂{of}": way.output_grads[(block.norm or block.dense).name][0],
        }
        said = [received, f"∂L/∂{of} = ∂L/∂a · f′({of}), f′ = {slope}"]
        yield tabulate(f"back through {block.activation.name}", said, "unit", units, columns)
    if block.norm:
        norm = block.norm.layer
        assert isinstance(norm, BatchNorm)
        columns = {
            "∂L/∂ẑ": way.output_grads[block.norm.name][0],
            "γ": norm.gamma,
            "√(σ² + ε)": np.sqrt(norm.variance + norm.settings.epsilon),
            "∂L/∂z": way.output_grads[block.dense.name][0],
        }
        said = [] if block.activation else [received.replace("∂a", "∂ẑ")]
        said.append("∂L/∂z = ∂L/∂ẑ · γ / √(σ² + ε), μ and σ² being constants here")
        yield tabulate(f"back through {block.norm.name}", said, "unit", units, columns)
    elif not block.activation and after:
        columns = {"∂L/∂z": way.output_grads[block.dense.name][0]}
        said = [received.replace("∂a", "∂z")]
        yield tabulate(f"back to {block.name}", said, "unit", units, columns)


def explain_gain(model: Model, x: Array, y: Targets, way: Trace) -> Section:
    """Returns what a step has changed in what the network says of the same example."""
    network = model.network
    before, after = way.layers[-1].output, network.forward(x).copy()
    loss, _ = network.loss(after, y)
    said = [f"L was {way.loss:.6g} and is {loss:.6g}"]
    columns = {"before": _answer(model, before), "after": _answer(model, after)}
    return tabulate("after this step", said, "output", output_names(model), columns)


def _answer(model: Model, logits: Array) -> Array:
    """Returns what a row's logits come to: probabilities, or numbers in the data's units."""
    outputs = model.network.loss.predict(logits)
    plain = model.encoding.classes is None and not model.encoding.multi_label
    answer: Array = (model.encoding.decide(outputs) if plain else outputs)[0]
    return answer
