"""The grid: every point once, in order, and then none."""

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.samplers.grid import GridSampler
from nnscratch.search.space import Space


def test_every_point_once_and_then_none() -> None:
    space = Space({"l1": RangeSettings(choice=[0, 1]), "epochs": RangeSettings(integers=[1, 3])})
    sampler = GridSampler(space, 0)
    points = [sampler.suggest(number, []) for number in range(1, 8)]
    expected = [{"l1": l1, "epochs": epochs} for l1 in (0, 1) for epochs in (1, 2, 3)]
    assert points == [*expected, None]
