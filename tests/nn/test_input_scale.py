"""The scale of the inputs: worked out by hand, and 1 at the start."""

import numpy as np

from nnscratch.nn.network import Network


def test_each_input_is_multiplied_and_gets_the_sum_of_its_products_as_gradient() -> None:
    network = Network(2, [], 1, input_scale=True, dtype="float64")
    scale = network.params["input_scale.scale"]
    assert scale.tolist() == [1.0, 1.0]
    scale[:] = [2.0, -1.0]
    network.params["dense_1.kernel"][:] = [[3.0], [5.0]]

    outputs = network.forward(np.array([[1.0, 4.0], [2.0, 0.0]]), training=True)

    assert outputs.tolist() == [[6.0 - 20.0], [12.0]]
    network.backward(np.array([[1.0], [10.0]]))
    # Of s_1: 1 · 3 · 1 + 2 · 3 · 10, of s_2: 4 · 5 · 1; of W: s x times what comes back.
    assert network.grads["input_scale.scale"].tolist() == [63.0, 20.0]
    assert network.grads["dense_1.kernel"].tolist() == [[2.0 + 40.0], [-4.0]]


def test_a_network_with_it_starts_as_one_without() -> None:
    x = np.random.default_rng(0).normal(size=(5, 3))
    plain, scaled = Network(3, [4], 2, seed=9), Network(3, [4], 2, seed=9, input_scale=True)
    np.testing.assert_array_equal(plain.predict(x), scaled.predict(x))
    assert "input_scale" not in plain.describe()
    assert scaled.describe()["input_scale"] is True
