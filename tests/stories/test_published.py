"""Numbers that others published are reproduced to the last printed digit."""

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])


def test_one_dense_layer_of_three_units_gives_the_published_output() -> None:
    network = Network(4, [], 3, dtype="float64")
    network.params["dense_1.kernel"][:] = np.transpose(
        [[0.2, 0.8, -0.5, 1.0], [0.5, -0.91, 0.26, -0.5], [-0.26, -0.27, 0.17, 0.87]]
    )
    network.params["dense_1.bias"][:] = [2.0, 3.0, 0.5]
    output = network.predict(np.array([[1.0, 2.0, 3.0, 2.5]]))
    np.testing.assert_allclose(output, [[4.8, 1.21, 2.385]], rtol=1e-14)


def train_two_sigmoids() -> tuple[Network, EpochRecord]:
    """Trains the 2-2-1 network of the published script from the weights that it starts with."""
    # The script's own generator.
    numbers = np.random.RandomState(42)
    first, second = numbers.rand(2, 2), numbers.rand(1, 2)  # (units, in_features) there
    network = Network(
        2,
        [2],
        1,
        activation="sigmoid",
        use_bias=False,
        loss="binary_cross_entropy",
        dtype="float64",
    )
    network.params["dense_1.kernel"][:] = first.T
    network.params["dense_2.kernel"][:] = second.T
    *_, last = fit(
        network,
        XOR_INPUTS,
        XOR_TARGETS,
        optimizer=SGD(),
        learning_rate=0.1,
        epochs=10_000,
        batch_size=None,
        measure_before=True,  # as the script does
    )
    return network, last


def test_the_two_sigmoid_script_ends_at_its_published_loss() -> None:
    network, last = train_two_sigmoids()
    assert last.epoch == 10_000
    assert last.scores["loss"] == pytest.approx(0.33634324888150985, rel=1e-9)
    outputs = network.predict(XOR_INPUTS).ravel()
    assert outputs.round(2).tolist() == [0.21, 0.73, 0.73, 0.38]
    assert outputs.round().tolist() == [0.0, 1.0, 1.0, 0.0]
