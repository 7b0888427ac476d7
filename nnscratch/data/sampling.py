"""Rows drawn from a part of the data, where a few of them tell as much as all."""

from nnscratch.data.dataset import Split
from nnscratch.nn.randomness import Purpose, generator


def sample(split: Split, most: int, seed: int) -> Split:
    """Returns so many rows at most, in random order, since many tables lie class by class."""
    rows = generator(seed, Purpose.SHUFFLE).permutation(len(split))[:most]
    return Split(split.inputs[rows], split.targets[rows])


def thin(split: Split, most: int) -> Split:
    """Returns all rows in their order; or so many drawn at random, the same each time."""
    return split if len(split) <= most else sample(split, most, seed=0)
