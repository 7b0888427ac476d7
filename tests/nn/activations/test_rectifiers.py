"""Activations like max(z, 0), beyond what holds for all activations."""

import math

import numpy as np
import pytest

from nnscratch.nn.activations import Activation
from nnscratch.nn.activations.rectifiers import ELU, GELU, SELU, LeakyReLU, Mish, SiLU
from tests.nn.activations.slopes import derivative


def test_gelu_is_within_the_papers_distance_of_the_exact_form() -> None:
    z = np.linspace(-5, 5, 401)
    exact = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in z]
    assert np.abs(GELU()(z) - exact).max() < 5e-4


def test_arguments_shape_the_function() -> None:
    z = np.array([-2.0, 2.0])
    assert LeakyReLU(negative_slope=0.25)(z).tolist() == [-0.5, 2.0]
    assert derivative(LeakyReLU(negative_slope=0.25), z).tolist() == [0.25, 1.0]
    np.testing.assert_allclose(ELU(alpha=3.0)(z), [3 * (math.exp(-2) - 1), 2.0])
    np.testing.assert_allclose(derivative(ELU(alpha=3.0), z), [3 * math.exp(-2), 1.0])


def test_the_lower_bound_of_elu_is_its_alpha() -> None:
    assert ELU(alpha=3.0).bounds == (-3.0, math.inf)
    assert ELU(alpha=3.0)(np.array([-50.0]))[0] == pytest.approx(-3.0)


@pytest.mark.parametrize("function", [GELU(), SiLU(), Mish(), SELU()])
def test_the_lower_bounds_of_curved_rectifiers_are_reached(function: Activation) -> None:
    z = np.linspace(-30, 0, 300_001)
    assert function(z).min() == pytest.approx(function.bounds[0], abs=1e-3)


def test_selu_keeps_mean_0_and_variance_1_of_a_normal_signal() -> None:
    # Klambauer et al. 2017, theorem 1: that is what its two constants are for.
    output = SELU()(np.random.default_rng(0).normal(size=2_000_000))
    assert output.mean() == pytest.approx(0.0, abs=2e-3)
    assert output.var() == pytest.approx(1.0, abs=5e-3)
    assert SELU.initializer == "lecun_normal"
