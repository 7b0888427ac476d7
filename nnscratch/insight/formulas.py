"""The formulas of activations, losses and optimizers, as they stand beside the numbers.

a is what a layer gives, z its weighted sum, p what a loss makes of z, y the target, g a gradient,
w a weight and η the learning rate.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nnscratch.nn.activations import ACTIVATIONS as ACTIVATION_CLASSES
from nnscratch.nn.activations import Activation
from nnscratch.nn.layers import ActivationLayer
from nnscratch.nn.losses import LOSSES as LOSS_CLASSES
from nnscratch.nn.losses import Loss
from nnscratch.nn.network import Network
from nnscratch.nn.registry import describe


class Formula(NamedTuple):
    """A function and its derivative, with `{z}` and `{y}` where the symbols of these belong."""

    value: str
    slope: str
    where: str = ""
    """What a letter of them stands for."""


class Written(NamedTuple):
    """A formula with its symbols in place."""

    name: str
    value: str
    slope: str
    given: tuple[str, ...]
    """A line with what its other letters stand for, if it has any."""


ACTIVATIONS = {
    "linear": Formula("{z}", "1"),
    "relu": Formula("max({z}, 0)", "1 if {z} > 0 else 0"),
    "leaky_relu": Formula("{z} if {z} > 0 else s {z}", "1 if {z} > 0 else s"),
    "elu": Formula("{z} if {z} > 0 else α (exp({z}) − 1)", "1 if {z} > 0 else a + α"),
    "gelu": Formula(
        "{z}/2 (1 + t)",
        "(1 + t)/2 + {z}/2 (1 − t²) √(2/π) (1 + 0.134145 {z}²)",
        "t = tanh(√(2/π) ({z} + 0.044715 {z}³))",
    ),
    "silu": Formula("{z} σ({z})", "σ({z}) + a (1 − σ({z}))"),
    "softplus": Formula("ln(1 + exp({z}))", "σ({z})"),
    "sigmoid": Formula("σ({z}) = 1 / (1 + exp(−{z}))", "a (1 − a)"),
    "tanh": Formula("tanh({z})", "1 − a²"),
}
LOSSES = {
    "binary_cross_entropy": Formula("−{y} ln p − (1 − {y}) ln(1 − p)", "p − {y}", "p = σ({z})"),
    "cross_entropy": Formula("−Σ {y} ln p", "p − {y}", "p = softmax({z})"),
    "hinge": Formula("max(0, 1 − {y} {z})", "−{y} if {y} {z} < 1 else 0"),
    "mean_squared_error": Formula("({z} − {y})²", "2 ({z} − {y})"),
    "mean_absolute_error": Formula("|{z} − {y}|", "sign({z} − {y})"),
    "huber": Formula("d²/2 if |d| ≤ δ else δ (|d| − δ/2)", "d, from −δ to δ", "d = {z} − {y}"),
    "log_cosh": Formula("ln cosh({z} − {y})", "tanh({z} − {y})"),
}
# What an optimizer adds to a weight in its first step, where it remembers nothing yet.
FIRST_STEPS = {
    "sgd": "− η g",
    "adagrad": "− η g / (√g² + ε)",
    "rmsprop": "− η g / (√((1 − ρ) g²) + ε)",
    "adam": "− η g / (√g² + ε)",
    "adamw": "− η g / (√g² + ε) − η λ w",
    "nadam": "− η m / (√g² + ε), m = g (1 + μ₂ (1 − β₁) / (1 − μ₁ μ₂))",
    "rprop": "− η sign(g)",
}
# What formulas call the parameters of a component.
SYMBOLS = {
    "negative_slope": "s",
    "alpha": "α",
    "delta": "δ",
    "epsilon": "ε",
    "rho": "ρ",
    "momentum": "μ",
    "weight_decay": "λ",
    "beta_1": "β₁",
}


def write_activation(function: Activation, z: str) -> Written:
    """Returns an activation's formula, with what z is called."""
    settings = describe(ACTIVATION_CLASSES, function)
    return _write(ACTIVATIONS[settings["name"]], settings, z=z)


def write_loss(loss: Loss, z: str, y: str) -> Written:
    """Returns a loss's formula, with what its argument and the target are called."""
    settings = describe(LOSS_CLASSES, loss)
    return _write(LOSSES[settings["name"]], settings, z=z, y=y)


def _write(formula: Formula, settings: Mapping[str, Any], **symbols: str) -> Written:
    value, slope, where = (part.format(**symbols) for part in formula)
    given = ([where] if where else []) + give_constants(settings, value)
    return Written(settings["name"], value, slope, (f"with {', '.join(given)}",) if given else ())


def give_constants(settings: Mapping[str, Any], formula: str) -> list[str]:
    """Returns `ε = 1e-08` for each parameter whose symbol a formula has.

    Args:
        settings: A component's parameters by name.
        formula: Where the symbols are looked for.
    """
    known = {SYMBOLS[name]: value for name, value in settings.items() if name in SYMBOLS}
    return [f"{symbol} = {value:.5g}" for symbol, value in known.items() if symbol in formula]


def output_symbol(network: Network) -> str:
    """Returns what the loss's argument is called: a, if the last layer has an activation, or z."""
    last = [*network.layers.values()][-1]
    return "a" if isinstance(last, ActivationLayer) else "z"
