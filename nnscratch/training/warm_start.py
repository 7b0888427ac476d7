"""Warm start: beginning with the weights of another network instead of random ones."""

from nnscratch.errors import UsageError
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


def take_weights(network: Network, other: Network) -> None:
    """Copies the weights of another network of the same shape.

    Raises:
        UsageError: Its shape is another one.
    """
    ours = {**network.params, **network.statistics}
    theirs = {**other.params, **other.statistics}
    for name in [*ours, *theirs]:
        here, there = _shape_text(ours.get(name)), _shape_text(theirs.get(name))
        if here != there:
            raise UsageError(
                f"the weights to begin with do not fit: {name} {there} there and {here} here"
            )
    network.weights[:] = other.weights


def _shape_text(array: Array | None) -> str:
    return "is not" if array is None else f"has the shape {array.shape}"
