"""A tree-structured Parzen estimator: near what was good so far, and far from what was bad.

Bergstra et al. 2011, "Algorithms for hyper-parameter optimization". The estimator is Optuna's. It
is made anew for each point, so that a point depends on nothing but the seed and what it is told.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nnscratch.config.settings.search import RangeSettings
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.search.samplers.base import Observation, Sampler

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial, Trial


class TpeSampler(Sampler):
    """Asks Optuna, which forgets everything afterwards; nothing of it is stored."""

    def suggest(self, number: int, finished: Sequence[Observation]) -> dict[str, Any]:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        seed = int(generator(self.seed, Purpose.SEARCH, number).integers(2**32))
        sampler = optuna.samplers.TPESampler(seed=seed)
        study = optuna.create_study(sampler=sampler)
        study.add_trials([self._told(observation) for observation in finished])
        trial = study.ask()
        point: dict[str, Any] = {}
        for key in self.space.keys:
            if self.space.is_active(key, point):
                point[key] = _ask(trial, key, self.space.ranges[key])
        return point

    def _told(self, observation: Observation) -> "FrozenTrial":
        from optuna.trial import TrialState, create_trial

        values = dict(observation.point)
        for key, value in observation.point.items():
            spread = self.space.ranges[key]
            if spread.kind == "choice":
                values[key] = spread.limits.index(value)
        distributions = {key: _distribution(self.space.ranges[key]) for key in values}
        if observation.is_whole:
            return create_trial(value=observation.cost, params=values, distributions=distributions)
        return create_trial(
            state=TrialState.PRUNED,
            params=values,
            distributions=distributions,
            intermediate_values={observation.epochs: observation.cost},
        )


def _ask(trial: "Trial", key: str, spread: RangeSettings) -> Any:
    low, high = spread.limits[0], spread.limits[-1]
    match spread.kind:
        case "choice":
            # A choice may be a list or a mapping, so Optuna is told its number.
            return spread.limits[trial.suggest_categorical(key, range(len(spread.limits)))]
        case "integers":
            return trial.suggest_int(key, low, high)
    return trial.suggest_float(key, low, high, log=spread.kind == "log_uniform")


def _distribution(spread: RangeSettings) -> "BaseDistribution":
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    limits = spread.limits
    if spread.kind == "choice":
        return CategoricalDistribution(range(len(limits)))
    if spread.kind == "integers":
        return IntDistribution(limits[0], limits[1])
    return FloatDistribution(limits[0], limits[1], log=spread.kind == "log_uniform")
