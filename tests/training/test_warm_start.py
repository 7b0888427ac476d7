"""A warm start: the weights of another network, if it is of the same shape."""

import pytest

from nnscratch.errors import UsageError
from nnscratch.nn.network import Network
from nnscratch.training.warm_start import begin_with


def test_a_network_gets_the_weights_of_another() -> None:
    network, other = (Network(2, [3], 1, loss="hinge", seed=seed) for seed in (1, 2))
    begin_with(network, other)
    assert network.weights.tobytes() == other.weights.tobytes()


@pytest.mark.parametrize("hidden", [[4], [3, 3], []])
def test_one_of_another_shape_is_refused_and_nothing_is_changed(hidden: list[int]) -> None:
    network, other = Network(2, [3], 1, loss="hinge"), Network(2, hidden, 1, loss="hinge")
    before = network.weights.copy()
    with pytest.raises(UsageError, match=r"of another shape: dense_[12]"):
        begin_with(network, other)
    assert network.weights.tobytes() == before.tobytes()


def test_pieces_of_other_columns_are_another_shape() -> None:
    def build(*edges: tuple[float, ...]) -> Network:
        pieces = {"name": "piecewise_linear", "columns": (0, 1), "edges": edges}
        return Network(2, [3], 1, loss="hinge", numeric_embedding=pieces)

    network = build((0.0, 1.0), (0.0, 1.0, 2.0))
    begin_with(network, build((0.0, 3.0), (1.0, 5.0, 9.0)))  # of other data
    with pytest.raises(UsageError, match=r"embedding\.pieces is \(2, 1\) there and \(1, 2\) here"):
        begin_with(network, build((0.0, 1.0, 2.0), (0.0, 1.0)))
