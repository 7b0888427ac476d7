"""The step that an optimizer makes from one example's gradients: before, by how much, after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.formulas import give_constants
from nnscratch.insight.section import Section
from nnscratch.nn.inspection.blocks import Block
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import Nadam
from nnscratch.nn.parameters import Parameters, root_mean_square, size_of
from nnscratch.nn.registry import create
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import first_step

# Of a layer with more parameters each array is summarised.
_MOST_PARAMETERS = 100
_SYMBOLS = {"kernel": "W", "bias": "b", "gamma": "γ", "beta": "β"}


@dataclass(frozen=True)
class Update:
    """A step of a network's parameters.

    Attributes:
        before: The parameters before it.
        grads: The loss's gradients.
        used: What the step is made with, where penalties or clipping make it another gradient.
        steps: By how much each changes; None where the config has no step for one example.
        said: How it is computed.
    """

    before: Parameters
    grads: Parameters
    used: Parameters | None
    steps: Parameters | None
    said: tuple[str, ...]


def make_update(network: Network, config: Config | None) -> Update:
    """Has the network make one step with the gradients that it holds.

    Args:
        network: Takes the step, if there is one.
        config: Its optimizer, as if this were the first step, so that it remembers nothing.
    """
    shapes = {name: array.shape for name, array in network.params.items()}
    before = Parameters(shapes, network.params.flat.copy())
    grads = Parameters(shapes, network.grads.flat.copy())
    if config is None:
        why = "no config beside the weights says how they learn"
        return Update(before, grads, None, None, (why,))
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    if not optimizer.first_step:
        why = f"{optimizer.name} looks at all rows at once, not at one"
        return Update(before, grads, None, None, (why,))
    change = first_step(
        network,
        optimizer,
        config.learning_rate,
        penalty=Penalty(config.l1, config.l2),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
    )
    used = Parameters(shapes, network.grads.flat.copy())
    changed = bool(config.l1 or config.l2 or config.clip_norm)
    steps = Parameters(shapes, change)
    return Update(
        before, grads, used if changed else None, steps, tuple(_describe(config, optimizer))
    )


def _describe(config: Config, optimizer: Optimizer) -> Iterator[str]:
    """Yields how an optimizer makes its first step, and what else bears on it."""
    name, step = optimizer.name, optimizer.first_step
    remembers = bool(optimizer.slots())
    yield f"{name}, as in its first step, when it remembers nothing:" if remembers else f"{name}:"
    yield f"w ← w {step}"
    given = [f"with η = {config.learning_rate:g}", *give_constants(optimizer, step)]
    if isinstance(optimizer, Nadam):  # its momentum grows from step to step
        now, after = optimizer.momentum_at(1), optimizer.momentum_at(2)
        given += [f"μ₁ = {now:.5g}", f"μ₂ = {after:.5g}"]
    yield ", ".join(given)
    if "√g²" in step:
        yield "√g² is |g|: where ε is small each weight moves by about η"
    if config.schedule.name != "constant" or config.schedule.warmup_epochs:
        yield "η is the learning_rate; in training the schedule makes another of it"
    penalties = [*(["l1 sign(W)"] if config.l1 else []), *(["2 l2 W"] if config.l2 else [])]
    if penalties:
        known = {"l1": config.l1, "l2": config.l2}
        sizes = ", ".join(f"{key} = {value:g}" for key, value in known.items() if value)
        yield f"of W, g is ∂L/∂W + {' + '.join(penalties)}, {sizes}"
    if config.clip_norm:
        yield f"where the norm of all g is above {config.clip_norm:g}, clip_norm, g is shortened"
    if config.max_norm:
        yield f"then the weights into a unit are shortened to max_norm, {config.max_norm:g}"


def is_summarized(block: Block) -> bool:
    """Says whether a block's parameters are told by their size, because they are many."""
    layers = [block.layer, *([block.norm.layer] if block.norm else [])]
    return sum(size_of(layer.shapes) for layer in layers) > _MOST_PARAMETERS


def explain_parameters(
    block: Block, inputs: Sequence[str], units: Sequence[str], update: Update
) -> Section:
    """Returns the gradients and updates of a block's parameters.

    Args:
        block: Whose.
        inputs: What its inputs are called.
        units: What its units are called.
        update: The step.
    """
    layer = block.layer
    said = ["∂L/∂W = xᵀ ∂L/∂z"]
    said += ["∂L/∂b = ∂L/∂z"] if layer.bias is not None else []
    said += ["∂L/∂γ = ∂L/∂ẑ (z − μ) / √(σ² + ε), ∂L/∂β = ∂L/∂ẑ"] if block.norm else []
    parts = {"w": update.before, "∂L/∂w": update.grads}
    parts |= {"g": update.used} if update.used else {}
    parts |= {"step": update.steps} if update.steps else {}
    return _tell(f"gradients of {block.name}", said, block, parts, (inputs, units))


def explain_weights(
    block: Block, inputs: Sequence[str], units: Sequence[str], params: Parameters
) -> Section:
    """Returns a block's parameters alone, where there is no way back to tell beside them."""
    return _tell(f"weights of {block.name}", [], block, {"w": params}, (inputs, units))


def _tell(
    title: str,
    said: list[str],
    block: Block,
    parts: Mapping[str, Parameters],
    ends: tuple[Sequence[str], Sequence[str]],
) -> Section:
    """Returns what there is of a block's parameters, one by one or by their size."""
    names = [f"{block.name}.{name}" for name in block.layer.shapes]
    if block.norm:
        names += [f"{block.norm.name}.{name}" for name in block.norm.layer.shapes]
    if is_summarized(block):
        said.append("rms is the root of the mean square")
        header = ("weights", "numbers", *(f"rms {part}" for part in parts))
        rows = [_summarize(name, parts) for name in names]
    else:
        header = ("weight", *parts, *(("w + step",) if "step" in parts else ()))
        rows = [row for name in names for row in _spell_out(name, parts, *ends)]
    return Section(title, tuple(said), header, tuple(rows))


def _spell_out(
    name: str, parts: Mapping[str, Parameters], inputs: Sequence[str], units: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yields a row for each number of an array."""
    symbol = _SYMBOLS[name.rpartition(".")[2]]
    for place in np.ndindex(parts["w"][name].shape):
        values = [float(part[name][place]) for part in parts.values()]
        origin = f"{inputs[place[0]]} → " if len(place) == 2 else ""
        after = [values[0] + values[-1]] if "step" in parts else []
        yield (f"{symbol} {origin}{units[place[-1]]}", *values, *after)


def _summarize(name: str, parts: Mapping[str, Parameters]) -> tuple[Any, ...]:
    """Returns the row of a whole array."""
    roots = (root_mean_square(part[name]) for part in parts.values())
    symbol = _SYMBOLS[name.rpartition(".")[2]]
    return (symbol, parts["w"][name].size, *roots)
