"""The backward pass of an explanation: the gradient on its way through each block."""

from collections.abc import Iterator

from nnscratch.insight import formulas
from nnscratch.insight.forward_pass import NamedBlock, deviation
from nnscratch.insight.section import Section, tabulate
from nnscratch.nn.inspection.trace import Trace


def explain_backward(named: NamedBlock, follower: str | None, trace: Trace) -> Iterator[Section]:
    """Yields the backward pass through a block, from ∂L/∂a to ∂L/∂z.

    Args:
        named: The block.
        follower: The name of the block that takes a; None if the loss takes it.
        trace: The forward and backward pass of the example.
    """
    block, _, units = named
    grads = trace.output_grads
    symbol = "ẑ" if block.norm else "z"
    if block.activation:
        formula = formulas.write_activation(block.function, symbol)
        before = block.norm or block.dense
        columns = {
            "∂L/∂a": grads[block.activation.name][0],
            f"f′({symbol})": block.slopes[0],
            f"∂L/∂{symbol}": grads[before.name][0],
        }
        lines = [
            _incoming("a", follower),
            f"∂L/∂{symbol} = ∂L/∂a · f′({symbol}), f′ = {formula.slope}",
            *formula.given,
        ]
        yield tabulate(f"back through {block.activation.name}", lines, "unit", units, columns)
    if block.norm and block.normalization:
        columns = {
            "∂L/∂ẑ": grads[block.norm.name][0],
            "γ": block.normalization.gamma,
            "√(σ² + ε)": deviation(block.normalization),
            "∂L/∂z": grads[block.dense.name][0],
        }
        lines = [] if block.activation else [_incoming("ẑ", follower)]
        lines.append("∂L/∂z = ∂L/∂ẑ · γ / √(σ² + ε), with constant μ and σ²")
        yield tabulate(f"back through {block.norm.name}", lines, "unit", units, columns)
    elif not block.activation and follower:
        columns = {"∂L/∂z": grads[block.dense.name][0]}
        lines = [_incoming("z", follower)]
        yield tabulate(f"back to {block.name}", lines, "unit", units, columns)


def _incoming(symbol: str, follower: str | None) -> str:
    """Returns where the gradient comes from: the block that follows, or the loss."""
    if follower is None:
        return f"∂L/∂{symbol} is the gradient of the loss, above"
    return f"∂L/∂{symbol} = ∂L/∂z of {follower} · Wᵀ of {follower}"
