"""A network's layers by what belongs together."""

import numpy as np

from nnscratch.nn.inspection.blocks import Block, input_kernel
from nnscratch.nn.inspection.trace import trace_forward
from nnscratch.nn.network import Network


def test_a_block_without_activation_passes_on_its_sum() -> None:
    network = Network(2, [], 1, loss="mean_squared_error", dtype="float64", seed=1)
    (dense,) = trace_forward(network, np.array([[1.0, 2.0]]))
    block = Block(dense)
    assert block.name == "dense_1"
    np.testing.assert_array_equal(block.z, block.output)
    np.testing.assert_array_equal(block.slopes, np.ones_like(block.z))


def test_the_slopes_of_a_block_are_those_of_its_activation() -> None:
    network = Network(2, [3], 1, activation="tanh", dtype="float64", seed=1)
    dense, activation, _ = trace_forward(network, np.array([[1.0, 2.0]]))
    block = Block(dense, activation=activation)
    np.testing.assert_allclose(block.output, np.tanh(block.z))
    np.testing.assert_allclose(block.slopes, 1 - np.tanh(block.z) ** 2)


def test_the_weights_of_the_inputs_are_scaled_and_without_those_of_waves() -> None:
    network = Network(2, [3], 1, input_scale=True, numeric_embedding={"columns": (1,)})
    kernel, scale = network.params["dense_1.kernel"], network.params["input_scale.scale"]
    scale[:] = np.arange(1, 6)
    np.testing.assert_array_equal(input_kernel(network), [kernel[0], 2 * kernel[1]])
    plain = Network(2, [3], 1)
    np.testing.assert_array_equal(input_kernel(plain), plain.params["dense_1.kernel"])
