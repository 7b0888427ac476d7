"""How large weights, gradients and the first step are in each layer."""

from typing import NamedTuple

import numpy as np

from nnscratch.insight.doctor.first_pass import FirstPass, copy_network
from nnscratch.nn.optimizers import OPTIMIZERS
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
    """Returns the scales of each dense layer."""
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
    """Returns by how much the first step changes each parameter; None if a line search decides.

    max_norm is left out: it would shorten weights that are too long at once, whatever the step.
    """
    config, network = first.experiment.config, copy_network(first.network)
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    if optimizer.line_search:
        return None
    network.grads.flat[:] = first.network.grads.flat
    penalty, rate = Penalty(config.l1, config.l2), config.learning_rate
    with np.errstate(all="ignore"):
        change = first_step(network, optimizer, rate, penalty=penalty, clip_norm=config.clip_norm)
    return Parameters({name: array.shape for name, array in network.params.items()}, change)
