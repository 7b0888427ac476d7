"""The importances of settings whose effect is known."""

from math import inf

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.importance import importances
from nnscratch.search.samplers.random import RandomSampler
from nnscratch.search.space import Space
from nnscratch.search.trial import Result, Trial

SPACE = Space(
    {
        "learning_rate": RangeSettings(log_uniform=[1e-4, 1.0]),
        "l1": RangeSettings(uniform=[0.0, 1.0]),
        "optimizer": RangeSettings(choice=["adam", "sgd"]),
        "optimizer.momentum": RangeSettings(uniform=[0.0, 0.9], when={"optimizer": "sgd"}),
    }
)


def trials(count: int) -> list[Trial]:
    """Returns trials whose cost is ten parts the learning rate, one part the optimizer."""
    found = []
    for number in range(1, count + 1):
        point = RandomSampler(SPACE, 0).suggest(number, [])
        cost = 10 * point["learning_rate"] + (point["optimizer"] == "sgd")
        result = Result(order=number, epochs=1, cost=cost, is_whole=True)
        found.append(Trial(number=number, point=point, told=0, results={0: result}))
    return found


def test_what_matters_most_has_the_largest_share() -> None:
    shares = importances(SPACE, trials(60))
    assert shares
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert max(shares, key=lambda key: shares[key]) == "learning_rate"
    assert shares["l1"] < 0.1
    assert importances(SPACE, trials(60)) == shares  # the same each time


def test_few_trials_say_nothing() -> None:
    assert importances(SPACE, trials(7)) is None


def test_trials_that_failed_or_are_all_alike_say_nothing() -> None:
    failed = trials(20)
    for trial in failed:
        trial.results[0] = trial.results[0].model_copy(update={"cost": inf})
    assert importances(SPACE, failed) is None
    for trial in failed:
        trial.results[0] = trial.results[0].model_copy(update={"cost": 1.0})
    assert importances(SPACE, failed) is None
