"""Held-out rows: what is measured on them after an epoch, and the temperature that suits them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nnscratch.nn.calibration import find_temperature, has_probabilities, loss_at
from nnscratch.nn.evaluation import evaluate_examples
from nnscratch.nn.examples import Examples, Part, Transform
from nnscratch.nn.metrics import CALIBRATED_LOSS, Metric
from nnscratch.nn.network import Network

_VALIDATION = "val"


class Measured(NamedTuple):
    """What was measured after an epoch."""

    scores: dict[str, float]
    """`val_loss`, `test_loss` and so on."""
    temperature: float | None = None
    """What calibrates the network; None if it was not to be found."""


class HeldOut:
    """The parts of the data that are evaluated and not trained on.

    Args:
        network: What is evaluated.
        parts: Inputs, targets and perhaps weights by the prefix of their figures, `val` or `test`;
            None for a part that there is not.
        transform: As for `fit`.
        calibrate: Whether the network's temperature is found by the rows of `val`.

    Attributes:
        parts: The rows by the prefix of their figures, without those that there are not.
        calibrate: As given.

    Raises:
        ValueError: The rows do not fit the network, or it cannot be calibrated.
    """

    def __init__(
        self,
        network: Network,
        parts: Mapping[str, Part | None],
        transform: Transform | None = None,
        *,
        calibrate: bool = False,
    ) -> None:
        self.calibrate = calibrate
        self.parts = {
            name: Examples(network, part[0], part[1], transform, *part[2:])
            for name, part in parts.items()
            if part
        }
        if calibrate and _VALIDATION not in self.parts:
            found = ", ".join(self.parts) or "none"
            raise ValueError(f"`calibrate` needs rows of the part `{_VALIDATION}`; got {found}.")
        if calibrate and not has_probabilities(network.loss):
            name = type(network.loss).__name__
            raise ValueError(f"`calibrate` needs a loss with probabilities; got {name}.")

    def names(self, metric: Metric) -> list[str]:
        """Returns the names of the figures that are measured."""
        names = [f"{part}_{figure}" for part in self.parts for figure in ("loss", metric.name)]
        return [*names, CALIBRATED_LOSS] if self.calibrate else names

    def evaluate(self, network: Network, metric: Metric) -> Measured:
        """Returns the figures of a network, which is not changed."""
        scores: dict[str, float] = {}
        temperature = None
        for name, part in self.parts.items():
            logits = None
            if self.calibrate and name == _VALIDATION:
                logits = np.empty((len(part), network.outputs), network.dtype)
            loss, score = evaluate_examples(network, part, metric, logits_out=logits)
            scores |= {f"{name}_loss": loss, f"{name}_{metric.name}": score}
            if logits is not None:
                rows = network.loss, logits, part.targets, part.weights
                temperature = find_temperature(*rows)
                scores[CALIBRATED_LOSS] = loss_at(temperature, *rows)
        return Measured(scores, temperature)
