"""Backpropagation of an experiment's network against finite differences."""

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.experiment import Experiment
from nnscratch.nn.inspection.gradcheck import TensorCheck, check_gradients
from nnscratch.nn.training.penalties import Penalty

_MOVE = 0.01


def check_backpropagation(experiment: Experiment, *, rows: int, most: int) -> list[TensorCheck]:
    """Compares the network's gradients with differences, near its first weights.

    Args:
        experiment: Of dtype float64; its network is moved a little.
        rows: Of the training part, to compute with.
        most: As for `check_gradients`.

    Raises:
        UsageError: Batch normalization is asked for with one row.
    """
    config, model = experiment.config, experiment.model
    if model.network.mixes_rows and rows < 2:
        raise UsageError("batch_norm needs at least 2 rows, of which the variance is taken")
    split, params = experiment.dataset.splits["train"], model.network.params.flat
    # Where all biases are 0 and so is an input, a relu sits on its kink, where it has no slope.
    params += np.random.default_rng(config.seed).normal(scale=_MOVE, size=params.size)
    return check_gradients(
        model.network,
        model.transform(split.inputs[:rows]),
        model.encoding.encode(split.targets[:rows]),
        penalty=Penalty(config.l1, config.l2),
        most=most,
    )
