"""A warm start: training that begins with the weights of another network."""

from nnscratch.errors import UsageError
from nnscratch.nn.embeddings.piecewise_linear import PiecewiseLinear
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Shapes


def begin_with(network: Network, other: Network) -> None:
    """Copies the weights of another network of the same shape into `network`.

    Raises:
        UsageError: Its shape is another one.
    """
    ours, theirs = _shapes(network), _shapes(other)
    for name in {**ours, **theirs}:
        here = ours.get(name, "missing")
        there = theirs.get(name, "missing")
        if here != there:
            rule = f"{name} is {there} there and {here} here"
            raise UsageError(f"the weights to begin with are of another shape: {rule}")
    network.weights[:] = other.weights


def _shapes(network: Network) -> Shapes:
    arrays = {**network.params, **network.statistics}
    shapes = {name: array.shape for name, array in arrays.items()}
    if isinstance(network.numeric_embedding, PiecewiseLinear):
        # Of each column: two networks may have as many in all for others.
        shapes["embedding.pieces"] = network.numeric_embedding.pieces
    return shapes
