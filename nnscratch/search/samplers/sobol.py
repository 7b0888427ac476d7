"""A Sobol sequence, scrambled: points that are spread more evenly than random ones.

Sobol 1967; scrambled as by Owen 1998.
"""

import warnings
from collections.abc import Sequence
from typing import Any

from nnscratch.search.samplers.base import Observation, Sampler


class SobolSampler(Sampler):
    """Takes the points of the sequence one by one."""

    def suggest(self, number: int, finished: Sequence[Observation]) -> dict[str, Any]:
        from scipy.stats.qmc import Sobol

        sequence = Sobol(len(self.space.keys), scramble=True, rng=self.seed)
        if number > 1:  # SciPy counts on it
            sequence.fast_forward(number - 1)
        with warnings.catch_warnings():
            # It would rather have a power of two of them at once.
            warnings.simplefilter("ignore", UserWarning)
            return self.space.point_at(sequence.random(1)[0].tolist())
