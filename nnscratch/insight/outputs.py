"""The end of a forward pass: the prediction and the loss, before and after a step."""

import numpy as np

from nnscratch.formatting import label_text
from nnscratch.insight.notation import write_loss
from nnscratch.insight.section import Section, tabulate
from nnscratch.model import operation as ops
from nnscratch.model.model import Model
from nnscratch.model.operations import layer_operations, operations
from nnscratch.nn.inspection.trace import Trace
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import describe

# What is written for a transform of targets, and for its inverse.
_TRANSFORMS = {
    "none": ("{}", "{}"),
    "log": ("log({})", "exp({})"),
    "log1p": ("log(1 + {})", "exp({}) − 1"),
}


def output_names(model: Model) -> tuple[str, ...]:
    """Returns the name of each output."""
    return tuple(map(label_text, model.encoding.output_names))


def output_symbol(network: Network) -> str:
    """Returns the symbol of what the loss takes: a if the last layer has an activation, else z."""
    return "a" if isinstance(layer_operations(network)[-1], ops.Activate) else "z"


def explain_prediction(model: Model, logits: Array) -> Section:
    """Returns what the logits (1, outputs) of a row mean."""
    symbol = output_symbol(model.network)
    lines: list[str] = []
    columns = {symbol: logits[0]}
    for operation in operations(model):
        match operation:
            case ops.Sigmoid():
                lines.append(f"p = σ({symbol}) = 1 / (1 + exp(−{symbol}))")
            case ops.Softmax():
                lines.append(f"p = exp({symbol}) / Σ exp({symbol})")
    lines += _scaling_lines(model, symbol)
    if model.encoding.probabilities:
        columns["p"] = _prediction(model, logits)
    elif model.encoding.classes is None:
        columns["prediction"] = _prediction(model, logits)
    return tabulate("output", lines, "output", output_names(model), columns)


def explain_loss(model: Model, y: Targets, trace: Trace) -> Section:
    """Returns the loss and its gradient with respect to the logits, or to the last a.

    Args:
        model: The model.
        y: The target as the loss takes it, (1,) or (1, outputs).
        trace: The forward and backward pass of the example.
    """
    network = model.network
    loss = network.loss
    last = trace.layers[-1]
    symbol = output_symbol(network)
    columns = {symbol: last.output[0]}
    if model.encoding.probabilities:
        columns["p"] = loss.predict(last.output)[0]
    targets, target_lines = _target_columns(loss, y, network.outputs)
    columns |= targets
    formula = write_loss(loss, symbol, "y′" if "y′" in targets else "y")
    value, slope = formula.value, formula.slope
    if "w" in targets:
        value, slope = f"w ({value})", f"w ({slope})"
    gradient = f"∂L/∂{symbol}"
    columns[gradient] = trace.output_grads[last.name][0]
    lines = [f"L = {value}", f"{gradient} = {slope}"]
    if network.outputs > 1 and not loss.takes_indices:
        lines.append(f"both are divided by {network.outputs}, because L is the mean of the outputs")
    lines += [*formula.given, *target_lines, *_scaling_lines(model, symbol)]
    lines.append(f"here L = {trace.loss:.6g}")
    return tabulate(f"loss: {formula.name}", lines, "output", output_names(model), columns)


def explain_gain(model: Model, x: Array, y: Targets, trace: Trace) -> Section:
    """Returns how a step has changed the loss and the prediction of the same example.

    Args:
        model: The model, its weights as they are after the step.
        x: The network's inputs, (1, inputs).
        y: The target as the loss takes it.
        trace: The passes of the example before the step.
    """
    network = model.network
    before = trace.layers[-1].output
    after = network.forward(x).copy()
    loss, _ = network.loss(after, y)
    lines = [f"L was {trace.loss:.6g} and is {loss:.6g}"]
    if loss > trace.loss:
        lines.append("this step goes too far: a gradient shows where L falls, but not how far")
    columns = {"before": _prediction(model, before), "after": _prediction(model, after)}
    return tabulate("after this step", lines, "output", output_names(model), columns)


def _prediction(model: Model, logits: Array) -> Array:
    """Returns the probabilities of a row, or its numbers in the units of the data."""
    outputs = model.network.loss.predict(logits)
    is_number = model.encoding.classes is None and not model.encoding.multi_label
    return np.asarray((model.encoding.decode(outputs) if is_number else outputs)[0])


def _target_columns(loss: Loss, y: Targets, outputs: int) -> tuple[dict[str, Array], list[str]]:
    """Returns y, y′ where labels are smoothed, w where classes are weighted, and their formulas.

    Args:
        loss: Its settings smooth and weight the targets.
        y: As for `explain_loss`.
        outputs: The number of outputs.
    """
    settings = describe(LOSSES, loss)
    lines = []
    target = np.eye(outputs)[y][0] if loss.takes_indices else y[0]
    columns = {"y": target}
    smoothing = settings.get("label_smoothing")
    if smoothing:
        classes = outputs if loss.takes_indices else 2
        columns["y′"] = target * (1.0 - smoothing) + smoothing / classes
        lines.append(f"y′ = (1 − {smoothing:g}) y + {smoothing:g} / {classes}, label_smoothing")
    weights = settings.get("class_weight")
    if weights:
        weight = weights[y[0]] if loss.takes_indices else np.interp(target, (0, 1), weights)
        columns["w"] = np.broadcast_to(weight, outputs)
        lines.append("w is the class_weight of the target")
    return columns, lines


def _scaling_lines(model: Model, symbol: str) -> list[str]:
    """Returns how the numbers that the loss sees become those of the data, if they are others.

    Args:
        model: The model.
        symbol: The name of an output.
    """
    scaling, transform = model.encoding.scaling, model.encoding.transform.name
    forward, back = _TRANSFORMS[transform]
    if scaling.is_identity:
        if transform == "none":
            return []
        return [f"prediction = {back.format(symbol)}, y = {forward.format('target')}"]
    if len(scaling.shift) > 1:
        lines = [f"{symbol} and y are scaled, each output by its own target_scaling"]
        if transform != "none":
            what = forward.format("target")
            lines.append(f"what is scaled is {what}, so the prediction is {back.format('…')}")
        return lines
    shift = f"{scaling.shift[0]:.5g}"
    unit = f"{scaling.unit[0]:.5g}"
    prediction = back.format(f"{symbol} · {unit} + {shift}")
    return [f"prediction = {prediction}, y = ({forward.format('target')} − {shift}) / {unit}"]
