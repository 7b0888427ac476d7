"""The computation graph of one example: every number, how it is computed, and its gradient."""

import re
from typing import TYPE_CHECKING, NamedTuple

from nnscratch.autograd import Value
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.formatting import label_text
from nnscratch.insight.example import Example
from nnscratch.insight.outputs import output_symbol
from nnscratch.insight.scalars import ScalarNetwork, Values, Weight, as_values
from nnscratch.model.model import Model

if TYPE_CHECKING:
    from graphviz import Digraph

# A larger network makes a graph of more than about 600 nodes, too large to read.
MAX_PARAMETERS = 200
# File formats: the images that Graphviz draws, and the language that it draws them from.
IMAGES = ("svg", "png", "pdf")
SOURCES = ("dot", "gv")
INSTALL_GRAPHVIZ = "apt install graphviz, brew install graphviz or winget install graphviz"
_SYMBOLS = {"*": "×", "neg": "−", "-": "−", "/": "÷"}
_INPUT_COLOR = "#DCEBF6"
_WEIGHT_COLOR = "#FBE6D4"
_COMPUTED_COLOR = "white"
_RESULT_COLOR = "#D5EFE6"


class MissingGraphvizError(NNScratchError):
    """Graphviz's program dot, which draws images, is not installed."""

    def __init__(self) -> None:
        super().__init__(f"Graphviz is not installed: {INSTALL_GRAPHVIZ}")


class MissingTargetError(UsageError):
    """The graph of an example cannot end in the loss, because its target is not known."""


def build_graph(model: Model, example: Example) -> Value:
    """Returns the loss of an example with all gradients; without a target the network's output.

    Args:
        model: The model, whose network is rebuilt from scalars.
        example: The example.

    Raises:
        UsageError: The network is too large to draw.
        MissingTargetError: The network has several outputs, and there is no target.
        NNScratchError: The numbers overflow.
    """
    network = model.network
    size = network.params.flat.size
    if size > MAX_PARAMETERS:
        raise UsageError(
            f"a graph of more than {MAX_PARAMETERS} parameters is too large to read; this network "
            f"has {size:,}"
        )
    scalars = ScalarNetwork(network)
    x = as_values(model.transform(example.inputs), "x")
    note = "" if model.preprocessing.scaling.is_identity else ", scaled"
    for value, name in zip(x[0], model.preprocessing.output_names, strict=True):
        value.label = f"{name}{note}"
    try:
        result = _compute(model, example, scalars, x)
        result.backward()
    except (OverflowError, ZeroDivisionError) as error:
        raise NNScratchError(f"{example.name}: the numbers overflow: {error}") from None
    return result


def _compute(model: Model, example: Example, scalars: ScalarNetwork, x: Values) -> Value:
    """Returns the loss, or without a target the only output, in the units of the data."""
    network = model.network
    encoding = model.encoding
    logits = scalars.logits(x)
    symbol = output_symbol(network)
    for value, name in zip(logits[0], encoding.output_names, strict=True):
        value.label = symbol if network.outputs == 1 else f"{symbol} of {name}"
    if example.target is not None:
        loss = scalars.loss(logits, encoding.encode(example.target))
        loss.label = "loss"
        return loss
    if network.outputs > 1:
        raise MissingTargetError(
            f"{example.name}: a graph must end in one number, but the network has "
            f"{network.outputs} outputs and there is no target to compute a loss with"
        )
    result: Value = logits[0, 0]
    if network.loss.output_activation == "sigmoid":
        result = result.sigmoid()
    if not encoding.scaling.is_identity:
        result = result * float(encoding.scaling.unit[0]) + float(encoding.scaling.shift[0])
    match encoding.transform.name:
        case "log":
            result = result.exp()
        case "log1p":
            result = result.exp() - 1.0
    result.label = "output"
    return result


class Node(NamedTuple):
    """A value of the graph.

    Attributes:
        cells: What it is, its data and its gradient, as text.
        color: Tells inputs, weights, what is computed, and the result.
        operands: The numbers of the nodes that it is computed from.
    """

    cells: tuple[str, str, str]
    color: str
    operands: tuple[int, ...]


def list_nodes(result: Value) -> list[Node]:
    """Returns everything that a value was computed from, operands first, and the value itself.

    Args:
        result: The value; its `backward` has been called, so that every node has its gradient.
    """
    numbers = {value: number for number, value in enumerate(result.graph())}
    nodes = []
    for value in numbers:
        operation = _SYMBOLS.get(value.operation, value.operation)
        title = " = ".join(part for part in (value.label, operation) if part) or "constant"
        cells = label_text(title), f"data {value.data:z.4g}", f"grad {value.grad:z.4g}"
        operands = tuple(numbers[operand] for operand, _ in value.operands)
        nodes.append(Node(cells, _color(value, result), operands))
    return nodes


def draw_graph(result: Value) -> "Digraph":
    """Returns the graph of everything that a value was computed from.

    Args:
        result: The value; its `backward` has been called, so that every node has its gradient.
    """
    from graphviz import Digraph

    dot = Digraph(
        graph_attr={"rankdir": "LR", "ranksep": "0.3", "nodesep": "0.1"},
        node_attr={"shape": "record", "style": "filled", "fontsize": "10", "height": "0.2"},
        edge_attr={"arrowsize": "0.5", "color": "gray40"},
    )
    for number, node in enumerate(list_nodes(result)):
        label = "|".join(map(_escape, node.cells))
        dot.node(f"{number}", label, fillcolor=node.color)
        for operand in node.operands:
            dot.edge(f"{operand}", f"{number}")
    return dot


def render(dot: "Digraph", kind: str) -> bytes:
    """Returns the content of a file, of a format in `IMAGES` or `SOURCES`.

    Raises:
        MissingGraphvizError: Graphviz, which draws images, is not installed.
        NNScratchError: It fails.
    """
    from graphviz import CalledProcessError, ExecutableNotFound

    if kind in SOURCES:
        return str(dot.source).encode()
    try:
        return bytes(dot.pipe(format=kind, quiet=True))
    except ExecutableNotFound:
        raise MissingGraphvizError from None
    except BrokenPipeError:
        raise NNScratchError("Graphviz's dot ended before it had read the graph") from None
    except CalledProcessError as error:
        reason = " ".join((error.stderr or b"").decode(errors="replace").split())
        raise NNScratchError(f"Graphviz could not draw the graph: {reason}") from None


def _color(value: Value, result: Value) -> str:
    if value is result:
        return _RESULT_COLOR
    if value.operands:
        return _COMPUTED_COLOR
    return _WEIGHT_COLOR if isinstance(value, Weight) else _INPUT_COLOR


def _escape(text: str) -> str:
    """Returns text as a field of a DOT record, in which some characters have a meaning."""
    return re.sub(r"([\\{}|<>])", r"\\\1", label_text(text).replace("&", "&amp;"))
