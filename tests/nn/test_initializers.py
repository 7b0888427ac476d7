"""Initial weights: their variance and range against the papers' formulas."""

import numpy as np
import pytest

from nnscratch.nn.initializers import INITIALIZERS, Normal, Uniform, Zeros
from nnscratch.nn.registry import create

IN, UNITS = 300, 500  # 150,000 draws: a variance is known to about 0.4 % (one standard error)
VARIANCES = {
    "lecun_normal": 1 / IN,
    "lecun_uniform": 1 / IN,
    "glorot_normal": 2 / (IN + UNITS),
    "glorot_uniform": 2 / (IN + UNITS),
    "he_normal": 2 / IN,
    "he_uniform": 2 / IN,
}


@pytest.mark.parametrize(("name", "variance"), VARIANCES.items())
def test_the_variance_is_the_papers(name: str, variance: float) -> None:
    kernel = create(INITIALIZERS, name)(np.random.default_rng(0), (IN, UNITS))
    assert kernel.shape == (IN, UNITS)
    assert kernel.var() == pytest.approx(variance, rel=0.02)
    assert kernel.mean() == pytest.approx(0, abs=5 * (variance / kernel.size) ** 0.5)
    limit = (3 * variance) ** 0.5
    if name.endswith("uniform"):
        assert 0.999 * limit < np.abs(kernel).max() <= limit
    else:
        assert np.abs(kernel).max() > 1.5 * limit


def test_normal_and_uniform_take_their_numbers() -> None:
    rng = np.random.default_rng(0)
    normal = Normal(mean=3.0, stddev=0.5)(rng, (IN, UNITS))
    assert normal.mean() == pytest.approx(3.0, abs=0.01)
    assert normal.std() == pytest.approx(0.5, rel=0.02)
    uniform = Uniform(minval=0.0, maxval=2.0)(rng, (IN, UNITS))
    assert 0.0 <= uniform.min() < 0.001
    assert 1.999 < uniform.max() < 2.0


def test_zeros_are_zeros() -> None:
    assert not Zeros()(np.random.default_rng(0), (2, 3)).any()
