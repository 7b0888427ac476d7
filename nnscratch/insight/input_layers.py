"""The layers before the first dense one in an explanation: embeddings of numbers, input scales."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnscratch.insight.section import Section, tabulate
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.embeddings.piecewise_linear import PieceLayer, PiecewiseLinear
from nnscratch.nn.embeddings.waves import WaveLayer
from nnscratch.nn.input_scale import InputScale
from nnscratch.nn.inspection.trace import LayerTrace, Trace
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
            case WaveLayer(settings=settings):
                units += _name_appended(names, settings, [settings.size] * len(settings.columns))
            case PieceLayer(settings=settings):
                units += _name_appended(names, settings, settings.pieces)
            case InputScale():
                pass
            case _:
                break
        named.append(NamedLayer(layer, names, units))
        names = units
    return named


def _name_appended(
    names: Sequence[str], embedding: NumericEmbedding, counts: Sequence[int]
) -> tuple[str, ...]:
    pairs = zip(embedding.columns, counts, strict=True)
    return tuple(f"{names[i]}, e{k}" for i, count in pairs for k in range(1, count + 1))


def explain_input_layer(named: NamedLayer) -> Section:
    """Returns the forward pass through a layer before the first dense one."""
    trace = named.trace
    x, y = trace.inputs[0], trace.output[0]
    match trace.layer:
        case WaveLayer(columns=indices, settings=settings):
            size = settings.size
            names = [named.inputs[i] for i in indices]
            lines = [
                "e = cos(2π x f + φ) K + c for each column x of numbers, f, φ, K and c its own",
                f"f and φ are {settings.waves} learned waves; e stands behind the inputs",
            ]
            embedded = y[len(x) :].reshape(-1, size).T
            columns = {"x": x[indices]} | {f"e{k}": e for k, e in enumerate(embedded, start=1)}
            return tabulate(trace.name, lines, "column", names, columns)
        case PieceLayer(settings=settings):
            return _explain_pieces(named, settings)
        case InputScale(scale=scale):
            columns = {"x": x, "s": scale, "y": y}
            return tabulate(trace.name, ["y = s x, s is learned"], "input", named.inputs, columns)
    raise AssertionError(trace.name)


def _explain_pieces(named: NamedLayer, settings: PiecewiseLinear) -> Section:
    x, y = named.trace.inputs[0], named.trace.output[0]
    columns, pieces = list(settings.columns), np.array(settings.pieces)
    shares = np.split(y[len(x) :] + np.concatenate(settings.means), pieces.cumsum()[:-1])
    lines = [
        "e = (min(max(x, a), b) − a) / (b − a) − m for each piece of a column x, from a to b",
        "m is the mean of this before it is subtracted; e stands behind the inputs",
        "passed: how many pieces lie below x, with its share of the piece that it is in",
    ]
    shown = {
        "x": x[columns],
        "pieces": pieces.astype(x.dtype),
        "from": np.array([edges[0] for edges in settings.edges]),
        "to": np.array([edges[-1] for edges in settings.edges]),
        "passed": np.array([share.sum() for share in shares]),
    }
    return tabulate(named.trace.name, lines, "column", [named.inputs[i] for i in columns], shown)


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
