"""Gradients of a run's loss on some of its training rows, before training and after it."""

import numpy as np

from nnscratch.data.sampling import sample
from nnscratch.experiment.prepare import build_network
from nnscratch.model.model import Model
from nnscratch.nn.inspection.trace import trace
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import INITIAL

_ROWS = 1000


def find_gradients(run: PlottedRun, network: Network) -> tuple[dict[str, Array], int]:
    """Returns the gradient of the mean loss for each kernel, and how many rows it is the mean of.

    Args:
        run: Names the rows, and how they reach the network.
        network: Of the run's shape; its `grads` are filled.
    """
    model = run.single
    # Drawn at random, since many tables are sorted by class.
    split = sample(run.dataset.splits["train"], _ROWS, seed=0)
    inputs = run.model.table_for(run.member - 1, split.inputs)
    with np.errstate(all="ignore"):
        trace(network, model.transform(inputs), model.encode(split.targets))
    kernels = [name for name in network.params if name.endswith(".kernel")]
    return {name: network.grads[name].copy() for name in kernels}, len(split)


def first_network(run: PlottedRun) -> Network:
    """Returns the network of a run as it was before its first epoch.

    Raises:
        NNScratchError: The weights that it began with, another run's, cannot be read.
    """
    if run.has_directory and (run.directory / INITIAL).exists():
        return Model.load(run.directory / INITIAL).network
    model = run.single
    config = run.experiment.config if run.experiment else run.config
    return build_network(
        config, model.preprocessing, model.encoding, model.network.numeric_embedding
    )
