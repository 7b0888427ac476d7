"""Successive halving: many trials begin, and only the best third trains on, again and again.

A trial goes on as soon as it is among the best third of those that have come as far, so no worker
waits for the slowest trial. Li et al. 2020, "A system for massively parallel hyperparameter
tuning".
"""

from collections.abc import Collection, Sequence
from math import inf, isfinite

from nnscratch.search.trial import Trial

FACTOR = 3
_MOST_RUNGS = 3


def rungs(epochs: int) -> list[int]:
    """Returns after how many epochs it is decided which trials train on; the last is the end."""
    found = [-(-epochs // FACTOR**i) for i in range(_MOST_RUNGS)]
    return sorted(set(found))


def find_promotion(
    trials: Sequence[Trial], top: int, busy: Collection[int], *, is_filling: bool
) -> tuple[Trial, int] | None:
    """Returns the trial to train on next and the rung to train to; None if no one deserves it.

    Args:
        trials: All that have begun, but for the config itself.
        top: The last rung, counted from 0.
        busy: The numbers of the trials that are training.
        is_filling: Whether more trials may begin. When none does, at least one trains to the end.
    """
    for rung in range(top - 1, -1, -1):
        ranked = _ranked(trials, rung)
        reached = [trial for trial in trials if rung in trial.results]
        for trial in ranked[: len(reached) // FACTOR]:
            if rung + 1 not in trial.results and trial.number not in busy:
                return trial, rung + 1
    if is_filling or busy or any(top in trial.results for trial in trials):
        return None
    for rung in range(top - 1, -1, -1):
        for trial in _ranked(trials, rung):
            if rung + 1 not in trial.results:
                return trial, rung + 1
    return None


def _ranked(trials: Sequence[Trial], rung: int) -> list[Trial]:
    """Returns the trials that have come to a rung, the best first, without those that failed."""
    costs = {trial.number: trial.results[rung].cost for trial in trials if rung in trial.results}
    able = [trial for trial in trials if isfinite(costs.get(trial.number, inf))]
    return sorted(able, key=lambda trial: (costs[trial.number], trial.number))
