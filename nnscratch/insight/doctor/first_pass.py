"""A network's first pass over some rows, on a copy: its loss, its layers and its gradients.

The copy drops nothing out, and normalizes by the rows themselves, as a step of training does.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.inspection.trace import LayerTrace, trace_forward
from nnscratch.nn.losses import Loss
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import Spec

_MOST_ROWS = 1_000


@dataclass(frozen=True)
class Rehearsal:
    """What the first pass gave.

    Attributes:
        network: The copy, its gradients filled.
        x: The rows, (rows, inputs).
        y: Their targets, as the loss takes them.
        loss: The mean over the rows.
        layers: What each layer gives for them.
    """

    network: Network
    x: Array
    y: Targets
    loss: float
    layers: list[LayerTrace]

    @property
    def finite(self) -> bool:
        """Whether loss and gradients are numbers."""
        return isfinite(self.loss) and bool(np.isfinite(self.network.grads.flat).all())


def rehearse(experiment: Experiment) -> Rehearsal:
    """Sends at most a thousand rows to train on through a copy of the untrained network."""
    model = experiment.model
    rows = sample(experiment.dataset.splits["train"], _MOST_ROWS, experiment.config.seed)
    network = copy_network(model.network, momentum=0.0)
    x, y = model.transform(rows.inputs), model.encode(rows.targets)
    # Weights or inputs out of all proportion are what this is to find.
    with np.errstate(all="ignore"):
        loss, grad = network.loss(network.forward(x, training=True), y)
        network.backward(grad)
        return Rehearsal(network, x, y, loss, trace_forward(network, x))


def copy_network(
    network: Network, *, loss: Spec | Loss | None = None, momentum: float | None = None
) -> Network:
    """Returns a network of the same weights that drops nothing out and shares no memory.

    Args:
        network: What is copied.
        loss: Of the copy, if it is another.
        momentum: Of its batch normalization, if it is another.
    """
    described = network.describe()
    for layer in described["architecture"]:
        layer.pop("dropout", None)
        if momentum is not None and "batch_norm" in layer:
            layer["batch_norm"]["momentum"] = momentum
    copy = Network(**described | ({} if loss is None else {"loss": loss}))
    copy.weights[:] = network.weights
    return copy


def guessing_loss(network: Network, y: Targets) -> float:
    """Returns the loss of knowing nothing: of logits 0, or of the mean of numbers.

    For the cross-entropy of K classes that is ln K.

    Args:
        network: Whose loss it is.
        y: Targets as the loss takes them.
    """
    loss = network.loss
    logits = np.zeros((len(y), network.outputs), network.dtype)
    if loss.output_activation == "linear" and not loss.codes:
        logits += y.mean(axis=0)
    return loss(logits, y)[0]
