"""The computation graph of one example: every number, how it came about, and its gradient."""

import re
from typing import TYPE_CHECKING

from nnscratch.autograd import Value
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.formatting import label_text
from nnscratch.insight.example import Example
from nnscratch.insight.formulas import output_symbol
from nnscratch.insight.scalars import ScalarNetwork, Values, Weight, as_values
from nnscratch.model.model import Model

if TYPE_CHECKING:
    from graphviz import Digraph

# More parameters make some six hundred nodes and more, which nobody reads.
MOST_PARAMETERS = 200
# What dot draws; the other two are its own language.
PICTURES, SOURCES = ("svg", "png", "pdf"), ("dot", "gv")
_SYMBOLS = {"*": "×", "neg": "−", "-": "−", "/": "÷"}
# Of numbers that are given, that are learnt, that are computed, and of the result.
_GIVEN, _LEARNT, _COMPUTED, _RESULT = "#DCEBF6", "#FBE6D4", "white", "#D5EFE6"


def build_graph(model: Model, example: Example) -> Value:
    """Returns the loss of an example, or what the network says of it, with all gradients.

    Args:
        model: Its network is rebuilt from scalars.
        example: Without a target it is the network's only output that is returned.

    Raises:
        UsageError: The network is too large to draw, or it has several outputs and no target is
            known.
    """
    network = model.network
    size = network.params.flat.size
    if size > MOST_PARAMETERS:
        raise UsageError(
            f"a graph of more than {MOST_PARAMETERS} parameters cannot be read; this network has "
            f"{size:,}"
        )
    scalars = ScalarNetwork(network)
    x = as_values(model.transform(example.inputs), "x")
    how = model.preprocessing
    for value, name in zip(x[0], how.output_names, strict=True):
        value.label = name if how.scaling.is_identity else f"{name}, scaled"
    try:
        result = _compute(model, example, scalars, x)
        result.backward()
    except (OverflowError, ZeroDivisionError) as error:
        raise NNScratchError(f"{example.name}: the numbers overflow on the way: {error}") from None
    return result


def _compute(model: Model, example: Example, scalars: ScalarNetwork, x: Values) -> Value:
    """Returns the loss, or where there is no target the only output."""
    network, encoding = model.network, model.encoding
    logits, symbol = scalars.logits(x), output_symbol(network)
    for value, name in zip(logits[0], encoding.output_names, strict=True):
        value.label = symbol if network.outputs == 1 else f"{symbol} of {name}"
    if example.target is not None:
        loss = scalars.loss(logits, encoding.encode(example.target))
        loss.label = "loss"
        return loss
    if network.outputs > 1:
        many = f"{example.name}: the network has {network.outputs} outputs"
        raise UsageError(f"{many}; give --target, so that the graph ends in one number, the loss")
    result: Value = logits[0, 0]
    if network.loss.output_activation == "sigmoid":
        result = result.sigmoid()
    if not encoding.scaling.is_identity:
        result = result * float(encoding.scaling.unit[0]) + float(encoding.scaling.shift[0])
    result.label = "output"
    return result


def draw_graph(result: Value) -> "Digraph":
    """Returns the graph of all that a value was computed from, in Graphviz's DOT language.

    Args:
        result: Its `backward` was called, so that every node has its gradient.
    """
    from graphviz import Digraph

    dot = Digraph(
        graph_attr={"rankdir": "LR", "ranksep": "0.3", "nodesep": "0.1"},
        node_attr={"shape": "record", "style": "filled", "fontsize": "10", "height": "0.2"},
        edge_attr={"arrowsize": "0.5", "color": "gray40"},
    )
    numbers = {value: str(number) for number, value in enumerate(result.graph())}
    for value, name in numbers.items():
        operation = _SYMBOLS.get(value.operation, value.operation)
        title = " = ".join(part for part in (value.label, operation) if part) or "constant"
        cells = title, f"data {value.data:z.4g}", f"grad {value.grad:z.4g}"
        label = "|".join(map(_escape, cells))
        dot.node(name, label, fillcolor=_color(value, result))
        for operand, _ in value.operands:
            dot.edge(numbers[operand], name)
    return dot


def render(dot: "Digraph", kind: str) -> bytes:
    """Returns a graph as a file's content, of a kind in `PICTURES` or `SOURCES`.

    Raises:
        NNScratchError: Graphviz itself, which draws pictures, is not installed or fails.
    """
    from graphviz import CalledProcessError, ExecutableNotFound

    if kind in SOURCES:
        return str(dot.source).encode()
    try:
        return bytes(dot.pipe(format=kind, quiet=True))
    except ExecutableNotFound:
        raise NNScratchError(
            f"a .{kind} is drawn by Graphviz's program dot, which is not installed: "
            "apt install graphviz, brew install graphviz or winget install graphviz\n"
            "a .dot file needs nothing, and is drawn wherever there is Graphviz"
        ) from None
    except BrokenPipeError:
        raise NNScratchError("Graphviz's dot does not read what it is given") from None
    except CalledProcessError as error:
        stderr = error.stderr or b""
        text = stderr.decode(errors="replace") if isinstance(stderr, bytes) else stderr
        said = " ".join(text.split())
        raise NNScratchError(f"Graphviz could not draw the graph: {said}") from None


def _color(value: Value, result: Value) -> str:
    if value is result:
        return _RESULT
    if value.operands:
        return _COMPUTED
    return _LEARNT if isinstance(value, Weight) else _GIVEN


def _escape(text: str) -> str:
    """Returns text as a field of a record, whose own signs are these."""
    return re.sub(r"([\\{}|<>])", r"\\\1", label_text(text).replace("&", "&amp;"))
