"""Random points: each by itself, evenly over each range."""

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.samplers.base import Observation
from nnscratch.search.samplers.random import RandomSampler
from nnscratch.search.space import Space

SPACE = Space(
    {"dropout": RangeSettings(uniform=[0.0, 0.5]), "epochs": RangeSettings(integers=[1, 4])}
)


def test_a_point_depends_on_the_seed_and_its_number_alone() -> None:
    told = [Observation({"dropout": 0.1, "epochs": 1}, 1.0, 1)]
    first = RandomSampler(SPACE, 3).suggest(7, [])
    assert first == RandomSampler(SPACE, 3).suggest(7, told)
    assert first != RandomSampler(SPACE, 3).suggest(8, [])
    assert first != RandomSampler(SPACE, 4).suggest(7, [])


def test_all_values_are_as_likely() -> None:
    points = [RandomSampler(SPACE, 0).suggest(number, []) for number in range(1, 1001)]
    counts = [sum(p["epochs"] == epochs for p in points) for epochs in (1, 2, 3, 4)]
    # Four standard deviations of a binomial of 1000 and a quarter: 4 · √(1000 · 3/16) = 55.
    assert all(abs(count - 250) <= 55 for count in counts)
    # The mean of 1000 draws from 0 to 0.5: 0.25, four times its deviation 0.5 / √12000.
    assert abs(sum(p["dropout"] for p in points) / 1000 - 0.25) <= 0.018
