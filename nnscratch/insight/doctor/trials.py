"""Trials: what is advised is tried before, on a few rows, from the same seed.

A change is advised only if the rows are memorized sooner with it, or the loss falls much further.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from time import perf_counter
from typing import Any

from nnscratch.config import Config
from nnscratch.errors import NNScratchError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.formatting import number, plural
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.insight.doctor.memorizing import Memorization, choose_rows, memorize

# For each change, and for all of them.
_MAX_SECONDS_OF_ONE = 1.5
_MAX_SECONDS_OF_ALL = 8.0
# Sooner is with at most this share of the steps, further with at most this share of the loss.
_SOONER = 0.8
_FURTHER = 0.5


class Trials:
    """Tries settings on the same few rows, each once.

    Args:
        first: Has the rows to choose from.
    """

    def __init__(self, first: FirstPass) -> None:
        self.first = first
        self.rows = choose_rows(first)
        self._results: dict[str, Memorization | None] = {}
        self._seconds_left = _MAX_SECONDS_OF_ALL

    @property
    def possible(self) -> bool:
        """Whether there are enough rows: a single one leaves nothing to normalize by."""
        return len(self.rows) > 1 or not self.first.network.mixes_rows

    @cached_property
    def base(self) -> Memorization:
        """How the config itself does."""
        return memorize(self.first.experiment, self.first.x[self.rows], self.first.y[self.rows])

    def attempt(self, change: str) -> Memorization | None:
        """Returns how a change such as `learning_rate: 0.1` does.

        It is None if the change alters nothing or does not fit the rest, or if time is up.
        """
        if change not in self._results:
            started = perf_counter()
            self._results[change] = self._try(change) if self._seconds_left > 0 else None
            self._seconds_left -= perf_counter() - started
        return self._results[change]

    def is_better(self, other: Memorization) -> bool:
        """Returns whether a result is clearly better than the config's own."""
        base = self.base
        if base.succeeded or other.succeeded:
            return other.succeeded and not (base.succeeded and other.steps > _SOONER * base.steps)
        return not other.diverged and (base.diverged or other.last < _FURTHER * base.last)

    def advise(self, changes: Iterable[str]) -> str:
        """Returns the change that does best, and how; empty if none does better."""
        results = {change: self.attempt(change) for change in changes}
        better = {c: result for c, result in results.items() if result and self.is_better(result)}
        if not better:
            return ""
        best = min(better, key=lambda c: (not better[c].succeeded, better[c].effort))
        result, steps = better[best], plural(better[best].steps, "step")
        if not result.succeeded:
            return f"{best} does better: the loss is {number(result.last)} after {steps}"
        instead = f" instead of {self.base.steps:,}" if self.base.succeeded else ""
        return f"{best} memorizes {self.name_rows()} in {steps}{instead}"

    def complete(self, finding: Finding) -> Finding:
        """Returns a finding whose changes are tried: with the best of them as its remedy.

        If the config does as well without them, it is no longer worth a look.
        """
        if not finding.changes or not self.possible:
            return replace(finding, changes=())
        best = self.advise(finding.changes)
        if best:
            return replace(finding, remedy=best, changes=())
        tried = [change for change in finding.changes if self.attempt(change)]
        if self.base.succeeded and finding.level == "look":
            known = f"; all the same, {self.name_rows()} are memorized"
            known += f", and no sooner with {' or '.join(tried)}" if tried else ""
            return Finding(f"{finding.rule}{known}")
        remedies = []
        if tried:
            remedies.append(f"tried on {self.name_rows()} without success: {', '.join(tried)}")
        if finding.remedy:
            remedies.append(f"try {finding.remedy}")
        return replace(finding, remedy="; ".join(remedies), changes=())

    def name_rows(self) -> str:
        """Returns `32 rows`."""
        return plural(len(self.rows), "row")

    def _try(self, change: str) -> Memorization | None:
        try:
            other = changed(self.first.experiment, change)
            return None if other.config == self.first.config else self._memorize(other)
        except (NNScratchError, ValueError):
            return None

    def _memorize(self, other: Experiment) -> Memorization:
        part = self.first.rows
        x = other.model.transform(part.inputs[self.rows])
        y = other.model.encode(part.targets[self.rows])
        seconds = min(_MAX_SECONDS_OF_ONE, self._seconds_left)
        # With more steps it would be no better.
        steps = self.base.steps if self.base.succeeded else None
        return memorize(other, x, y, steps=steps, seconds=seconds)


def changed(experiment: Experiment, change: str) -> Experiment:
    """Returns an experiment with another setting, such as `initializer: auto`, on the same data.

    Raises:
        NNScratchError: The setting does not fit the others.
        ValueError: It is no setting.
    """
    key, value = change.split(": ", 1)
    settings = experiment.config.to_dict()
    outer, _, inner = key.rpartition(".")
    (settings[outer] if outer else settings)[inner] = _read(value)
    config = Config.model_validate(settings)
    known = None if outer else experiment.model.preprocessing
    return prepare(config, dataset=experiment.dataset, preprocessing=known)


def _read(value: str) -> Any:
    """Returns a number, a list, true or false, and anything else as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value
