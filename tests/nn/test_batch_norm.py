"""Batch normalization: worked out by hand, and beside scikit-learn, pandas and differences."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from nnscratch.nn.batch_norm import BatchNorm, Normalization
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.parameters import Parameters
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

RNG = np.random.default_rng(7)


class Bound:
    """A layer of float64 and what it computes with."""

    def __init__(self, units: int, *, use_bias: bool = True, **settings: float) -> None:
        self.layer = BatchNorm(
            units, Normalization(**settings), use_bias=use_bias, dtype=np.dtype("float64")
        )
        self.params = Parameters.zeros(self.layer.shapes, "float64")
        self.grads = Parameters.zeros(self.layer.shapes, "float64")
        self.noted = Parameters.zeros(self.layer.statistics_shapes, "float64")
        self.layer.bind(self.params, self.grads, self.noted)

    def train(self, x: Any) -> np.ndarray:
        return self.layer.forward(np.asarray(x, float), training=True).copy()

    def infer(self, x: Any) -> np.ndarray:
        return self.layer.forward(np.asarray(x, float)).copy()


def test_training_and_inference_by_hand() -> None:
    # x = 1, 3: mean 2, variance 1, unbiased 2; with ε = 3 the divisor is √4, so x̂ = ∓1/2.
    norm = Bound(1, momentum=0.9, epsilon=3.0)
    norm.params["gamma"][:] = 4.0
    norm.params["beta"][:] = 10.0
    assert norm.train([[1], [3]]).ravel().tolist() == [8.0, 12.0]
    # They start at 0 and 1: 0.9 · 0 + 0.1 · 2 and 0.9 · 1 + 0.1 · 2.
    assert norm.noted["moving_mean"][0] == pytest.approx(0.2, rel=1e-15)
    assert norm.noted["moving_variance"][0] == pytest.approx(1.1, rel=1e-15)
    expected = 4 * (5 - 0.2) / np.sqrt(1.1 + 3) + 10
    assert norm.infer([[5]])[0, 0] == pytest.approx(expected, rel=1e-15)
    assert norm.noted["moving_mean"][0] == pytest.approx(0.2, rel=1e-15)  # inference notes nothing


def test_before_any_training_inference_lets_rows_through() -> None:
    rows = RNG.normal(size=(5, 3))
    np.testing.assert_allclose(Bound(3, epsilon=1e-12).infer(rows), rows, rtol=1e-11)


def test_training_standardizes_as_scikit_learn_does() -> None:
    rows = RNG.normal(3.0, [0.1, 1.0, 50.0], size=(40, 3))
    scaled = StandardScaler().fit_transform(rows)
    np.testing.assert_allclose(Bound(3, epsilon=1e-14).train(rows), scaled, atol=1e-9)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.99])
def test_the_moving_statistics_are_those_of_pandas(momentum: float) -> None:
    batches = [RNG.normal(2.0, 3.0, size=(rows, 2)) for rows in (2, 9, 4, 30, 7)]
    norm = Bound(2, momentum=momentum)
    for batch in batches:
        norm.train(batch)
    frames = [pd.DataFrame(batch) for batch in batches]
    means = [np.zeros(2), *(frame.mean() for frame in frames)]
    variances = [np.ones(2), *(frame.var() for frame in frames)]  # pandas divides by n − 1
    for name, series in (("moving_mean", means), ("moving_variance", variances)):
        moved = pd.DataFrame(np.array(series)).ewm(alpha=1 - momentum, adjust=False).mean()
        np.testing.assert_allclose(norm.noted[name], moved.iloc[-1], rtol=1e-12)


@pytest.mark.parametrize("use_bias", [True, False])
def test_the_gradient_goes_through_mean_and_variance(use_bias: bool) -> None:
    norm = Bound(3, use_bias=use_bias, epsilon=0.1)
    norm.params.flat[:] = RNG.normal(size=norm.params.flat.size)
    rows, upstream = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 3))

    def slope(array: np.ndarray) -> np.ndarray:
        slopes, step = np.empty_like(array), 1e-5
        for i in np.ndindex(array.shape):
            kept, sides = array[i], []
            for side in (step, -step):
                array[i] = kept + side
                sides.append((norm.train(rows) * upstream).sum())
            array[i] = kept
            slopes[i] = (sides[0] - sides[1]) / (2 * step)
        return slopes

    expected = {name: slope(norm.params[name]) for name in norm.params}
    by_rows = slope(rows)
    norm.train(rows)
    np.testing.assert_allclose(norm.layer.backward(upstream.copy()), by_rows, atol=1e-8)
    assert norm.grads.keys() == ({"gamma", "beta"} if use_bias else {"gamma"})
    for name, gradient in expected.items():
        np.testing.assert_allclose(norm.grads[name], gradient, atol=1e-8)


def test_a_column_that_never_varies_becomes_beta() -> None:
    norm = Bound(2)
    norm.params["beta"][:] = [3.0, 4.0]
    rows = np.column_stack([np.full(5, 7.0), np.arange(5)])
    np.testing.assert_allclose(norm.train(rows)[:, 0], 3.0, rtol=1e-12)
    assert norm.noted["moving_variance"][0] == pytest.approx(0.9, rel=1e-12)


def test_in_float32_a_large_mean_does_not_drown_the_variance() -> None:
    layer = BatchNorm(1, Normalization(momentum=0.0), use_bias=False, dtype=np.dtype("float32"))
    shapes = (layer.shapes, layer.shapes, layer.statistics_shapes)
    layer.bind(*(Parameters.zeros(shape, "float32") for shape in shapes))
    rows = (RNG.normal(size=(500, 1)) + 1000).astype("float32")
    exact = StandardScaler().fit_transform(rows.astype("float64"))
    np.testing.assert_allclose(layer.forward(rows, training=True), exact, atol=1e-3)
    assert layer.variance[0] == pytest.approx(float(rows.astype("float64").var(ddof=1)), rel=1e-3)


def test_in_inference_a_rows_output_does_not_depend_on_the_others() -> None:
    network = Network(3, [4], 2, batch_norm=True, dtype="float64")
    rows = RNG.normal(size=(20, 3))
    network.forward(rows, training=True)
    before = network.weights.copy()
    whole = network.predict(rows)
    alone = np.concatenate([network.predict(rows[[i]]) for i in range(20)])
    np.testing.assert_allclose(whole, alone, rtol=1e-12)
    np.testing.assert_array_equal(network.weights, before)


def test_its_shift_stands_for_the_bias_of_the_dense_layer() -> None:
    network = Network(3, [4, {"units": 5, "batch_norm": False}], 2, batch_norm=True)
    shapes = {name: array.shape for name, array in network.params.items()}
    assert shapes == {
        "dense_1.kernel": (3, 4),
        "batch_norm_1.gamma": (4,),
        "batch_norm_1.beta": (4,),
        "dense_2.kernel": (4, 5),
        "dense_2.bias": (5,),
        "dense_3.kernel": (5, 2),
        "dense_3.bias": (2,),
    }
    noted = {name: array.shape for name, array in network.statistics.items()}
    assert noted == {"batch_norm_1.moving_mean": (4,), "batch_norm_1.moving_variance": (4,)}
    bare = Network(3, [4], 2, batch_norm=True, use_bias=False)
    assert list(bare.params) == ["dense_1.kernel", "batch_norm_1.gamma", "dense_2.kernel"]


def test_a_description_keeps_each_layers_own_settings() -> None:
    slow = {"momentum": 0.99, "epsilon": 0.01}
    network = Network(3, [4, {"units": 5, "batch_norm": slow}, 6], 2, batch_norm=True)
    twin = Network(**network.describe())
    rows = RNG.normal(size=(8, 3)).astype("float32")
    for each in (network, twin):
        each.params.flat[:] = network.params.flat
        each.forward(rows, training=True)
    assert twin.describe() == network.describe()
    np.testing.assert_array_equal(twin.weights, network.weights)
    np.testing.assert_array_equal(twin.predict(rows), network.predict(rows))


@pytest.mark.parametrize("extra", [0, 1, 904])
def test_a_full_batch_is_normalized_by_all_its_rows_however_many(extra: int) -> None:
    # The rows beyond the 4,096th lie elsewhere, so the statistics of pieces would be others.
    rows = RNG.normal(size=(4096 + extra, 2))
    rows[4000:] += 10.0
    targets = RNG.normal(size=(len(rows), 1))
    network = Network(
        2, [3], 1, activation="tanh", dtype="float64", batch_norm={"momentum": 0.0, "epsilon": 1e-3}
    )
    sums = rows @ network.params["dense_1.kernel"]
    hidden = np.tanh((sums - sums.mean(axis=0)) / np.sqrt(sums.var(axis=0) + 1e-3))
    outputs = hidden @ network.params["dense_2.kernel"]
    (record,) = fit(
        network, rows, targets, optimizer=SGD(), learning_rate=1e-300, epochs=1, batch_size=None
    )
    assert record.scores["loss"] == pytest.approx(((outputs - targets) ** 2).mean(), rel=1e-10)
    noted = network.statistics
    np.testing.assert_allclose(noted["batch_norm_1.moving_mean"], sums.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(
        noted["batch_norm_1.moving_variance"], sums.var(axis=0, ddof=1), rtol=1e-10
    )


def test_one_row_is_refused_in_training_only() -> None:
    network = Network(2, [3], 1, batch_norm=True)
    row = np.ones((1, 2), "float32")
    assert network.forward(row).shape == (1, 1)
    with pytest.raises(ValueError, match="at least 2 rows in each batch of training; got 1"):
        network.forward(row, training=True)


@pytest.mark.parametrize(
    ("rows", "batch_size", "refused"),
    [
        (10, 3, True),
        (10, 9, True),
        (10, 1, True),
        (1, None, True),
        (1, 32, True),
        (10, 4, False),
        (10, 10, False),
        (10, 99, False),
        (10, None, False),
        (2, None, False),
    ],
)
def test_a_batch_of_one_row_is_refused_before_training(
    rows: int, batch_size: int | None, refused: bool
) -> None:
    x, y = RNG.normal(size=(rows, 2)), RNG.normal(size=(rows, 1))
    network = Network(2, [3, {"units": 2, "batch_norm": True}], 1)
    before = network.weights.copy()

    def begin() -> Iterator[EpochRecord]:
        return fit(network, x, y, optimizer=SGD(), epochs=1, batch_size=batch_size)

    if refused:
        with pytest.raises(ValueError, match=r"`batch_size` .* a batch of one row"):
            begin()
        np.testing.assert_array_equal(network.weights, before)
    else:
        assert len(list(begin())) == 1
    # Without normalization one row is as good as any.
    assert len(list(fit(Network(2, [3], 1), x, y, optimizer=SGD(), epochs=1, batch_size=1))) == 1


@pytest.mark.parametrize("batch_norm", [{"eps": 1e-3}, "yes", 1, [0.9, 1e-5]])
def test_what_is_no_normalization_is_refused_by_name(batch_norm: Any) -> None:
    with pytest.raises(ValueError, match="`batch_norm`"):
        Network(2, [3], 1, batch_norm=batch_norm)
    with pytest.raises(ValueError, match="`batch_norm`"):
        Network(2, [{"units": 3, "batch_norm": batch_norm}], 1)
