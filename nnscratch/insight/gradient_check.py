"""The gradients of an experiment's network, compared with finite differences."""

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.experiment import Experiment
from nnscratch.experiment.optimization import build_penalty
from nnscratch.nn.inspection.gradcheck import TensorCheck, check_gradients

# How far the weights are moved from where they start.
_DISTANCE = 0.01


def check_backpropagation(experiment: Experiment, *, rows: int, most: int) -> list[TensorCheck]:
    """Compares backpropagation with finite differences, close to the initial weights.

    Args:
        experiment: Of dtype float64; the weights of its network are changed a little.
        rows: How many rows of the training part to compute with.
        most: As for `check_gradients`.

    Raises:
        UsageError: The network has batch normalization, and there is only one row.
    """
    config = experiment.config
    model = experiment.model
    if model.network.mixes_rows and rows < 2:
        raise UsageError("batch_norm needs at least 2 rows to compute a variance")
    split = experiment.dataset.splits["train"]
    params = model.network.params.flat
    # With biases and inputs of 0 a relu is at its kink, where it has no derivative.
    params += np.random.default_rng(config.seed).normal(scale=_DISTANCE, size=params.size)
    return check_gradients(
        model.network,
        model.transform(split.inputs[:rows]),
        model.encoding.encode(split.targets[:rows]),
        penalty=build_penalty(config),
        most=most,
    )
