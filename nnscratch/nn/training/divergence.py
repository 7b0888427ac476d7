"""Divergence: where numbers ceased to be finite, and what the cause usually is."""

from math import isfinite

import numpy as np

from nnscratch.errors import DivergedError
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, euclidean_norm

# Larger numbers than these are reported as likely causes.
_LARGE_INPUT = 10.0
_LARGE_WEIGHT = 1000.0


def explain_divergence(
    network: Network, x: Array, *, loss: float, epoch: int, step: int, learning_rate: float
) -> DivergedError:
    """Returns the error for a step whose loss, gradient or parameters are not finite.

    Args:
        network: With the parameters and gradients of that step; its statistics may change.
        x: Some of the step's inputs, (rows, inputs).
        loss: The loss of the step.
        epoch: Counted from 1.
        step: Counted from 1 over all epochs.
        learning_rate: The learning rate of the step.
    """
    with np.errstate(all="ignore"):
        layer, what = _find_layer(network, x)
        norm = euclidean_norm(network.grads.flat.astype(np.float64))
        causes = _causes(network, x)
    usual = f"a smaller learning_rate than {learning_rate:.3g} usually helps"
    return DivergedError(
        f"training diverged in epoch {epoch} (step {step}): the loss is {loss:.4g}, the norm of "
        f"the gradient {norm:.4g}; {what}\n" + "; ".join([usual, *causes]),
        epoch=epoch,
        step=step,
        layer=layer,
        gradient_norm=norm,
    )


def _find_layer(network: Network, x: Array) -> tuple[str, str]:
    """Returns the layer where the first number that is not finite appears, and how."""
    output = x
    for name, layer in network.layers.items():
        output = layer.forward(output, training=True)
        if not np.isfinite(output).all():
            return name, f"the output of {name} is not finite"
    # The gradient flows from the last layer to the first.
    for name, grad in reversed(list(network.grads.items())):
        if not np.isfinite(grad).all():
            return name.split(".")[0], f"the gradient of {name} is not finite"
    last = list(network.layers)[-1]
    return (
        last,
        f"the output of {last}, up to {np.abs(output).max():.3g}, is too large for the loss",
    )


def _causes(network: Network, x: Array) -> list[str]:
    """Returns remedies for inputs and weights that are unusually large."""
    found = []
    largest = float(np.abs(x).max())
    if largest > _LARGE_INPUT:
        found.append(f"so does scaling the inputs, which go up to {largest:.3g}, to about 0 to 1")
    weights = {name: float(np.abs(p).max()) for name, p in network.params.items()}
    name, heaviest = max(weights.items(), key=lambda item: item[1])
    if heaviest > _LARGE_WEIGHT and isfinite(heaviest):
        found.append(f"{name} has grown up to {heaviest:.3g}, which clip_norm or l2 prevents")
    return found
