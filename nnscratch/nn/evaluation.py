"""The loss and the metric of a network over a set of rows, such as held-out data."""

from numpy.typing import ArrayLike

from nnscratch.nn.examples import Examples, Transform, sum_of
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


def evaluate(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    metric: Metric | None = None,
    transform: Transform | None = None,
    weights: ArrayLike | None = None,
) -> tuple[float, float]:
    """Returns the mean loss and metric of a network over rows.

    Args:
        network: Is not changed.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them.
        metric: By default accuracy or mean absolute error.
        transform: As for `fit`.
        weights: How much each row counts (rows,); all the same unless given.
    """
    examples = Examples(network, inputs, targets, transform, weights)
    return evaluate_examples(network, examples, metric or default_metric(network.loss))


def evaluate_examples(
    network: Network, examples: Examples, metric: Metric, logits_out: Array | None = None
) -> tuple[float, float]:
    """Returns the means of loss and metric over all examples.

    Args:
        network: Is not changed.
        examples: The rows.
        metric: The metric.
        logits_out: Receives the logits (rows, outputs), if it is given.
    """
    total_loss, total_score, done = 0.0, 0.0, 0
    for x, y, w in examples.pieces():
        logits = network.forward(x)
        if logits_out is not None:
            logits_out[done : done + len(x)] = logits
        done += len(x)
        size = len(x) if w is None else sum_of(w)
        total_loss += size * network.loss(logits, y, w)[0]
        total_score += size * metric(logits, y, w)
    return total_loss / examples.size(), total_score / examples.size()
