"""Backpropagation against finite differences, over every loss, activation and way to use a bias."""

from itertools import product

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.gradcheck import check_gradients
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Targets

TOLERANCE = 1e-6
PRODUCT = list(product(LOSSES, ACTIVATIONS, [True, False]))


def build(loss: str, activation: str, *, use_bias: bool, output: str = "auto") -> Network:
    network = Network(
        3,
        [4, {"units": 5, "activation": activation}],
        2,
        activation="tanh",
        output_activation=output,
        use_bias=use_bias,
        loss=loss,
        seed=3,
        dtype="float64",
    )
    # Biases start at zero; a check at zero could miss what a bias does.
    network.params.flat += np.random.default_rng(5).normal(scale=0.3, size=network.params.flat.size)
    return network


def data(loss: str) -> tuple[np.ndarray, Targets]:
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(6, 3))
    if loss == "cross_entropy":
        return inputs, rng.integers(0, 2, 6)
    targets = rng.normal(size=(6, 2))
    return inputs, (targets > 0).astype(float) if loss == "binary_cross_entropy" else targets


@pytest.mark.parametrize(("loss", "activation", "use_bias"), PRODUCT)
def test_every_gradient_is_right(loss: str, activation: str, use_bias: bool) -> None:
    network = build(loss, activation, use_bias=use_bias)
    checks = check_gradients(network, *data(loss))
    assert [check.name for check in checks] == list(network.params)
    assert all(check.norm > 0 for check in checks)
    assert max(check.error for check in checks) < TOLERANCE


@pytest.mark.parametrize("output", [name for name in ACTIVATIONS if name != "linear"])
def test_gradients_through_an_output_activation_are_right(output: str) -> None:
    network = build("mean_squared_error", "tanh", use_bias=True, output=output)
    checks = check_gradients(network, *data("mean_squared_error"))
    assert max(check.error for check in checks) < TOLERANCE


def test_the_parameters_are_the_same_afterwards() -> None:
    network = build("huber", "relu", use_bias=True)
    before = network.params.flat.copy()
    check_gradients(network, *data("huber"))
    np.testing.assert_array_equal(network.params.flat, before)


def test_a_wrong_derivative_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(self: object, z: np.ndarray, output: np.ndarray, grad: np.ndarray) -> None:
        grad *= 2 * (1 - output * output)

    monkeypatch.setattr(ACTIVATIONS["tanh"], "backward", doubled)
    network = build("mean_squared_error", "tanh", use_bias=True)
    errors = {check.name: check.error for check in check_gradients(network, *data("huber"))}
    assert errors["dense_3.kernel"] < TOLERANCE  # after the last tanh nothing is wrong
    assert errors["dense_2.kernel"] == pytest.approx(0.5, abs=1e-3)  # twice as much as it should
    assert errors["dense_1.kernel"] == pytest.approx(0.75, abs=1e-3)  # and twice that


def test_a_gradient_that_is_no_number_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(self: object, z: np.ndarray, output: np.ndarray, grad: np.ndarray) -> None:
        grad *= np.nan

    monkeypatch.setattr(ACTIVATIONS["tanh"], "backward", lost)
    network = build("mean_squared_error", "tanh", use_bias=True)
    errors = {check.name: check.error for check in check_gradients(network, *data("huber"))}
    assert errors["dense_3.kernel"] < TOLERANCE
    assert errors["dense_1.kernel"] == errors["dense_2.bias"] == np.inf


def test_float32_is_refused() -> None:
    with pytest.raises(ValueError, match="float64"):
        check_gradients(Network(2, [], 1), np.ones((1, 2)), np.ones((1, 1)))
