"""The step that an optimizer makes from one example's gradients: before, by how much, after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.formulas import give_constants
from nnscratch.insight.forward_pass import NamedBlock
from nnscratch.insight.section import Section
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.parameters import Parameters, root_mean_square
from nnscratch.nn.registry import create
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import first_step

_SYMBOLS = {"kernel": "W", "bias": "b", "gamma": "γ", "beta": "β"}


@dataclass(frozen=True)
class Update:
    """A step of a network's parameters.

    Attributes:
        lines: How it is computed.
        before: The parameters before the step.
        grads: The gradients of the loss.
        used: The gradients that the optimizer gets, where penalties or clipping change them.
        steps: By how much each parameter changes; None if no step is made.
    """

    lines: tuple[str, ...]
    before: Parameters
    grads: Parameters
    used: Parameters | None = None
    steps: Parameters | None = None


def make_update(network: Network, config: Config | None) -> Update:
    """Makes one step with the gradients that a network holds.

    Args:
        network: The network; the step changes its parameters.
        config: Has the optimizer, which makes its first step, without any memory; without a config,
            or with an optimizer that needs all rows, no step is made.
    """
    shapes = {name: array.shape for name, array in network.params.items()}
    before = Parameters(shapes, network.params.flat.copy())
    grads = Parameters(shapes, network.grads.flat.copy())
    if config is None:
        why = "there is no config next to the weights that names an optimizer"
        return Update((why,), before, grads)
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    if not optimizer.first_step:
        why = f"{optimizer.name} makes its steps from all rows, not from one"
        return Update((why,), before, grads)
    change = first_step(
        network,
        optimizer,
        config.learning_rate,
        penalty=Penalty(config.l1, config.l2),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
    )
    used = Parameters(shapes, network.grads.flat.copy())
    is_changed = bool(config.l1 or config.l2 or config.clip_norm)
    return Update(
        tuple(_describe(config, optimizer)),
        before,
        grads,
        used if is_changed else None,
        Parameters(shapes, change),
    )


def _describe(config: Config, optimizer: Optimizer) -> Iterator[str]:
    """Yields how an optimizer makes its first step, and what else affects the step."""
    step = optimizer.first_step
    has_memory = bool(optimizer.slots)
    memory = ", in its first step, before it has any memory:" if has_memory else ":"
    yield f"{optimizer.name}{memory}"
    yield f"w ← w {step}"
    constants = [f"with η = {config.learning_rate:g}", *give_constants(optimizer, step)]
    for symbol, value in optimizer.first_step_constants().items():
        constants.append(f"{symbol} = {value:.5g}")
    yield ", ".join(constants)
    if "√g²" in step:
        yield "√g² is |g|: where ε is small each weight moves by about η"
    if config.schedule.name != "constant" or config.schedule.warmup_epochs:
        yield "η is the learning_rate, which the schedule changes during training"
    if config.l1:
        yield f"the penalty adds l1 sign(W) to g of W, l1 = {config.l1:g}"
    if config.l2:
        yield f"the penalty adds 2 l2 W to g of W, l2 = {config.l2:g}"
    if config.clip_norm:
        yield f"if the norm of all g is above clip_norm = {config.clip_norm:g}, g is scaled down"
    if config.max_norm:
        yield f"then the weights into a unit are scaled down to max_norm = {config.max_norm:g}"


def explain_gradients(named: NamedBlock, update: Update) -> Section:
    """Returns the gradients and steps of a block's parameters."""
    block = named.block
    lines = ["∂L/∂W = xᵀ ∂L/∂z"]
    if block.layer.bias is not None:
        lines.append("∂L/∂b = ∂L/∂z")
    if block.norm:
        lines.append("∂L/∂γ = ∂L/∂ẑ (z − μ) / √(σ² + ε), ∂L/∂β = ∂L/∂ẑ")
    columns = {"w": update.before, "∂L/∂w": update.grads}
    if update.used:
        columns["g"] = update.used
    if update.steps:
        columns["step"] = update.steps
    return _tabulate_parameters(f"gradients of {block.name}", lines, named, columns)


def explain_weights(named: NamedBlock, params: Parameters) -> Section:
    """Returns the parameters of a block without gradients."""
    return _tabulate_parameters(f"weights of {named.block.name}", [], named, {"w": params})


def _tabulate_parameters(
    title: str, lines: list[str], named: NamedBlock, columns: Mapping[str, Parameters]
) -> Section:
    """Returns the parameters of a block one by one, or the size of each array if they are many."""
    block = named.block
    names = [f"{block.name}.{name}" for name in block.layer.shapes]
    if block.norm:
        names += [f"{block.norm.name}.{name}" for name in block.norm.layer.shapes]
    if named.is_summarized:
        lines = [*lines, "rms is the root mean square"]
        header = ("weights", "numbers", *(f"rms {column}" for column in columns))
        rows = [_summary_row(name, columns) for name in names]
        return Section(title, tuple(lines), header, tuple(rows))
    header = ("weight", *columns)
    if "step" in columns:
        header = (*header, "w + step")
    rows = [row for name in names for row in _rows(name, columns, named)]
    return Section(title, tuple(lines), header, tuple(rows))


def _rows(
    name: str, columns: Mapping[str, Parameters], named: NamedBlock
) -> Iterator[tuple[Any, ...]]:
    """Yields a row for each number of an array."""
    symbol = _symbol(name)
    for place in np.ndindex(columns["w"][name].shape):
        values = [float(params[name][place]) for params in columns.values()]
        if "step" in columns:
            values.append(values[0] + values[-1])
        origin = f"{named.inputs[place[0]]} → " if len(place) == 2 else ""
        yield (f"{symbol} {origin}{named.units[place[-1]]}", *values)


def _summary_row(name: str, columns: Mapping[str, Parameters]) -> tuple[Any, ...]:
    """Returns the row of a whole array."""
    sizes = (root_mean_square(params[name]) for params in columns.values())
    return (_symbol(name), columns["w"][name].size, *sizes)


def _symbol(name: str) -> str:
    return _SYMBOLS[name.rpartition(".")[2]]
