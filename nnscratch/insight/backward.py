"""The way back of one example: from the loss through the layers, and what a step has changed."""

from collections.abc import Iterator, Sequence

import numpy as np

from nnscratch.formatting import label_text
from nnscratch.insight import formulas
from nnscratch.insight.section import Section, tabulate
from nnscratch.model.model import Model
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.blocks import Block
from nnscratch.nn.inspection.trace import Trace
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import describe


def output_names(model: Model) -> tuple[str, ...]:
    """Returns what each output is called."""
    return tuple(map(label_text, model.encoding.output_names))


def explain_loss(model: Model, y: Targets, way: Trace) -> Section:
    """Returns the loss and its gradient by its argument: the logits, or the last activation's a.

    Args:
        model: Whose loss it is.
        y: The target as the loss takes it, (1,) or (1, outputs).
        way: The example's.
    """
    network, loss = model.network, model.network.loss
    symbol, outputs = formulas.output_symbol(network), way.layers[-1].output
    columns = {symbol: outputs[0]}
    if model.encoding.probabilities:
        columns["p"] = loss.predict(outputs)[0]
    targets, said = _spell_targets(loss, y, network.outputs)
    columns |= targets
    formula = formulas.write_loss(loss, symbol, "y′" if "y′" in columns else "y")
    value, slope = formula.value, formula.slope
    if "w" in columns:
        value, slope = f"w ({value})", f"w ({slope})"
    columns[f"∂L/∂{symbol}"] = way.output_grads[way.layers[-1].name][0]
    both = [f"L = {value}", f"∂L/∂{symbol} = {slope}"]
    if network.outputs > 1 and not loss.takes_indices:
        both.append(f"both are divided by {network.outputs}, for L is the outputs' mean")
    said = [*both, *formula.given, *said, *_unscale(model, symbol), f"here L = {way.loss:.6g}"]
    return tabulate(f"loss: {formula.name}", said, "output", output_names(model), columns)


def _spell_targets(loss: Loss, y: Targets, outputs: int) -> tuple[dict[str, Array], list[str]]:
    """Returns the columns of y, of y′ where labels are smoothed, and of w; and how they came about.

    Args:
        loss: Smooths and weighs.
        y: As for `explain_loss`.
        outputs: How many there are.
    """
    settings, said = describe(LOSSES, loss), []
    one_hot = np.eye(outputs)[y] if loss.takes_indices else y
    columns = {"y": one_hot[0]}
    smoothing, weights = settings.get("label_smoothing"), settings.get("class_weight")
    if smoothing:
        classes = max(outputs, 2) if loss.takes_indices else 2
        columns["y′"] = one_hot[0] * (1.0 - smoothing) + smoothing / classes
        said.append(f"y′ = (1 − {smoothing:g}) y + {smoothing:g} / {classes}, label_smoothing")
    if weights:
        said.append("w is the class_weight of the target")
        columns["w"] = _weigh(np.asarray(weights), y, outputs)
    return columns, said


def explain_answer(model: Model, logits: Array) -> Section:
    """Returns what a row's logits (1, outputs) come to."""
    loss, said = model.network.loss, []
    symbol = formulas.output_symbol(model.network)
    columns = {symbol: logits[0]}
    if model.encoding.probabilities:
        sigmoid = loss.output_activation == "sigmoid"
        exp = f"exp({symbol})"
        squashed = f"p = σ({symbol}) = 1 / (1 + exp(−{symbol}))"
        said.append(squashed if sigmoid else f"p = {exp} / Σ {exp}")
        columns["p"] = loss.predict(logits)[0]
    elif model.encoding.classes is None:
        said += _unscale(model, symbol)
        columns["prediction"] = _answer(model, logits)
    return tabulate("output", said, "output", output_names(model), columns)


def _unscale(model: Model, symbol: str) -> list[str]:
    """Says how what the loss sees becomes a number in the data's units, if it is another one.

    Args:
        model: Whose loss it is.
        symbol: What its argument is called.
    """
    scaling = model.encoding.scaling
    if scaling.is_identity:
        return []
    if len(scaling.shift) == 1:
        shift, scale = f"{scaling.shift[0]:.5g}", f"{scaling.unit[0]:.5g}"
        return [f"prediction = {symbol} · {scale} + {shift}, y = (target − {shift}) / {scale}"]
    return [f"{symbol} and y are numbers as training has scaled them"]


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
    of = "ẑ" if block.norm else "z"
    if block.activation:
        formula = formulas.write_activation(block.function, of)
        columns = {
            "∂L/∂a": way.output_grads[block.activation.name][0],
            f"f′({of})": block.slopes[0],
            f"∂L/∂{of}": way.output_grads[(block.norm or block.dense).name][0],
        }
        said = [_receive("a", after), f"∂L/∂{of} = ∂L/∂a · f′({of}), f′ = {formula.slope}"]
        said += formula.given
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
        said = [] if block.activation else [_receive("ẑ", after)]
        said.append("∂L/∂z = ∂L/∂ẑ · γ / √(σ² + ε), μ and σ² being constants here")
        yield tabulate(f"back through {block.norm.name}", said, "unit", units, columns)
    elif not block.activation and after:
        columns = {"∂L/∂z": way.output_grads[block.dense.name][0]}
        said = [_receive("z", after)]
        yield tabulate(f"back to {block.name}", said, "unit", units, columns)


def _receive(symbol: str, after: str | None) -> str:
    """Says where the gradient by what a block gives comes from: the block after it, or the loss."""
    if after is None:
        return f"∂L/∂{symbol} is the loss's, above"
    return f"∂L/∂{symbol} = ∂L/∂z of {after} · Wᵀ of {after}"


def explain_gain(model: Model, x: Array, y: Targets, way: Trace) -> Section:
    """Returns what a step has changed in what the network says of the same example."""
    network = model.network
    before, after = way.layers[-1].output, network.forward(x).copy()
    loss, _ = network.loss(after, y)
    said = [f"L was {way.loss:.6g} and is {loss:.6g}"]
    if loss > way.loss:
        said.append("a gradient says where L falls, not how far: this step goes too far")
    columns = {"before": _answer(model, before), "after": _answer(model, after)}
    return tabulate("after this step", said, "output", output_names(model), columns)


def _answer(model: Model, logits: Array) -> Array:
    """Returns what a row's logits come to: probabilities, or numbers in the data's units."""
    outputs = model.network.loss.predict(logits)
    plain = model.encoding.classes is None and not model.encoding.multi_label
    answer: Array = (model.encoding.decode(outputs) if plain else outputs)[0]
    return answer
