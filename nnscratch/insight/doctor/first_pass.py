"""A network's first pass over some rows, on a copy: its layers, its gradients and its loss.

The copy drops nothing out, and normalizes by the rows themselves, as a training step does.
"""

from dataclasses import dataclass
from math import isclose, isfinite, log
from typing import Any

import numpy as np

from nnscratch.config import Config
from nnscratch.config.settings.datasets import PreparedSettings
from nnscratch.data.dataset import Split
from nnscratch.data.sampling import sample
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import number
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.nn.inspection.trace import LayerTrace, trace_forward
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets, euclidean_norm

_MAX_ROWS = 1_000
# Inputs and targets beyond these are far from the numbers that a network starts with.
_LARGE_INPUT = 10.0
_LARGE_TARGET = 3.0


@dataclass(frozen=True)
class FirstPass:
    """The first pass over some training rows.

    Attributes:
        experiment: What is examined; its network stays as it is.
        rows: The rows as they are in the data.
        network: The copy, its gradients filled.
        x: The rows, (rows, inputs).
        y: Their targets, as the loss takes them.
        loss: The mean over the rows.
        traces: The input and output of each layer.
    """

    experiment: Experiment
    rows: Split
    network: Network
    x: Array
    y: Targets
    loss: float
    traces: list[LayerTrace]

    @property
    def config(self) -> Config:
        """The experiment's config."""
        return self.experiment.config

    @property
    def finite(self) -> bool:
        """Whether loss and gradients are finite."""
        return isfinite(self.loss) and bool(np.isfinite(self.network.grads.flat).all())

    @property
    def gradient_norm(self) -> float:
        """The length of the gradient."""
        with np.errstate(over="ignore"):
            return euclidean_norm(self.network.grads.flat)

    @property
    def has_large_targets(self) -> bool:
        """Whether numbers to predict are far from those that a network starts with."""
        return self.y.dtype.kind == "f" and float(np.abs(self.y).max()) > _LARGE_TARGET

    @property
    def has_sigmoids(self) -> bool:
        """Whether a hidden layer's activation is sigmoid, whose slope is a quarter at most."""
        return any(layer.activation.name == "sigmoid" for layer in self.network.hidden)


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
        return FirstPass(experiment, rows, network, x, y, loss, trace_forward(network, x))


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


def check_first_loss(first: FirstPass) -> Finding:
    """Compares the loss before training with that of guessing."""
    if not first.finite:
        rule = "the loss before training, or its gradient, is not finite"
        return _explain_outputs(first, rule, level="problem")
    loss, guess = first.network.loss, guessing_loss(first.network, first.y)
    # Logits of an ordinary size, about 1, cost something, and cost more where the loss is about the
    # targets' spread.
    limit = 4.0 * guess + 2.0 if loss.output_activation == "linear" else 1.5 * guess + 1.0
    guessed, outputs = number(guess), first.network.outputs
    if loss.takes_indices and isclose(guess, log(outputs), rel_tol=1e-5):
        guessed = f"{guessed} (ln {outputs})"
    rule = f"the loss before training is {number(first.loss)}"
    if guess and first.loss > limit:
        rule = f"{rule}, far above the {guessed} of guessing"
        return _explain_outputs(first, rule, level="look")
    return Finding(f"{rule}; guessing costs {guessed}")


def guessing_loss(network: Network, y: Targets) -> float:
    """Returns the loss of knowing nothing about the inputs: of logits 0, or of the mean of numbers.

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


def widen(first: FirstPass, times: int, *, least: int = 1) -> tuple[str, ...]:
    """Returns the setting of layers that are `times` as wide and have at least `least` units.

    There is none where layers have settings of their own, which it would drop.
    """
    layers = [layer.model_dump(exclude_none=True) for layer in first.config.architecture]
    if any(layer.keys() != {"units"} for layer in layers):
        return ()
    units = [max(times * layer["units"], least) for layer in layers] or [least]
    return (f"architecture: {units}",)


def _explain_outputs(first: FirstPass, rule: str, *, level: Level) -> Finding:
    """Returns the finding of outputs of an untrained network that are too large, with the cause."""
    largest, initializer = float(np.abs(first.x).max()), first.config.initializer.name
    remedy = "smaller first weights or narrower layers"
    changes: tuple[str, ...] = ()
    if largest > _LARGE_INPUT:
        rule = f"{rule}; the inputs go up to {largest:.4g}"
        remedy, changes = _scale(first.config, "scaling")
    elif initializer not in ("auto", "zeros"):
        rule = f"{rule}; the first weights, of {initializer}, are large"
        remedy, changes = "smaller ones", ("initializer: auto",)
    elif first.has_large_targets:
        rule = f"{rule}; the targets are large"
        remedy, changes = _scale(first.config, "target_scaling")
    return Finding(rule, remedy=remedy, level=level, changes=changes)


def _scale(config: Config, setting: str) -> tuple[str, tuple[str, ...]]:
    if getattr(config.dataset, setting, "none") != "none":
        return "they are scaled, so a few are far outside the rest; look for mistakes there", ()
    changes = (f"dataset.{setting}: standardize",)
    is_prepared = isinstance(config.dataset, PreparedSettings)
    return "scale them to about -1 to 1", changes if is_prepared else ()
