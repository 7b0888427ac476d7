"""Random samples of a split, for plots and checks that a part of the rows serves as well as all.

The sample depends on the seed alone, so that the same rows are shown each time.
"""

from nnscratch.data.dataset import Split
from nnscratch.nn.randomness import Purpose, generator


def sample(split: Split, most: int, seed: int) -> Split:
    """Returns at most `most` rows in random order, since many tables are sorted by class."""
    rows = generator(seed, Purpose.SHUFFLE).permutation(len(split))[:most]
    return split[rows]


def thin(split: Split, most: int) -> Split:
    """Returns all rows in order if there are at most `most`, else a fixed random sample."""
    return split if len(split) <= most else sample(split, most, seed=0)
