"""A dense layer's part of an explanation: what each unit computes, and the gradient's way back."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nnscratch.insight.notation import write_activation
from nnscratch.insight.section import MAX_UNITS, Section, tabulate
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.blocks import Block
from nnscratch.nn.inspection.trace import Trace
from nnscratch.nn.parameters import Array, Shapes, size_of

# A unit's weights are columns of its block's table if there are few of them and their names are
# short.
_MAX_INPUTS = 4
_MAX_WIDTH = 30
# The parameters of a larger block are summarized, array by array.
_MAX_PARAMETERS = 100


class NamedBlock(NamedTuple):
    """A block of a network, and the names of what goes in and comes out."""

    block: Block
    inputs: tuple[str, ...]
    units: tuple[str, ...]
    source: str | None
    """The name of the block that x comes from; None for the first."""
    follower: str | None
    """The name of the block that takes a; None if the loss takes it."""

    @property
    def shapes(self) -> Shapes:
        """The shapes of its parameters."""
        layers = [layer for layer in (self.block.dense, self.block.norm) if layer]
        return {f"{name}.{k}": v for name, layer, *_ in layers for k, v in layer.shapes.items()}

    @property
    def is_summarized(self) -> bool:
        """Whether its parameters are shown by their size only, because they are many."""
        return size_of(self.shapes) > _MAX_PARAMETERS

    @property
    def weights_fit_beside_units(self) -> bool:
        """Whether the table of its units has room for the weights into each of them."""
        if self.block.norm or len(self.inputs) > _MAX_INPUTS or len(self.units) > MAX_UNITS:
            return False
        return sum(map(len, self.weight_names)) <= _MAX_WIDTH

    @property
    def weight_names(self) -> list[str]:
        """What the weights into a unit are called."""
        return [f"W[{name}]" for name in self.inputs]


def explain_forward(named: NamedBlock, *, has_target: bool) -> Section:
    """Returns the forward pass through a block: z, ẑ where it is normalized, and a.

    Args:
        named: The block.
        has_target: Whether the weights that do not fit here are shown with their gradients.
    """
    block = named.block
    layer = block.layer
    bias = "" if layer.bias is None else " + b"
    origin = f" from {named.source}" if named.source else ""
    shapes = f"x (1, {layer.in_features}){origin}, and W ({layer.in_features}, {layer.units})"
    lines = [f"z = x W{bias} with {shapes}"]
    columns: dict[str, Array] = {}
    norm = block.normalization
    if norm:
        columns |= {"μ": norm.mean, "√(σ² + ε)": _deviation(norm), "γ": norm.gamma}
        columns |= {} if norm.beta is None else {"β": norm.beta}
    elif layer.bias is not None:
        columns["b"] = layer.bias
    if named.weights_fit_beside_units:
        columns = {**dict(zip(named.weight_names, layer.kernel, strict=True)), **columns}
    else:
        beside = ", with its gradients" if has_target else ""
        large = "W is large: its size is shown" if named.is_summarized else "W is shown"
        lines.append(f"{large} below{beside}")
    columns["z"] = block.dense.output[0]
    if block.norm:
        lines.append("ẑ = γ (z − μ) / √(σ² + ε) + β, with the averages μ and σ² from training")
        columns["ẑ"] = block.z[0]
    if block.activation:
        lines += _activation_lines(block)
        columns["a"] = block.output[0]
    return tabulate(block.name, lines, "unit", named.units, columns)


def _activation_lines(block: Block) -> Iterator[str]:
    """Yields the activation's formula, and how many units it lets learn next to nothing."""
    symbol = "ẑ" if block.norm else "z"
    formula = write_activation(block.function, symbol)
    sides = ["a", f"{formula.name}({symbol})", formula.value]
    yield " = ".join(dict.fromkeys(sides))  # tanh(z) is its own formula
    yield from formula.given
    flat = int(np.count_nonzero(np.abs(block.slopes) < 0.01))
    if flat:
        share = f"{flat:,} of {block.layer.units:,}"
        yield f"dead or saturated for this example, with a slope below 0.01: {share}"


def explain_backward(named: NamedBlock, trace: Trace) -> Iterator[Section]:
    """Yields the backward pass through a block, from ∂L/∂a to ∂L/∂z.

    Args:
        named: The block.
        trace: The forward and backward pass of the example.
    """
    block, _, units, _, follower = named
    grads = {name: grad[0] for name, grad in trace.output_grads.items()}
    dz = grads[block.dense.name]
    symbol = "ẑ" if block.norm else "z"
    origin = "is the gradient of the loss, above"
    if follower:
        origin = f"= ∂L/∂z of {follower} · Wᵀ of {follower}"
    if block.activation:
        formula = write_activation(block.function, symbol)
        columns = {
            "∂L/∂a": grads[block.activation.name],
            f"f′({symbol})": block.slopes[0],
            f"∂L/∂{symbol}": grads[block.norm.name] if block.norm else dz,
        }
        slope = f"∂L/∂{symbol} = ∂L/∂a · f′({symbol}), f′ = {formula.slope}"
        lines = [f"∂L/∂a {origin}", slope, *formula.given]
        yield tabulate(f"back through {block.activation.name}", lines, "unit", units, columns)
    if block.norm and block.normalization:
        columns = {
            "∂L/∂ẑ": grads[block.norm.name],
            "γ": block.normalization.gamma,
            "√(σ² + ε)": _deviation(block.normalization),
            "∂L/∂z": dz,
        }
        lines = [] if block.activation else [f"∂L/∂ẑ {origin}"]
        lines.append("∂L/∂z = ∂L/∂ẑ · γ / √(σ² + ε), with constant μ and σ²")
        yield tabulate(f"back through {block.norm.name}", lines, "unit", units, columns)
    elif not block.activation and follower:
        lines = [f"∂L/∂z {origin}"]
        yield tabulate(f"back to {block.name}", lines, "unit", units, {"∂L/∂z": dz})


def _deviation(norm: BatchNorm) -> Array:
    """Returns √(σ² + ε) of each unit."""
    return np.asarray(np.sqrt(norm.variance + norm.settings.epsilon))
