"""What training costs, estimated before it starts: memory and multiply-adds."""

from dataclasses import dataclass

from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.optimization import build_optimizer
from nnscratch.nn.embeddings.waves import Waves
from nnscratch.nn.network import ROWS_AT_ONCE


@dataclass(frozen=True)
class TrainingCost:
    """What training costs.

    Attributes:
        parameters: The number of learned numbers.
        memory: Bytes besides the data: weights and gradients, the state of the optimizer and of an
            average, the copies to which an epoch can be undone and the best one kept, and the
            logits of the validation rows by which the network is calibrated.
        rows: The largest number of rows that go through the layers at once, to train or evaluate.
        rows_memory: About how many bytes that takes.
        predicting: Multiply-adds of the matrix products for one example, forward.
        training: The same with the backward pass.
    """

    parameters: int
    memory: int
    rows: int
    rows_memory: int
    predicting: int
    training: int


def estimate_cost(experiment: Experiment) -> TrainingCost:
    """Returns what training the experiment's network costs."""
    network = experiment.model.network
    weights = network.weights.nbytes
    state = _state_bytes(experiment)
    validated = "validation" in experiment.dataset.splits
    kept = weights if experiment.config.early_stopping or validated else 0
    if experiment.config.calibrate:
        logits = len(experiment.dataset.splits["validation"]) * network.outputs
        kept += logits * network.dtype.itemsize
    rows, rows_memory = _estimate_rows(experiment)
    first, *others = (dense.kernel.size for dense in network.dense)
    if isinstance(network.numeric_embedding, Waves):
        # A wave takes one multiplication, and another one for each number of the embedding.
        columns, waves, size = network.params["embedding.kernel"].shape
        first, others = columns * waves * (1 + size), [first, *others]
    return TrainingCost(
        parameters=network.params.flat.size,
        # Before each epoch, the weights and the state are copied.
        memory=2 * (weights + state) + network.grads.flat.nbytes + kept,
        rows=rows,
        rows_memory=rows_memory,
        predicting=first + sum(others),
        # The gradient of the inputs is not needed, so the first layer has two products, not three.
        training=2 * first + 3 * sum(others),
    )


def _state_bytes(experiment: Experiment) -> int:
    """Returns the bytes of what the optimizer and an average keep from step to step."""
    config, network = experiment.config, experiment.model.network
    optimizer = build_optimizer(config)
    optimizer.prepare(network.params.flat)
    average = 2 * network.weights.nbytes if config.average else 0
    # The factors, and the parameters before a step.
    factors = network.params.flat.nbytes if config.rate_factors else 0
    return average + factors + sum(array.nbytes for array in optimizer.state.values())


def _estimate_rows(experiment: Experiment) -> tuple[int, int]:
    """Returns how many rows go through the layers at once, and about how many bytes they take."""
    network, splits = experiment.model.network, experiment.dataset.splits
    trained = experiment.batch_rows
    if not network.mixes_rows:
        trained = min(trained, ROWS_AT_ONCE)  # a larger step takes its rows in pieces
    held_out = max((len(split) for name, split in splits.items() if name != "train"), default=0)
    evaluated = min(held_out, ROWS_AT_ONCE)
    widths = [network.inputs, *(layer.units for layer in network.summary())]
    if isinstance(network.numeric_embedding, Waves):
        # The angle and the cosine of each wave.
        widths += 2 * [network.params["embedding.phases"].size]
    row = sum(widths) * network.dtype.itemsize
    # Each layer has an output and, in training, the gradient of its input.
    memory, rows = max((2 * trained * row, trained), (evaluated * row, evaluated))
    return rows, memory
