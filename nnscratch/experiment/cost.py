"""What a training takes, before it is begun: memory, and multiplications."""

from dataclasses import dataclass

from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.network import ROWS_AT_ONCE
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create


@dataclass(frozen=True)
class Cost:
    """What a training takes.

    Attributes:
        parameters: The numbers that are learnt.
        memory: Bytes beside the data: for weights and gradients, for what the optimizer and an
            average keep, and for the copies that an epoch can be taken back to and the best one can
            be kept in.
        rows: So many go through the layers at once, in a step or to be evaluated.
        rows_memory: About as many bytes for that.
        predicting: Multiply-adds of the matrix products for an example, forward.
        training: The same with the way back.
    """

    parameters: int
    memory: int
    rows: int
    rows_memory: int
    predicting: int
    training: int


def cost(experiment: Experiment) -> Cost:
    """Returns what the experiment's training takes."""
    config, network = experiment.config, experiment.model.network
    splits = experiment.dataset.splits
    rows = len(splits["train"])
    batch = config.rows_per_step(rows)
    # A large step takes its rows in pieces, unless it needs them all at once.
    at_once = batch if network.mixes_rows else min(batch, ROWS_AT_ONCE)
    held_out = max((len(split) for name, split in splits.items() if name != "train"), default=0)
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    optimizer.prepare(network.params.flat)
    kept = sum(array.nbytes for array in optimizer.state.values())
    kept += 2 * network.weights.nbytes if config.average else 0
    best = network.weights.nbytes if config.early_stopping or "validation" in splits else 0
    first, *others = (dense.kernel.size for dense in network.dense)
    widths = [network.inputs, *(row.units for row in network.summary())]
    row = sum(widths) * network.dtype.itemsize
    # Each layer has an output and, in training, the gradient of its input.
    evaluated = min(held_out, ROWS_AT_ONCE)
    rows_memory, rows_through = max((2 * at_once * row, at_once), (evaluated * row, evaluated))
    return Cost(
        parameters=network.params.flat.size,
        # What is kept is copied before each epoch, and so are the weights.
        memory=2 * (network.weights.nbytes + kept) + network.grads.flat.nbytes + best,
        rows=rows_through,
        rows_memory=rows_memory,
        predicting=first + sum(others),
        # The inputs' own gradient is not needed, so the first layer has two products of three.
        training=2 * first + 3 * sum(others),
    )
