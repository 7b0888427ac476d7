"""The forward pass of an explanation: what each unit computes, and with which weights."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nnscratch.insight import formulas
from nnscratch.insight.section import MAX_UNITS, Section, tabulate
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.blocks import Block
from nnscratch.nn.parameters import Array, size_of

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

    @property
    def is_summarized(self) -> bool:
        """Whether its parameters are shown by their size only, because they are many."""
        shapes = [self.block.layer.shapes]
        if self.block.norm:
            shapes.append(self.block.norm.layer.shapes)
        return sum(map(size_of, shapes)) > _MAX_PARAMETERS

    @property
    def weights_fit_beside_units(self) -> bool:
        """Whether the table of its units has room for the weights into each of them."""
        if self.block.norm or len(self.inputs) > _MAX_INPUTS or len(self.units) > MAX_UNITS:
            return False
        return sum(len(_weight_name(name)) for name in self.inputs) <= _MAX_WIDTH


def explain_block(named: NamedBlock, source: str | None, *, has_target: bool) -> Section:
    """Returns the forward pass through a block: z, ẑ where it is normalized, and a.

    Args:
        named: The block.
        source: The name of the block that x comes from, if it comes from one.
        has_target: Whether the weights that do not fit here are shown with their gradients.
    """
    block, inputs, units = named
    layer = block.layer
    bias = "" if layer.bias is None else " + b"
    origin = f" from {source}" if source else ""
    shapes = f"x (1, {layer.in_features}){origin}, and W ({layer.in_features}, {layer.units})"
    lines = [f"z = x W{bias} with {shapes}"]
    columns: dict[str, Array] = {}
    if block.normalization:
        columns |= _norm_columns(block.normalization)
    else:
        if named.weights_fit_beside_units:
            columns |= zip(map(_weight_name, inputs), layer.kernel, strict=True)
        if layer.bias is not None:
            columns["b"] = layer.bias
    if not named.weights_fit_beside_units:
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
    return tabulate(block.name, lines, "unit", units, columns)


def deviation(norm: BatchNorm) -> Array:
    """Returns √(σ² + ε) of each unit."""
    root: Array = np.sqrt(norm.variance + norm.settings.epsilon)
    return root


def _norm_columns(norm: BatchNorm) -> Iterator[tuple[str, Array]]:
    yield "μ", norm.mean
    yield "√(σ² + ε)", deviation(norm)
    yield "γ", norm.gamma
    if norm.beta is not None:
        yield "β", norm.beta


def _activation_lines(block: Block) -> Iterator[str]:
    """Yields the activation's formula, and how many units it lets learn next to nothing."""
    symbol = "ẑ" if block.norm else "z"
    formula = formulas.write_activation(block.function, symbol)
    sides = ["a", f"{formula.name}({symbol})", formula.value]
    yield " = ".join(dict.fromkeys(sides))  # tanh(z) is its own formula
    yield from formula.given
    flat = int(np.count_nonzero(np.abs(block.slopes) < 0.01))
    if flat:
        share = f"{flat:,} of {block.layer.units:,}"
        yield f"dead or saturated for this example, with a slope below 0.01: {share}"


def _weight_name(source: str) -> str:
    return f"W[{source}]"
