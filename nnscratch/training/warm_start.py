"""A warm start: training that begins with the weights of another network."""

from nnscratch.errors import UsageError
from nnscratch.nn.network import Network


def begin_with(network: Network, other: Network) -> None:
    """Copies the weights of another network of the same shape into `network`.

    Raises:
        UsageError: Its shape is another one.
    """
    ours = {**network.params, **network.statistics}
    theirs = {**other.params, **other.statistics}
    for name in {**ours, **theirs}:
        here = ours[name].shape if name in ours else "missing"
        there = theirs[name].shape if name in theirs else "missing"
        if here != there:
            rule = f"{name} is {there} there and {here} here"
            raise UsageError(f"the weights to begin with are of another shape: {rule}")
    network.weights[:] = other.weights
