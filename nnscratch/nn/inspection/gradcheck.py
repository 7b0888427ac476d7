"""Backpropagation against finite differences, parameter by parameter.

The check needs nothing but the forward pass, so it catches any wrong derivative in a network.
"""

from collections.abc import Callable
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.training.penalties import Penalty

# A step may cross the kink of a relu; a much smaller one rarely does. It is tried only where an
# error is larger than rounding explains.
_SMALLER, _ROUNDING = 1 / 30, 1e-6


class TensorCheck(NamedTuple):
    """How one named array of gradients compares."""

    name: str
    norm: float
    """The Euclidean norm of the gradient by backpropagation."""
    error: float
    """The largest |b − d| / max(|b|, |d|, floor) of backpropagation b and differences d."""
    checked: int
    """How many of the array's elements were compared."""


def check_gradients(
    network: Network,
    inputs: Array,
    targets: Targets,
    *,
    weights: Array | None = None,
    penalty: Penalty | None = None,
    most: int | None = None,
    step: float = 1e-5,
    floor: float = 1e-4,
) -> list[TensorCheck]:
    """Compares ∂L/∂θ with (L(θ + h) − L(θ − h)) / 2h for the parameters θ.

    Right derivatives give errors of about 1e-7, wrong ones of about 1.

    Args:
        network: Of dtype float64; its weights are the same afterwards. Dropout drops the same in
            each forward pass; batch normalization is that of training.
        inputs: (rows, inputs), float64.
        targets: As the network's loss takes them.
        weights: How much each row counts (rows,), float64; all the same unless given.
        penalty: Added to the loss in L.
        most: The largest number of elements of an array to compare, drawn at random; all unless
            given.
        step: h.
        floor: Gradients below this are compared absolutely, because the rounding of the loss
            divided by h hides them.

    Raises:
        ValueError: The network computes in float32, which is too coarse for differences.
    """
    if network.dtype != np.float64:
        raise ValueError(f"`network` must have the dtype float64; got {network.dtype}.")
    penalty = penalty or Penalty()
    statistics = network.statistics.flat.copy()

    def forward() -> Array:
        network.start_epoch(0, 0)  # so that dropout drops the same each time
        return network.forward(inputs, training=True)

    def objective() -> float:
        return network.loss(forward(), targets, weights)[0] + penalty.value(network)

    network.backward(network.loss(forward(), targets, weights)[1])
    penalty.add_gradient(network)
    rng = np.random.default_rng(0)
    checks = []
    for name, grad in network.grads.items():
        values, exact = network.params[name].reshape(-1), grad.reshape(-1).copy()
        chosen = np.arange(len(exact))
        if most is not None and most < len(exact):
            chosen = np.sort(rng.choice(len(exact), most, replace=False))
        errors = []
        for i in chosen.tolist():
            error = _relative(float(exact[i]), _difference(objective, values, i, step), floor)
            if error > _ROUNDING:
                closer = _difference(objective, values, i, step * _SMALLER)
                error = min(error, _relative(float(exact[i]), closer, floor))
            errors.append(error)
        checks.append(TensorCheck(name, float(np.linalg.norm(exact)), max(errors), len(chosen)))
    network.statistics.flat[:] = statistics
    return checks


def _difference(objective: Callable[[], float], values: Array, i: int, h: float) -> float:
    """Returns the central difference of the objective by one of the values."""
    value = values[i]
    values[i] = value + h
    above = objective()
    values[i] = value - h
    below = objective()
    values[i] = value
    return (above - below) / (2.0 * h)


def _relative(a: float, b: float, floor: float) -> float:
    error = abs(a - b) / max(abs(a), abs(b), floor)
    # max() and < would let a nan pass.
    return error if isfinite(error) else inf
