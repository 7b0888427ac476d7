"""Optuna's estimator, asked so that nothing but seed and history decides."""

from math import inf, log10
from typing import Any

import pytest

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.samplers.base import Observation, Sampler
from nnscratch.search.samplers.random import RandomSampler
from nnscratch.search.space import Space

pytest.importorskip("optuna", reason="needs Optuna: pip install -e '.[search]'")

from nnscratch.search.samplers.tpe import TpeSampler

SPACE = Space(
    {
        "learning_rate": RangeSettings(log_uniform=[1e-5, 1.0]),
        "architecture": RangeSettings(choice=[[8], [16, 8], []]),
        "optimizer": RangeSettings(choice=["adam", "sgd"]),
        "optimizer.momentum": RangeSettings(uniform=[0.0, 0.9], when={"optimizer": "sgd"}),
        "epochs": RangeSettings(integers=[1, 9]),
    }
)


def cost(point: dict[str, Any]) -> float:
    """Least at a learning rate of 0.01 and five epochs with adam and no hidden layer."""
    return float(
        (log10(point["learning_rate"]) + 2) ** 2
        + abs(point["epochs"] - 5)
        + len(point["architecture"])
        + point.get("optimizer.momentum", -1.0)
    )


def search(sampler: Sampler, trials: int) -> list[Observation]:
    told: list[Observation] = []
    for number in range(1, trials + 1):
        point = sampler.suggest(number, told)
        assert point is not None
        told.append(Observation(point, cost(point), 9))
    return told


def test_a_point_depends_on_the_seed_and_what_is_told_alone() -> None:
    told = search(TpeSampler(SPACE, 1), 15)
    sampler = TpeSampler(SPACE, 1)
    sampler.suggest(3, told)  # being asked for another one changes nothing
    assert sampler.suggest(16, told) == TpeSampler(SPACE, 1).suggest(16, list(told))
    assert sampler.suggest(16, told) != TpeSampler(SPACE, 2).suggest(16, told)
    assert sampler.suggest(16, told) != sampler.suggest(16, told[:12])


def test_it_finds_better_points_than_chance() -> None:
    ours = min(observation.cost for observation in search(TpeSampler(SPACE, 0), 60))
    chance = [
        min(observation.cost for observation in search(RandomSampler(SPACE, seed), 60))
        for seed in range(5)
    ]
    assert ours < min(chance)


def test_all_values_lie_in_their_ranges() -> None:
    for observation in search(TpeSampler(SPACE, 5), 20):
        point = observation.point
        assert point["architecture"] in ([8], [16, 8], [])
        assert 1e-5 <= point["learning_rate"] <= 1.0
        assert point["epochs"] in range(1, 10)
        assert ("optimizer.momentum" in point) == (point["optimizer"] == "sgd")


def test_it_keeps_away_from_what_failed() -> None:
    space = Space({"optimizer": RangeSettings(choice=["adam", "sgd"])})
    told = [Observation({"optimizer": "sgd"}, inf, 0)] * 10
    told += [Observation({"optimizer": "adam"}, 1.0, 9)] * 10
    chosen = [TpeSampler(space, 0).suggest(number, told) for number in range(21, 41)]
    assert chosen.count({"optimizer": "adam"}) > 15


def test_it_takes_trials_that_were_stopped_early() -> None:
    told = search(TpeSampler(SPACE, 1), 12)
    early = [Observation(o.point, o.cost, 3, is_whole=False) for o in told]
    assert TpeSampler(SPACE, 1).suggest(13, early)
