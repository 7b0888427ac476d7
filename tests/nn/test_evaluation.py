"""Loss and metric over rows, however they are cut into pieces."""

import numpy as np
import pytest

from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.metrics import default_metric
from nnscratch.nn.network import ROWS_AT_ONCE, Network


def test_many_rows_in_pieces_have_the_mean_of_all() -> None:
    network = Network(2, [3], 1, loss="mean_squared_error", dtype="float64", seed=1)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS_AT_ONCE + 5, 2))
    y = rng.normal(size=(ROWS_AT_ONCE + 5, 1))
    logits = network.logits(x)
    loss, metric = evaluate(network, x, y)
    assert loss == pytest.approx(network.loss(logits, y)[0])
    assert metric == pytest.approx(default_metric(network.loss)(logits, y))


def test_the_network_is_not_changed() -> None:
    network = Network(2, [3], 2, loss="cross_entropy", dropout=0.5, batch_norm=True, seed=1)
    before = network.weights.copy()
    first = evaluate(network, np.eye(2), np.array([0, 1]))
    assert evaluate(network, np.eye(2), np.array([0, 1])) == first
    np.testing.assert_array_equal(network.weights, before)


def test_a_transform_is_applied_to_the_rows() -> None:
    network = Network(2, [], 1, loss="mean_squared_error", dtype="float64", seed=1)
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0], [1.0]])
    assert evaluate(network, x, y, transform=lambda rows: rows / 2) == evaluate(network, x / 2, y)


def test_a_weight_is_how_often_a_row_is_there() -> None:
    network = Network(2, [3], 1, loss="mean_squared_error", dtype="float64", seed=1)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS_AT_ONCE + 5, 2))
    y = rng.normal(size=(ROWS_AT_ONCE + 5, 1))
    times = rng.integers(0, 4, len(x))
    repeated = evaluate(network, np.repeat(x, times, axis=0), np.repeat(y, times, axis=0))
    assert evaluate(network, x, y, weights=times) == pytest.approx(repeated, rel=1e-12)
