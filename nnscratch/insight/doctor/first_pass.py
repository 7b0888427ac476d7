"""A network's first pass over some rows, on a copy: its loss, its layers and its gradients.

The copy drops nothing out, and normalizes by the rows themselves, as a training step does.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.inspection.trace import LayerTrace, trace_forward
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets

_MAX_ROWS = 1_000


@dataclass(frozen=True)
class FirstPass:
    """The first pass over some training rows.

    Attributes:
        experiment: What is examined; its network stays as it is.
        network: The copy, its gradients filled.
        x: The rows, (rows, inputs).
        y: Their targets, as the loss takes them.
        loss: The mean over the rows.
        traces: The input and output of each layer.
    """

    experiment: Experiment
    network: Network
    x: Array
    y: Targets
    loss: float
    traces: list[LayerTrace]

    @property
    def finite(self) -> bool:
        """Whether loss and gradients are finite."""
        return isfinite(self.loss) and bool(np.isfinite(self.network.grads.flat).all())


def run_first_pass(experiment: Experiment) -> FirstPass:
    """Sends up to a thousand training rows through a copy of the untrained network, and back."""
    model = experiment.model
    rows = sample(experiment.dataset.splits["train"], _MAX_ROWS, experiment.config.seed)
    network = copy_network(model.network)
    x, y = model.transform(rows.inputs), model.encode(rows.targets)
    # Weights or inputs that overflow are among what this is to find.
    with np.errstate(all="ignore"):
        loss, grad = network.loss(network.forward(x, training=True), y)
        network.backward(grad)
        return FirstPass(experiment, network, x, y, loss, trace_forward(network, x))


def copy_network(network: Network, **changes: Any) -> Network:
    """Returns a network of the same weights that drops nothing out and shares no memory.

    Its batch normalization takes the last batch for all rows.

    Args:
        network: The network to copy.
        **changes: Other arguments for the copy, such as its loss.
    """
    described = network.describe()
    for layer in described["architecture"]:
        layer.pop("dropout", None)
        if "batch_norm" in layer:
            layer["batch_norm"]["momentum"] = 0.0
    copy = Network(**described | changes)
    copy.weights[:] = network.weights
    return copy
