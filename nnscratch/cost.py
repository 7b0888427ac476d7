"""What a training takes, before it is begun: memory, and multiplications."""

from dataclasses import dataclass

from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create
from nnscratch.preparation import Experiment


@dataclass(frozen=True)
class Cost:
    """What a training takes.

    Attributes:
        parameters: The numbers that are learnt.
        memory: Bytes for weights and gradients, for what the optimizer and an average keep, and
            for the copies that an epoch can be taken back to and the best one can be kept in.
        batch: Rows in a step.
        batch_memory: About as many bytes for what goes through the layers in a step.
        predicting: Multiply-adds of the matrix products for an example, forward.
        training: The same with the way back.
    """

    parameters: int
    memory: int
    batch: int
    batch_memory: int
    predicting: int
    training: int


def cost(experiment: Experiment) -> Cost:
    """Returns what the experiment's training takes."""
    config, network = experiment.config, experiment.model.network
    rows = len(experiment.dataset.splits["train"])
    batch = rows if config.batch_size == "full" else min(config.batch_size, rows)
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    optimizer.prepare(network.params.flat)
    kept = sum(array.nbytes for array in optimizer.state.values())
    kept += 2 * network.weights.nbytes if config.average else 0
    best = network.weights.nbytes if "validation" in experiment.dataset.splits else 0
    first, *others = (dense.kernel.size for dense in network.dense)
    widths = [network.inputs, *(row.units for row in network.summary())]
    return Cost(
        parameters=network.params.flat.size,
        # What is kept is copied before each epoch, and so are the weights.
        memory=2 * (network.weights.nbytes + kept) + network.grads.flat.nbytes + best,
        batch=batch,
        # Each layer has an output and the gradient of its input.
        batch_memory=2 * batch * sum(widths) * network.dtype.itemsize,
        predicting=first + sum(others),
        # The inputs' own gradient is not needed, so the first layer has two products of three.
        training=2 * first + 3 * sum(others),
    )
