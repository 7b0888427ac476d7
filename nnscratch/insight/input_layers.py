"""The layers before the first dense one in an explanation: embeddings of numbers, input scales."""

from collections.abc import Sequence
from typing import NamedTuple

from nnscratch.insight.section import Section, tabulate
from nnscratch.nn.input_scale import InputScale
from nnscratch.nn.inspection.trace import LayerTrace, Trace
from nnscratch.nn.numeric_embedding import NumericEmbedding
from nnscratch.nn.parameters import Shapes, size_of

_MAX_PARAMETERS = 100


class NamedLayer(NamedTuple):
    """A layer before the first dense one, and the names of what goes in and comes out."""

    trace: LayerTrace
    inputs: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def shapes(self) -> Shapes:
        """The shapes of its parameters."""
        return {f"{self.trace.name}.{k}": shape for k, shape in self.trace.layer.shapes.items()}

    @property
    def is_summarized(self) -> bool:
        """Whether its parameters are shown by their size only, because they are many."""
        is_scale = isinstance(self.trace.layer, InputScale)
        return not is_scale or size_of(self.shapes) > _MAX_PARAMETERS


def name_input_layers(layers: Sequence[LayerTrace], names: tuple[str, ...]) -> list[NamedLayer]:
    """Returns the layers before the first dense one, first to last.

    Args:
        layers: The traces of all layers.
        names: The names of the network's inputs.
    """
    named = []
    for layer in layers:
        units = names
        match layer.layer:
            case NumericEmbedding(columns=columns, settings=settings):
                waves = range(1, settings.size + 1)
                units += tuple(f"{names[i]}, e{k}" for i in columns.tolist() for k in waves)
            case InputScale():
                pass
            case _:
                break
        named.append(NamedLayer(layer, names, units))
        names = units
    return named


def explain_input_layer(named: NamedLayer) -> Section:
    """Returns the forward pass through a layer before the first dense one."""
    trace = named.trace
    x, y = trace.inputs[0], trace.output[0]
    match trace.layer:
        case NumericEmbedding(columns=indices, settings=settings):
            size = settings.size
            names = [named.inputs[i] for i in indices]
            lines = [
                "e = cos(2π x f + φ) K + c for each column x of numbers, f, φ, K and c its own",
                f"f and φ are {settings.waves} learned waves; e stands behind the inputs",
            ]
            embedded = y[len(x) :].reshape(-1, size).T
            columns = {"x": x[indices]} | {f"e{k}": e for k, e in enumerate(embedded, start=1)}
            return tabulate(trace.name, lines, "column", names, columns)
        case InputScale(scale=scale):
            columns = {"x": x, "s": scale, "y": y}
            return tabulate(trace.name, ["y = s x, s is learned"], "input", named.inputs, columns)
    raise AssertionError(trace.name)


def explain_input_gradient(named: NamedLayer, passes: Trace, follower: str) -> Section:
    """Returns the gradient that reaches such a layer.

    Args:
        named: The layer.
        passes: The forward and backward pass of the example.
        follower: The name of the layer that takes its output.
    """
    name = named.trace.name
    origin = "s times that of input_scale"
    if follower != "input_scale":
        origin = f"∂L/∂z of {follower} · Wᵀ of {follower}"
    grad = passes.output_grads[name][0]
    return tabulate(
        f"back to {name}", [f"∂L/∂y = {origin}"], "output", named.units, {"∂L/∂y": grad}
    )


def gradient_formulas(named: NamedLayer) -> list[str]:
    """Returns how the gradients of such a layer's parameters follow from ∂L/∂y."""
    if isinstance(named.trace.layer, InputScale):
        return ["∂L/∂s = x ∂L/∂y"]
    return [
        "with g, the part of ∂L/∂y that is ∂L/∂e, and a = 2π x f + φ:",
        "∂L/∂K = cos(a)ᵀ g, ∂L/∂c = g, ∂L/∂φ = −sin(a) (g Kᵀ), ∂L/∂f = 2π x ∂L/∂φ",
    ]
