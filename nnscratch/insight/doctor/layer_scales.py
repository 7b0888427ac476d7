"""How large weights, gradients and the first step are in each layer."""

from typing import NamedTuple

import numpy as np

from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.parameters import Parameters, root_mean_square
from nnscratch.nn.registry import create
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import first_step


class LayerScale(NamedTuple):
    """How large the numbers of one layer are before training, each a root mean square."""

    name: str
    weights: float
    """Of the kernel."""
    gradient: float
    """Of the loss's gradient with respect to the kernel."""
    step: float | None
    """Of the kernel's change in the first step, as a share of `weights`; None if there is no step
    or all weights are zero."""


def measure_layers(first: FirstPass) -> list[LayerScale]:
    """Returns the scales of each dense layer; the network of `first` is left as it was."""
    changes = _take_step(first)
    scales = []
    for i, layer in enumerate(first.network.dense, start=1):
        weights, step = root_mean_square(layer.kernel), None
        if changes and weights:
            step = root_mean_square(changes[f"dense_{i}.kernel"]) / weights
        gradient = root_mean_square(layer.kernel_grad)
        scales.append(LayerScale(f"dense_{i}", weights, gradient, step))
    return scales


def _take_step(first: FirstPass) -> Parameters | None:
    """Returns how the first step changes the parameters, or None where a line search decides.

    max_norm is left out: it would shorten weights that are too long at once, whatever the step.
    """
    config, network = first.experiment.config, first.network
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    if isinstance(optimizer, LBFGS):
        return None
    weights, grads = network.weights.copy(), network.grads.flat.copy()
    penalty = Penalty(config.l1, config.l2)
    with np.errstate(all="ignore"):
        change = first_step(
            network, optimizer, config.learning_rate, penalty=penalty, clip_norm=config.clip_norm
        )
    network.weights[:] = weights
    network.grads.flat[:] = grads
    return Parameters({name: array.shape for name, array in network.params.items()}, change)
