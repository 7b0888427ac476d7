"""What a sampler is: a pure function from a search's seed and its finished trials to a point."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnscratch.config.reading.search_space import Values
from nnscratch.search.space import Space


@dataclass(frozen=True)
class Observation:
    """What a sampler is told of a trial.

    Attributes:
        point: The values that it has.
        cost: The objective, turned so that less is better; infinite if the trial failed.
        epochs: After how many epochs.
        is_whole: Whether it trained to its end.
    """

    point: Values
    cost: float
    epochs: int
    is_whole: bool = True


class Sampler(ABC):
    """Suggests points; the same for the same arguments, whatever it was asked before.

    Args:
        space: Where the points lie.
        seed: At least 0.
    """

    def __init__(self, space: Space, seed: int) -> None:
        self.space = space
        self.seed = seed

    @abstractmethod
    def suggest(self, number: int, finished: Sequence[Observation]) -> dict[str, Any] | None:
        """Returns the point of a trial; None if there are no more.

        Args:
            number: Of the trial, counted from 1.
            finished: What is known of other trials, in the order in which it became known.
        """
