"""What to do about a finding, where several checks recommend the same."""

from collections.abc import Sequence

import numpy as np

from nnscratch.config import Config
from nnscratch.config.settings.datasets import PreparedSettings
from nnscratch.data.columns import ignore_override
from nnscratch.insight.doctor.first_pass import FirstPass

# Inputs and targets beyond these are far from the numbers that a network starts with.
_LARGE_INPUT = 10.0
_LARGE_TARGET = 3.0


def leave_out_columns(config: Config, names: Sequence[str]) -> str:
    """Returns how to leave columns of the data out."""
    settings = config.dataset.model_dump()
    if "ignore" not in settings:
        return "remove from the data"
    if settings["features"]:
        return "remove from dataset.features"
    return f"leave out with {ignore_override([*(settings['ignore'] or []), *names])}"


def has_large_targets(first: FirstPass) -> bool:
    """Returns whether numbers to predict are far from those that a network starts with."""
    return first.y.dtype.kind == "f" and float(np.abs(first.y).max()) > _LARGE_TARGET


def has_sigmoids(config: Config) -> bool:
    """Returns whether a hidden layer's activation is sigmoid, whose slope is a quarter at most."""
    activations = (layer.activation or config.activation for layer in config.architecture)
    return any(activation.name == "sigmoid" for activation in activations)


def shrink_outputs(first: FirstPass) -> str:
    """Returns what to do about outputs of an untrained network that are too large."""
    largest, initializer = float(np.abs(first.x).max()), first.experiment.config.initializer.name
    if largest > _LARGE_INPUT:
        return f"the inputs go up to {largest:.4g}: {_scale(first.experiment.config, 'scaling')}"
    if initializer not in ("auto", "zeros"):
        return f"the first weights are too large: set initializer: auto instead of {initializer}"
    if has_large_targets(first):
        return f"the targets are large: {_scale(first.experiment.config, 'target_scaling')}"
    return "use smaller first weights or narrower layers"


def _scale(config: Config, setting: str) -> str:
    if isinstance(config.dataset, PreparedSettings):
        return f"scale them with dataset.{setting}=standardize"
    return "scale them to about -1 to 1"
