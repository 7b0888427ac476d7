"""Layers by themselves: forward by hand, backward as the transpose of forward."""

import numpy as np
import pytest

from nnscratch.nn.activations.sigmoids import Tanh
from nnscratch.nn.layers import ActivationLayer, Dropout
from nnscratch.nn.network import Network


def dense_network() -> Network:
    return Network(3, [], 2, loss="mean_squared_error", dtype="float64", seed=2)


def test_a_dense_layer_multiplies_and_adds() -> None:
    network = dense_network()
    (dense,) = network.dense
    dense.kernel[:] = [[1, 2], [3, 4], [5, 6]]
    assert dense.bias is not None
    dense.bias[:] = [10, 20]
    assert network.forward(np.array([[1.0, 0.0, -1.0]])).tolist() == [[6, 16]]


def test_the_gradient_of_a_kernel_is_the_inputs_times_what_comes_back() -> None:
    network = dense_network()
    x, grad = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    network.forward(x, training=True)
    network.backward(grad)
    np.testing.assert_allclose(network.grads["dense_1.kernel"], x.T @ grad)
    np.testing.assert_allclose(network.grads["dense_1.bias"], [1.0, 2.0])


def test_an_activation_layer_holds_its_function() -> None:
    network = Network(1, [2], 1, activation="tanh", dtype="float64")
    layers = [layer for layer in network.layers.values() if isinstance(layer, ActivationLayer)]
    assert [layer.function for layer in layers] == [Tanh()]


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_dropout_keeps_the_mean_and_drops_only_in_training(rate: float) -> None:
    layer, ones = Dropout(rate), np.ones((100, 200))
    layer.start(np.random.default_rng(0))
    dropped = layer.forward(ones, training=True).copy()
    assert set(np.unique(dropped)) == {0.0, 1 / (1 - rate)}
    assert dropped.mean() == pytest.approx(1.0, abs=0.03)
    np.testing.assert_array_equal(layer.backward(ones.copy()), dropped)
    np.testing.assert_array_equal(layer.forward(ones), ones)
