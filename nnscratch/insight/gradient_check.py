"""Checks the backpropagation of an experiment's network against finite differences."""

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.experiment import Experiment
from nnscratch.nn.inspection.gradcheck import TensorCheck, check_gradients
from nnscratch.nn.training.penalties import Penalty

# The standard deviation of what is added to each parameter.
_PERTURBATION = 0.01


def check_backpropagation(experiment: Experiment, *, rows: int, most: int) -> list[TensorCheck]:
    """Compares the gradients of the network with finite differences, near its initial weights.

    Args:
        experiment: Of dtype float64. The parameters of its network are changed a little.
        rows: How many rows of the training split to compute with.
        most: How many elements of each parameter to compare at most.

    Raises:
        UsageError: One row is given, and the network has batch normalization.
    """
    config, model = experiment.config, experiment.model
    if model.network.mixes_rows and rows < 2:
        raise UsageError("batch_norm needs at least 2 rows to take a variance of")
    split = experiment.dataset.splits["train"]
    params = model.network.params.flat
    # With all biases 0 and an input of 0, relu would be at its kink, where it has no derivative.
    rng = np.random.default_rng(config.seed)
    params += rng.normal(scale=_PERTURBATION, size=params.size)
    return check_gradients(
        model.network,
        model.transform(split.inputs[:rows]),
        model.encoding.encode(split.targets[:rows]),
        penalty=Penalty(config.l1, config.l2),
        most=most,
    )
