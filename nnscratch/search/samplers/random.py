"""Random search: each point is drawn by itself, whatever the others have shown.

Bergstra and Bengio 2012, "Random search for hyper-parameter optimization".
"""

from collections.abc import Sequence
from typing import Any

from nnscratch.nn.randomness import Purpose, generator
from nnscratch.search.samplers.base import Observation, Sampler


class RandomSampler(Sampler):
    """Draws the share of the way through each range from a uniform distribution."""

    def suggest(self, number: int, finished: Sequence[Observation]) -> dict[str, Any]:
        random = generator(self.seed, Purpose.SEARCH, number)
        return self.space.point_at(random.random(len(self.space.keys)).tolist())
