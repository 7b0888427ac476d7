"""How much each setting mattered to the objective: what a random forest learns of the trials."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.space import Space
from nnscratch.search.trial import Trial

# Of fewer trials a forest learns nothing.
LEAST_TRIALS = 8
# A setting that does not count has a value outside of its range.
_ABSENT = -1.0


def importances(space: Space, trials: Sequence[Trial]) -> dict[str, float] | None:
    """Returns the share of each setting, adding up to 1; None of too few trials, or of equal ones.

    The trials are compared after as many epochs, the first that are known of all of them, by their
    ranks: a loss that is far too high says no more than one that is high.
    """
    from sklearn.ensemble import RandomForestRegressor

    known = [(t, t.results[0].cost) for t in trials if 0 in t.results]
    able = [(trial, cost) for trial, cost in known if isfinite(cost)]
    if len(able) < LEAST_TRIALS:
        return None
    costs = np.array([cost for _, cost in able])
    ranks = np.unique(costs, return_inverse=True)[1].astype(float)
    inputs = np.array([_positions(space, trial) for trial, _ in able])
    forest = RandomForestRegressor(200, random_state=0).fit(inputs, ranks)
    shares = forest.feature_importances_.tolist()
    return dict(zip(space.keys, shares, strict=True)) if sum(shares) > 0 else None


def _positions(space: Space, trial: Trial) -> list[float]:
    """Returns how far through its range each value of a trial is."""
    return [
        _position(space.ranges[key], trial.point[key]) if key in trial.point else _ABSENT
        for key in space.keys
    ]


def _position(spread: RangeSettings, value: object) -> float:
    limits = spread.limits
    if spread.kind == "choice":
        return float(limits.index(value))
    low, high, here = map(float, (limits[0], limits[-1], value))
    if spread.kind == "log_uniform":
        low, high, here = (float(np.log(number)) for number in (low, high, here))
    return (here - low) / (high - low)
