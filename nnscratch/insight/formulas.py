"""The formulas of activations and losses, as they are printed beside the numbers.

a is what a layer gives, z its weighted sum, p what a loss makes of z, y the target.
"""

from typing import Any, NamedTuple

from nnscratch.insight.notation import write, write_definitions
from nnscratch.model.operations import Activate, layer_operations
from nnscratch.nn.activations import Activation
from nnscratch.nn.losses import Loss
from nnscratch.nn.network import Network
from nnscratch.nn.registry import settings_of


class Written(NamedTuple):
    """A formula with its symbols in place."""

    name: str
    value: str
    slope: str
    given: tuple[str, ...]
    """A line with what its other letters stand for, if it has any."""


def write_activation(function: Activation, z: str) -> Written:
    """Returns an activation's formula, with what z is called."""
    return _write(function, {"z": z})


def write_loss(loss: Loss, z: str, y: str) -> Written:
    """Returns a loss's formula, with what its argument and the target are called."""
    return _write(loss, {"z": z, "y": y})


def _write(function: Activation | Loss, symbols: dict[str, str]) -> Written:
    symbols |= {name: about.symbol for name, about in settings_of(function).items()}
    value, slope = write(function.formula, symbols), write(function.derivative, symbols)
    given = write_definitions(function.where, symbols) + give_constants(function, value)
    if "σ" in " ".join((value, slope, *given)):
        given.append(f"σ({symbols['z']}) = 1 / (1 + exp(−{symbols['z']}))")
    line = (f"with {', '.join(given)}",) if given else ()
    return Written(function.name, value, slope, line)


def give_constants(component: Any, formula: str) -> list[str]:
    """Returns `ε = 1e-08` for each setting of a component whose symbol a formula has."""
    symbols = {name: about.symbol for name, about in settings_of(component).items()}
    return [
        f"{symbol} = {getattr(component, name):.5g}"
        for name, symbol in symbols.items()
        if symbol and symbol in formula
    ]


def output_symbol(network: Network) -> str:
    """Returns the symbol of what the loss takes: a if the last layer has an activation, else z."""
    return "a" if isinstance(layer_operations(network)[-1], Activate) else "z"
