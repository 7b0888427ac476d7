"""The Sobol sequence, against SciPy's own, drawn all at once."""

from scipy.stats.qmc import Sobol

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.samplers.sobol import SobolSampler
from nnscratch.search.space import Space

SPACE = Space(
    {"dropout": RangeSettings(uniform=[0.0, 1.0]), "l1": RangeSettings(uniform=[0.0, 1.0])}
)


def test_the_points_are_those_of_the_sequence() -> None:
    expected = Sobol(2, scramble=True, rng=5).random(16)
    for number in (1, 2, 16):
        point = SobolSampler(SPACE, 5).suggest(number, [])
        assert [point[key] for key in SPACE.keys] == expected[number - 1].tolist()


def test_they_are_spread_evenly() -> None:
    points = [SobolSampler(SPACE, 1).suggest(number, []) for number in range(1, 17)]
    # A net: each of 16 cells of a quarter by a quarter has one point.
    assert len({(int(4 * p["dropout"]), int(4 * p["l1"])) for p in points}) == 16
