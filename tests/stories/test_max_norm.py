"""Max-norm keeps the weights into each unit within the bound, and changes nothing else."""

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import bound_norms


def one_layer(*columns: list[float], dtype: str = "float64") -> Network:
    network = Network(len(columns[0]), [], len(columns), dtype=dtype)
    network.params["dense_1.kernel"][:] = np.array(columns).T
    return network


def columns_of(network: Network) -> list[list[float]]:
    columns: list[list[float]] = network.params["dense_1.kernel"].T.tolist()
    return columns


def test_only_columns_longer_than_the_bound_are_shortened() -> None:
    network = one_layer([3.0, 4.0], [0.0, -10.0], [0.1, 0.2], [0.0, 0.0], [3.0, 0.0])
    bound_norms(network, 2.5)
    expected = [[1.5, 2.0], [0.0, -2.5], [0.1, 0.2], [0.0, 0.0], [2.5, 0.0]]
    np.testing.assert_allclose(columns_of(network), expected, rtol=1e-15)
    assert columns_of(network)[2] == [0.1, 0.2]  # to the last bit
    # Rows of the kernel, the weights out of a unit, may be as long as they like.
    assert np.linalg.norm(network.params["dense_1.kernel"], axis=1).max() > 2.5


def test_a_column_exactly_as_long_as_the_bound_stays() -> None:
    network = one_layer([3.0, 4.0], [-5.0, 0.0])
    bound_norms(network, 5.0)
    assert columns_of(network) == [[3.0, 4.0], [-5.0, 0.0]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bound", [0.01, 1.0, 3.0])
def test_every_dense_layer_is_bounded_and_keeps_its_directions(bound: float, dtype: str) -> None:
    network = Network(20, [30, 10], 4, batch_norm=True, dtype=dtype)
    network.weights[:] = np.random.default_rng(1).normal(size=network.weights.size)
    before = {name: array.copy() for name, array in network.params.items()}
    noted = network.statistics.flat.copy()
    bound_norms(network, bound)
    for name, array in network.params.items():
        if not name.endswith("kernel"):
            np.testing.assert_array_equal(array, before[name])
            continue
        old = np.linalg.norm(before[name].astype("float64"), axis=0)
        new = np.linalg.norm(array.astype("float64"), axis=0)
        np.testing.assert_allclose(new, np.minimum(old, bound), rtol=1e-6)
        np.testing.assert_allclose(array / new, before[name] / old, atol=1e-6)
    np.testing.assert_array_equal(network.statistics.flat, noted)


@np.errstate(over="ignore")  # as the command line trains
def test_a_column_whose_squares_overflow_is_shortened_and_not_zeroed() -> None:
    network = one_layer([3e25, 4e25], [3.0, 4.0], dtype="float32")
    bound_norms(network, 1.0)
    np.testing.assert_allclose(columns_of(network), [[0.6, 0.8], [0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bound", [1e30, 1e200])
def test_a_bound_that_is_never_reached_changes_nothing(bound: float, dtype: str) -> None:
    network = one_layer([3.0, 4.0], [0.0, 0.0], dtype=dtype)
    bound_norms(network, bound)
    assert columns_of(network) == [[3.0, 4.0], [0.0, 0.0]]


@pytest.mark.parametrize(("bound", "expected"), [(5.0, 0.5), (10.0, 1.0), (99.0, 1.0), (1.0, 0.1)])
def test_the_bound_is_applied_after_the_step(bound: float, expected: float) -> None:
    # x = (3, 4), w = 0, y = −1: the gradient is (6, 8) and the step leads to w = (−6, −8).
    network = Network(2, [], 1, use_bias=False, dtype="float64", initializer="zeros")
    (record,) = fit(
        network, [[3.0, 4.0]], [[-1.0]], optimizer=SGD(), learning_rate=1.0, epochs=1,
        batch_size=None, max_norm=bound, measure_before=True,
    )  # fmt: skip
    assert record.scores["loss"] == 1.0
    np.testing.assert_allclose(network.params.flat, [-6 * expected, -8 * expected], rtol=1e-14)


def longest_column(network: Network) -> float:
    return max(float(np.linalg.norm(dense.kernel, axis=0).max()) for dense in network.dense)


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_the_bound_holds_after_every_step_of_training(optimizer: type[Optimizer]) -> None:
    rng = np.random.default_rng(2)
    rows, targets = rng.normal(size=(40, 3)), 9 * rng.normal(size=(40, 1))
    network = Network(3, [6], 1, dtype="float64")
    chosen = optimizer()
    longest: list[float] = []
    step = chosen.step

    def watched(params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
        longest.append(longest_column(network))
        step(params, grads, learning_rate)

    chosen.step = watched  # type: ignore[method-assign]
    training = fit(
        network, rows, targets, optimizer=chosen, learning_rate=0.1, epochs=5, batch_size=8,
        max_norm=0.7,
    )  # fmt: skip
    longest += [longest_column(network) for _ in training]
    before_the_first, *others = longest
    assert before_the_first > 0.7  # initial weights are not bounded before a step
    assert len(others) == 25 - 1 + 5
    assert max(others) <= 0.7 * (1 + 1e-12)
    assert max(others) > 0.69  # the bound was reached
