"""The step that an optimizer makes from one example's gradients: before, by how much, after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.blocks import Block
from nnscratch.insight.formulas import FIRST_STEPS
from nnscratch.insight.section import Section
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Parameters
from nnscratch.nn.penalties import Penalty
from nnscratch.nn.registry import create
from nnscratch.nn.trace import first_step

# Of a layer with more parameters each array is summarised.
_MOST_PARAMETERS = 40
_SYMBOLS = {"kernel": "W", "bias": "b", "gamma": "γ", "beta": "β"}


@dataclass(frozen=True)
class Update:
    """A step of a network's parameters.

    Attributes:
        before: The parameters before it.
        grads: The loss's gradients.
        steps: By how much each changes; None where the config has no step for one example.
        said: How it is computed.
    """

    before: Parameters
    grads: Parameters
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
        return Update(before, grads, None, ("no config beside the weights says how they learn",))
    name, rate = config.optimizer.name, config.learning_rate
    if name not in FIRST_STEPS:
        return Update(before, grads, None, (f"{name} looks at all rows at once, not at one",))
    change = first_step(
        network,
        create(OPTIMIZERS, config.optimizer.model_dump()),
        rate,
        penalty=Penalty(config.l1, config.l2),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
    )
    said = [f"{name}, as in its first step: w ← w {FIRST_STEPS[name]} with η = {rate:g}"]
    settings = config.optimizer.model_dump(exclude={"name"})
    if settings.get("nesterov"):
        said[0] = (
            f"{name} with nesterov, as in its first step: w ← w −η (1 + μ) g with η = {rate:g}"
        )
    if config.l1 or config.l2:
        said.append(f"of W, g is ∂L/∂W + {config.l1:g} sign(W) + 2 · {config.l2:g} W")
    if config.clip_norm:
        said.append(f"where the norm of all g is above {config.clip_norm:g}, g is shortened to it")
    if config.max_norm:
        said.append(f"the weights into a unit are shortened to a norm of {config.max_norm:g}")
    return Update(before, grads, Parameters(shapes, change), tuple(said))


def explain_parameters(block: Block, inputs: Sequence[str], update: Update) -> Section:
    """Returns the gradients and updates of a block's parameters.

    Args:
        block: Whose.
        inputs: What its inputs are called.
        update: The step.
    """
    layer = block.layer
    said = ["∂L/∂W = xᵀ ∂L/∂z"]
    said += ["∂L/∂b = ∂L/∂z"] if layer.bias is not None else []
    said += ["∂L/∂γ = ∂L/∂ẑ (z − μ) / √(σ² + ε), ∂L/∂β = ∂L/∂ẑ"] if block.norm else []
    names = [f"{block.name}.{name}" for name in layer.shapes]
    if block.norm:
        names += [f"{block.norm.name}.{name}" for name in block.norm.layer.shapes]
    if sum(update.before[name].size for name in names) > _MOST_PARAMETERS:
        return _summarize(block.name, said, names, update)
    header = ("weight", "w", "g = ∂L/∂w", *(("step", "w + step") if update.steps else ()))
    rows = []
    for name in names:
        for place in np.ndindex(update.before[name].shape):
            weight = float(update.before[name][place])
            cells = [_label(name, place, inputs), weight, float(update.grads[name][place])]
            if update.steps:
                step = float(update.steps[name][place])
                cells += [step, weight + step]
            rows.append(tuple(cells))
    return Section(f"gradients of {block.name}", tuple(said), header, tuple(rows))


def _label(name: str, place: tuple[int, ...], inputs: Sequence[str]) -> str:
    symbol, unit = _SYMBOLS[name.rpartition(".")[2]], place[-1] + 1
    return f"{symbol} {inputs[place[0]]} → {unit}" if len(place) == 2 else f"{symbol} {unit}"


def _summarize(title: str, said: list[str], names: list[str], update: Update) -> Section:
    header = ("weights", "numbers", "w", "g = ∂L/∂w", *(("step",) if update.steps else ()))
    parts = [update.before, update.grads, *([update.steps] if update.steps else [])]
    rows: list[tuple[Any, ...]] = []
    for name in names:
        roots = (float(np.sqrt(np.mean(np.square(part[name], dtype=float)))) for part in parts)
        rows.append((_SYMBOLS[name.rpartition(".")[2]], update.before[name].size, *roots))
    formulas = (*said, "of each array, the root of the mean square")
    return Section(f"gradients of {title}", formulas, header, tuple(rows))
