"""Backpropagation against finite differences, over the whole product of what a network can have."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.inspection.gradcheck import check_gradients
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Targets
from nnscratch.nn.training.penalties import Penalty

TOLERANCE = 1e-5
WEIGHTED = {"label_smoothing": 0.1, "class_weight": (1.0, 3.0)}
# Normalization, dropout, penalties and bias, each on and off.
SETTINGS = list(
    product([False, True], [0.0, 0.3], [None, Penalty(l1=0.01, l2=0.02)], [True, False])
)


def build(
    loss: str, activation: str, *, use_bias: bool, output: str = "auto", **settings: Any
) -> Network:
    network = Network(
        3,
        [4, {"units": 5, "activation": activation}],
        2,
        activation="tanh",
        output_activation=output,
        use_bias=use_bias,
        loss={"name": loss, **settings.pop("weighting", {})},
        seed=3,
        dtype="float64",
        **settings,
    )
    # Biases start at zero; a check at zero could miss what a bias does.
    network.params.flat += np.random.default_rng(5).normal(scale=0.3, size=network.params.flat.size)
    return network


def data(loss: str) -> tuple[np.ndarray, Targets]:
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(8, 3))
    if LOSSES[loss].takes_indices:
        return inputs, rng.integers(0, 2, 8)
    targets = rng.normal(size=(8, 2))
    if loss == "binary_cross_entropy":
        return inputs, (targets > 0).astype(float)
    return inputs, np.sign(targets) if loss == "hinge" else targets


def weightings(loss: str) -> list[dict[str, Any]]:
    return [{}, WEIGHTED] if LOSSES[loss].output_activation != "linear" else [{}]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_gradient_is_right(loss: str, activation: str) -> None:
    # A wrong derivative is wrong in nearly all elements of an array, so that four of them tell.
    for (norm, dropout, penalty, use_bias), weighting in product(SETTINGS, weightings(loss)):
        network = build(
            loss,
            activation,
            use_bias=use_bias,
            batch_norm=norm,
            dropout=dropout,
            weighting=weighting,
        )
        checks = check_gradients(network, *data(loss), penalty=penalty, most=4)
        assert [check.name for check in checks] == list(network.params)
        # A sum of signs, or what is left after dropout, may be nothing at all.
        assert any(check.norm > 0 for check in checks)
        assert max(check.error for check in checks) < TOLERANCE


def test_no_combination_is_left_out() -> None:
    assert len(SETTINGS) == 16
    assert sum(len(weightings(loss)) for loss in LOSSES) == len(LOSSES) + 2


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "mean_squared_error"])
def test_what_comes_before_the_first_layer_has_right_gradients(loss: str) -> None:
    waves = {"columns": (2, 0), "waves": 3, "size": 2, "sigma": 0.5}
    pieces = {
        "name": "piecewise_linear",
        "columns": (1, 2),
        "edges": ((-0.6, 0.1, 0.8), (0.0, 1.0)),
    }
    others = [settings for settings in SETTINGS if settings[2] is None]
    before = product([None, waves, pieces], [False, True], ["selu", "mish"], others)
    for embedding, scale, activation, (norm, dropout, penalty, use_bias) in before:
        network = build(
            loss,
            activation,
            use_bias=use_bias,
            batch_norm=norm,
            dropout=dropout,
            numeric_embedding=embedding,
            input_scale=scale,
        )
        checks = check_gradients(network, *data(loss), penalty=penalty, most=4)
        assert [check.name for check in checks] == list(network.params)
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


def test_the_statistics_are_the_same_afterwards() -> None:
    network = build("huber", "relu", use_bias=True, batch_norm=True)
    before = network.weights.copy()
    check_gradients(network, *data("huber"))
    np.testing.assert_array_equal(network.weights, before)


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


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_of_weighted_rows_are_right(loss: str) -> None:
    network = build(loss, "tanh", use_bias=True, batch_norm=True)
    weights = np.array([0.0, 1.0, 2.5, 0.3, 1.0, 0.0, 4.0, 1.0])
    checks = check_gradients(network, *data(loss), weights=weights)
    assert max(check.error for check in checks) < TOLERANCE
