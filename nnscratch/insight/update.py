"""The step that an optimizer makes from one example's gradients: before, by how much, after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.formulas import FIRST_STEPS
from nnscratch.insight.section import Section
from nnscratch.nn.blocks import Block
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Parameters, root_mean_square
from nnscratch.nn.penalties import Penalty
from nnscratch.nn.registry import create
from nnscratch.nn.trace import first_step

# Of a layer with more parameters each array is summarised.
_MOST_PARAMETERS = 100
_CONSTANTS = {"epsilon": "ε", "rho": "ρ", "momentum": "μ", "weight_decay": "λ", "beta_1": "β₁"}
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
    if config.optimizer.name not in FIRST_STEPS:
        why = f"{config.optimizer.name} looks at all rows at once, not at one"
        return Update(before, grads, None, None, (why,))
    change = first_step(
        network,
        create(OPTIMIZERS, config.optimizer.model_dump()),
        config.learning_rate,
        penalty=Penalty(config.l1, config.l2),
        clip_norm=config.clip_norm,
        max_norm=config.max_norm,
    )
    used = Parameters(shapes, network.grads.flat.copy())
    changed = bool(config.l1 or config.l2 or config.clip_norm)
    steps = Parameters(shapes, change)
    return Update(before, grads, used if changed else None, steps, tuple(_describe(config)))


def _describe(config: Config) -> Iterator[str]:
    """Yields how an optimizer makes its first step, and what else bears on it."""
    name, settings = config.optimizer.name, config.optimizer.model_dump(exclude={"name"})
    step = "− η (1 + μ) g" if settings.get("nesterov") else FIRST_STEPS[name]
    remembers = name != "sgd" or settings["momentum"]
    yield f"{name}, as in its first step, when it remembers nothing:" if remembers else f"{name}:"
    yield f"w ← w {step}"
    known = {symbol: settings[key] for key, symbol in _CONSTANTS.items() if key in settings}
    if "μ₂" in step:  # Nadam's momentum grows from step to step
        known |= {
            f"μ{digit}": known["β₁"] * (1.0 - 0.5 * 0.96 ** (0.004 * t))
            for t, digit in ((1, "₁"), (2, "₂"))
        }
    constants = [f"{symbol} = {value:.5g}" for symbol, value in known.items() if symbol in step]
    yield ", ".join([f"with η = {config.learning_rate:g}", *constants])
    if "√g²" in step:
        yield "√g² is |g|: where ε is small each weight moves by about η"
    if config.schedule.name != "constant" or config.schedule.warmup_epochs:
        yield "η is the learning_rate; in training the schedule makes another of it"
    penalties = [*(["l1 sign(W)"] if config.l1 else []), *(["2 l2 W"] if config.l2 else [])]
    if penalties:
        known = {"l1": config.l1, "l2": config.l2}
        given = ", ".join(f"{key} = {value:g}" for key, value in known.items() if value)
        yield f"of W, g is ∂L/∂W + {' + '.join(penalties)}, {given}"
    if config.clip_norm:
        yield f"where the norm of all g is above {config.clip_norm:g}, clip_norm, g is shortened"
    if config.max_norm:
        yield f"then the weights into a unit are shortened to max_norm, {config.max_norm:g}"


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
    names = [f"{block.name}.{name}" for name in layer.shapes]
    if block.norm:
        names += [f"{block.norm.name}.{name}" for name in block.norm.layer.shapes]
    parts = {"w": update.before, "∂L/∂w": update.grads}
    parts |= {"g": update.used} if update.used else {}
    parts |= {"step": update.steps} if update.steps else {}
    title = f"gradients of {block.name}"
    if sum(update.before[name].size for name in names) > _MOST_PARAMETERS:
        said.append("rms is the root of the mean square")
        header = ("weights", "numbers", *(f"rms {part}" for part in parts))
        rows = [_summarize(name, parts) for name in names]
    else:
        header = ("weight", *parts, *(("w + step",) if update.steps else ()))
        rows = [row for name in names for row in _spell_out(name, parts, inputs, units)]
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
