"""The trials of a search, in memory and on disk."""

from math import inf
from pathlib import Path
from typing import Any

from nnscratch.config.reading.search_space import Values
from nnscratch.search.samplers.base import Observation
from nnscratch.search.space import identity
from nnscratch.search.trial import Result, Trial, read_trials, write_trial


class Ledger:
    """All trials that have begun.

    Args:
        search: The directory of the search, whose trials are read.

    Attributes:
        trials: By their numbers; 0 is the config itself.

    Raises:
        RunError: A trial.json is damaged.
    """

    def __init__(self, search: Path) -> None:
        self._search = search
        self.trials = read_trials(search)
        self._first = {identity(t.point): t for t in self.searched if t.same_as is None}

    @property
    def searched(self) -> list[Trial]:
        """The trials that the sampler suggested."""
        return self.trials[1:]

    @property
    def own(self) -> list[Trial]:
        """Those of them that have a point of their own."""
        return [trial for trial in self.searched if trial.same_as is None]

    @property
    def best(self) -> Trial | None:
        """The best trial that has trained to its end."""
        able = [t for t in self.own if t.last and t.last.is_whole and not t.is_failed]
        return min(able, key=lambda t: (t.last.cost if t.last else inf, t.number), default=None)

    @property
    def results(self) -> int:
        """How many results there are."""
        return sum(len(trial.results) for trial in self.trials)

    def original_of(self, trial: Trial) -> Trial:
        """Returns the first trial with the same point."""
        return trial if trial.same_as is None else self.trials[trial.same_as]

    def result_of(self, trial: Trial) -> Result | None:
        """Returns the last result of a trial, or of the first one with the same point."""
        return self.original_of(trial).last

    def observations(self) -> list[Observation]:
        """Returns what the sampler is told, in the order in which it became known."""
        known = [(trial.last.order, trial) for trial in self.own if trial.last]
        return [trial.observation() for _, trial in sorted(known, key=lambda pair: pair[0])]

    def begin(self, point: Values) -> Trial:
        """Returns a new trial, which is on disk before it trains.

        Raises:
            OSError: It cannot be written.
        """
        values: dict[str, Any] = dict(point)
        first = self._first.get(identity(values)) if self.trials else None
        trial = Trial(
            number=len(self.trials),
            point=values,
            told=self.results,
            same_as=first.number if first else None,
        )
        write_trial(self._search, trial)
        if self.trials and first is None:
            self._first[identity(values)] = trial
        self.trials.append(trial)
        return trial

    def add(self, trial: Trial, rung: int, result: Result) -> None:
        """Adds a result to a trial, here and on disk.

        Raises:
            OSError: It cannot be written.
        """
        trial.results[rung] = result
        write_trial(self._search, trial)
