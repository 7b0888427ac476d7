"""Factors of the learning rate: which parameter has which, and a step that is multiplied by it."""

from math import sqrt

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.registry import create
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.rate_factors import RateFactors, make_step

FACTORS = RateFactors(kernel=2.0, fan_in=True, bias=0.1, input_scale=6.0, embedding=0.5)


def build() -> Network:
    waves = {"columns": (0, 1), "size": 2}
    return Network(
        5, [4], 1, input_scale=True, numeric_embedding=waves, batch_norm=True, dtype="float64"
    )


def test_each_parameter_has_the_factor_of_its_kind() -> None:
    network = build()
    network.params.flat[:] = FACTORS.vector(network)
    found = {name: np.unique(values).tolist() for name, values in network.params.items()}
    assert found == {
        "embedding.frequencies": [0.5],
        "embedding.phases": [0.5],
        "embedding.kernel": [0.5],
        "embedding.bias": [0.5],
        "input_scale.scale": [6.0],
        "dense_1.kernel": [2.0 / sqrt(9)],
        "batch_norm_1.gamma": [1.0],
        "batch_norm_1.beta": [1.0],
        "dense_2.kernel": [2.0 / sqrt(4)],
        "dense_2.bias": [0.1],
    }
    assert np.unique(RateFactors().vector(network)).tolist() == [1.0]


@pytest.mark.parametrize("name", [n for n, kind in OPTIMIZERS.items() if not kind.line_search])
def test_a_step_is_multiplied(name: str) -> None:
    rng = np.random.default_rng(1)
    start, grads, factors = rng.normal(size=(3, 50))
    plain, scaled = start.copy(), start.copy()
    for params, given in ((plain, None), (scaled, factors)):
        optimizer = create(OPTIMIZERS, name)
        optimizer.prepare(params)
        make_step(optimizer, params, grads, 0.1, given)
    np.testing.assert_allclose(scaled - start, factors * (plain - start), rtol=1e-9, atol=1e-14)


def test_plain_descent_with_factors_is_descent_with_a_rate_for_each_parameter() -> None:
    x, y = np.array([[1.0, 2.0]]), np.array([[1.0]])
    network = Network(2, [], 1, dtype="float64")
    network.params.flat[:] = 0.0
    factors = RateFactors(kernel=3.0, bias=0.5)
    list(fit(network, x, y, optimizer=SGD(), learning_rate=0.1, epochs=1, rate_factors=factors))
    # ∂L/∂z = 2 (0 − 1), so that W changes by 0.1 · 3 · 2 x, and b by 0.1 · 0.5 · 2.
    np.testing.assert_allclose(network.params.flat, [0.6, 1.2, 0.1], rtol=1e-12)


def test_for_adam_the_fan_in_is_the_neural_tangent_parametrization() -> None:
    """Trains z = x V / √inputs by hand, and compares W with V / √inputs."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(20, 7)), rng.normal(size=(20, 1))
    network = Network(7, [], 1, use_bias=False, dtype="float64", seed=5)
    v = network.params["dense_1.kernel"] * sqrt(7)
    first, second = np.zeros_like(v), np.zeros_like(v)
    for t in range(1, 21):
        grad = x.T @ (2 * (x @ v / sqrt(7) - y) / 20) / sqrt(7)
        first += 0.1 * (grad - first)
        second += 0.001 * (grad * grad - second)
        v -= 0.05 * (first / (1 - 0.9**t)) / np.sqrt(second / (1 - 0.999**t))

    tangent = RateFactors(fan_in=True)
    settings = {"optimizer": Adam(epsilon=1e-30), "learning_rate": 0.05, "batch_size": None}
    list(fit(network, x, y, epochs=20, rate_factors=tangent, **settings))  # type: ignore[arg-type]  # each its own

    np.testing.assert_allclose(network.params["dense_1.kernel"], v / sqrt(7), rtol=1e-9)


def test_a_line_search_takes_none() -> None:
    x = np.ones((2, 1))
    with pytest.raises(ValueError, match="rate_factors"):
        fit(Network(1, [], 1), x, x, optimizer="lbfgs", batch_size=None, rate_factors=FACTORS)
