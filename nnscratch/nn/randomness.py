"""Random numbers as a pure function of (seed, purpose, epoch).

No generator is carried from one epoch to the next, so a training run that is resumed after an
epoch draws the same numbers as one that never stopped.
"""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What random numbers are drawn for; each purpose has a stream of its own."""

    INITIALIZE = 0
    SHUFFLE = 1
    SPLIT = 2
    DATA = 3
    DROPOUT = 4
    SEARCH = 5


def generator(seed: int, purpose: Purpose, epoch: int = 0) -> np.random.Generator:
    """Returns the generator for one purpose in one epoch.

    Args:
        seed: The run's seed, at least 0.
        purpose: What the numbers are for.
        epoch: Counted from 1; 0 for what happens once, before the first epoch.
    """
    return np.random.default_rng([seed, purpose, epoch])
