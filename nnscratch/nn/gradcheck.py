"""Backpropagation against finite differences, parameter by parameter.

The check needs nothing but the forward pass, so it catches any wrong derivative in a network.
"""

from typing import NamedTuple

import numpy as np

from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets


class TensorCheck(NamedTuple):
    """How one named array of gradients compares."""

    name: str
    norm: float
    """The Euclidean norm of the gradient by backpropagation."""
    error: float
    """The largest |b − d| / max(|b|, |d|, floor) of backpropagation b and differences d."""


def check_gradients(
    network: Network,
    inputs: Array,
    targets: Targets,
    *,
    step: float = 1e-5,
    floor: float = 1e-4,
) -> list[TensorCheck]:
    """Compares ∂loss/∂θ with (loss(θ + h) − loss(θ − h)) / 2h for every parameter θ.

    Right derivatives give errors of about 1e-7, wrong ones of about 1.

    Args:
        network: Of dtype float64; its parameters are the same afterwards.
        inputs: (rows, inputs), float64.
        targets: As the network's loss takes them.
        step: h.
        floor: Gradients below this are compared absolutely, because the rounding of the loss
            divided by h hides them.

    Raises:
        ValueError: The network computes in float32, which is too coarse for differences.
    """
    if network.dtype != np.float64:
        raise ValueError(f"`network` must have the dtype float64; got {network.dtype}.")
    network.backward(network.loss(network.forward(inputs), targets)[1])
    checks = []
    for name, grad in network.grads.items():
        differences = _differences(network, network.params[name].reshape(-1), inputs, targets, step)
        exact = grad.reshape(-1)
        scale = np.maximum(np.maximum(np.abs(exact), np.abs(differences)), floor)
        error = float((np.abs(exact - differences) / scale).max())
        checks.append(TensorCheck(name, float(np.linalg.norm(exact)), error))
    return checks


def _differences(
    network: Network, values: Array, inputs: Array, targets: Targets, step: float
) -> Array:
    """Central differences by each element of `values`, a view into the network's parameters."""
    differences = np.empty_like(values)
    for i, value in enumerate(values.tolist()):
        values[i] = value + step
        above, _ = network.loss(network.forward(inputs), targets)
        values[i] = value - step
        below, _ = network.loss(network.forward(inputs), targets)
        values[i] = value
        differences[i] = (above - below) / (2.0 * step)
    return differences
