"""The step that an optimizer makes from one example's gradients: before, by how much, after."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.config.settings.short_forms import RateFactorsSettings
from nnscratch.experiment.optimization import (
    build_optimizer,
    build_penalty,
    build_rate_factors,
)
from nnscratch.insight.input_layers import NamedLayer
from nnscratch.insight.notation import give_constants
from nnscratch.insight.passes import NamedBlock
from nnscratch.insight.section import Section
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.parameters import Parameters, root_mean_square
from nnscratch.nn.training.step import first_step

_SYMBOLS = {
    "kernel": "W",
    "bias": "b",
    "gamma": "γ",
    "beta": "β",
    "scale": "s",
}
_EMBEDDING_SYMBOLS = {
    "embedding.frequencies": "f",
    "embedding.phases": "φ",
    "embedding.kernel": "K",
    "embedding.bias": "c",
}

_FACTORS = {"bias": "b", "input_scale": "s", "embedding": "the embedding"}

# Parameters, gradients or steps by the header of their column.
Columns = Mapping[str, Parameters]


def make_update(network: Network, config: Config | None) -> tuple[list[str], Columns]:
    """Makes one step with the gradients that a network holds.

    Args:
        network: The network; the step changes its parameters.
        config: Has the optimizer, which makes its first step, without any memory; without a config,
            or with an optimizer that needs all rows, no step is made.

    Returns:
        How the step is computed; and `w`, the parameters before the step, `∂L/∂w`, `g`, what the
        optimizer gets where penalties or clipping change that, and `step`, if one is made.
    """
    shapes = {name: array.shape for name, array in network.params.items()}
    columns = {
        "w": Parameters(shapes, network.params.flat.copy()),
        "∂L/∂w": Parameters(shapes, network.grads.flat.copy()),
    }
    if config is None:
        return ["there is no config next to the weights that names an optimizer"], columns
    optimizer = build_optimizer(config)
    if not optimizer.first_step:
        return [f"{optimizer.name} makes its steps from all rows, not from one"], columns
    change = first_step(
        network,
        optimizer,
        config.learning_rate,
        penalty=build_penalty(config),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
        rate_factors=build_rate_factors(config),
    )
    if config.l1 or config.l2 or config.clip_norm:
        columns["g"] = network.grads
    columns["step"] = Parameters(shapes, change)
    return list(_describe(config, optimizer)), columns


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
    if config.rate_factors:
        yield f"each step is multiplied by the factor of its kind: {_factors(config.rate_factors)}"
    if config.max_norm:
        yield f"then the weights into a unit are scaled down to max_norm = {config.max_norm:g}"


def _factors(factors: RateFactorsSettings) -> str:
    kernel = f"{factors.kernel:g}{' / √inputs' if factors.fan_in else ''} for W"
    others = [f"{getattr(factors, key):g} for {what}" for key, what in _FACTORS.items()]
    return ", ".join([kernel, *others])


def explain_parameters(
    title: str, lines: list[str], named: NamedBlock | NamedLayer, columns: Columns
) -> Section:
    """Returns the parameters of a layer one by one, or the size of each array if they are many."""
    if named.is_summarized:
        lines = [*lines, "rms is the root mean square"]
        header = ("weights", "numbers", *(f"rms {column}" for column in columns))
        rows = []
        for name, shape in named.shapes.items():
            sizes = (root_mean_square(params[name]) for params in columns.values())
            rows.append((_symbol(name), prod(shape), *sizes))
    else:
        header = ("weight", *columns, *(["w + step"] if "step" in columns else []))
        rows = [row for name in named.shapes for row in _rows(name, columns, named)]
    return Section(title, tuple(lines), header, tuple(rows))


def _rows(name: str, columns: Columns, named: NamedBlock | NamedLayer) -> Iterator[tuple[Any, ...]]:
    """Yields a row for each number of an array."""
    for place in np.ndindex(columns["w"][name].shape):
        values = [float(params[name][place]) for params in columns.values()]
        if "step" in columns:
            values.append(values[0] + values[-1])
        origin = f"{named.inputs[place[0]]} → " if len(place) == 2 else ""
        yield (f"{_symbol(name)} {origin}{named.units[place[-1]]}", *values)


def _symbol(name: str) -> str:
    return _EMBEDDING_SYMBOLS.get(name) or _SYMBOLS[name.rpartition(".")[2]]
