"""The formulas of activations, losses and optimizers, as they stand beside the numbers.

a is what a layer gives, z its weighted sum, p what a loss makes of z, y the target, g a gradient,
w a weight and η the learning rate.
"""

from typing import NamedTuple

from nnscratch.nn.activations import ACTIVATIONS as REGISTRY
from nnscratch.nn.activations import Activation
from nnscratch.nn.registry import describe


class Formula(NamedTuple):
    """A function and its derivative."""

    value: str
    slope: str


ACTIVATIONS = {
    "linear": Formula("z", "1"),
    "relu": Formula("max(z, 0)", "1 if z > 0 else 0"),
    "leaky_relu": Formula("z if z > 0 else s z", "1 if z > 0 else s"),
    "elu": Formula("z if z > 0 else α (exp(z) − 1)", "1 if z > 0 else a + α"),
    "gelu": Formula(
        "z/2 (1 + t), t = tanh(√(2/π) (z + 0.044715 z³))",
        "(1 + t)/2 + z/2 (1 − t²) √(2/π) (1 + 0.134145 z²)",
    ),
    "silu": Formula("z σ(z)", "σ(z) + a (1 − σ(z))"),
    "softplus": Formula("ln(1 + exp(z))", "σ(z)"),
    "sigmoid": Formula("σ(z) = 1 / (1 + exp(−z))", "a (1 − a)"),
    "tanh": Formula("tanh(z)", "1 − a²"),
}
LOSSES = {
    "binary_cross_entropy": Formula("−y ln p − (1 − y) ln(1 − p), p = σ(z)", "p − y"),
    "cross_entropy": Formula("−Σ y ln p, p = softmax(z)", "p − y"),
    "hinge": Formula("max(0, 1 − y z)", "−y if y z < 1 else 0"),
    "mean_squared_error": Formula("(z − y)²", "2 (z − y)"),
    "mean_absolute_error": Formula("|z − y|", "sign(z − y)"),
    "huber": Formula("d²/2 if |d| ≤ δ else δ (|d| − δ/2), d = z − y", "d, from −δ to δ"),
    "log_cosh": Formula("ln cosh(z − y)", "tanh(z − y)"),
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


def of(function: Activation) -> tuple[str, Formula]:
    """Returns an activation's name and formula."""
    name = describe(REGISTRY, function)["name"]
    return name, ACTIVATIONS[name]
