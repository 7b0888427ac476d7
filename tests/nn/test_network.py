"""The network: its parameters are views of one vector, its forward pass is the formula."""

import math
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.activations.sigmoids import Sigmoid
from nnscratch.nn.initializers import HeNormal
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Parameters


def test_views_share_the_memory_of_the_flat_vector() -> None:
    params = Parameters.zeros({"a": (2, 3), "b": (3,)}, "float32")
    assert params.flat.size == 9
    for view in params.values():
        assert np.shares_memory(view, params.flat)
    params.flat[:] = np.arange(9)
    assert params["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    params["b"][1] = 70
    assert params.flat[7] == 70


def test_layers_compute_with_the_networks_own_vector_before_and_after_a_step() -> None:
    network = Network(2, [3], 1)
    for _ in range(2):
        for dense in network.dense:
            assert dense.bias is not None
            assert np.shares_memory(dense.kernel, network.params.flat)
            assert np.shares_memory(dense.bias, network.params.flat)
            assert np.shares_memory(dense.kernel_grad, network.grads.flat)
        network.backward(
            network.loss(network.forward(np.ones((4, 2), "f4")), np.ones((4, 1), "f4"))[1]
        )
        network.params.flat[:] -= network.grads.flat


def test_parameters_are_named_and_shaped_as_in_keras() -> None:
    network = Network(3, [4, 5], 2)
    shapes = {name: view.shape for name, view in network.params.items()}
    assert shapes == {
        "dense_1.kernel": (3, 4),
        "dense_1.bias": (4,),
        "dense_2.kernel": (4, 5),
        "dense_2.bias": (5,),
        "dense_3.kernel": (5, 2),
        "dense_3.bias": (2,),
    }
    assert "dense_1.bias" not in Network(3, [4], 2, use_bias=False).params


def test_the_forward_pass_is_the_formula() -> None:
    network = Network(1, [2, {"units": 1, "activation": "sigmoid"}], 1, dtype="float64")
    network.params["dense_1.kernel"][:] = [[1.0, -1.0]]
    network.params["dense_1.bias"][:] = [0.5, 0.25]
    network.params["dense_2.kernel"][:] = [[2.0], [3.0]]
    network.params["dense_2.bias"][:] = [-1.0]
    network.params["dense_3.kernel"][:] = [[4.0]]
    network.params["dense_3.bias"][:] = [0.125]
    # x = 2: relu(2.5, -1.75) = 2.5, 0; sigmoid(5 - 1); 4 a + 0.125
    expected = 4 / (1 + math.exp(-4)) + 0.125
    assert network.forward(np.array([[2.0]]))[0, 0] == pytest.approx(expected, rel=1e-15)


def test_predict_applies_what_the_loss_implies() -> None:
    for loss, outputs, expected in (
        ("binary_cross_entropy", 1, [[0.5]]),
        ("cross_entropy", 4, [[0.25] * 4]),
        ("mean_squared_error", 2, [[0.0, 0.0]]),
    ):
        network = Network(3, [], outputs, loss=loss, initializer="zeros")
        assert network.predict(np.ones((1, 3))).tolist() == expected


def test_an_output_activation_of_its_own_comes_before_the_loss() -> None:
    network = Network(1, [], 1, output_activation="tanh", initializer="zeros", dtype="float64")
    network.params["dense_1.bias"][:] = 2.0
    assert network.forward(np.zeros((1, 1)))[0, 0] == pytest.approx(math.tanh(2))
    assert network.predict([[0.0]])[0, 0] == pytest.approx(math.tanh(2))


def test_the_implied_activation_may_be_given_as_an_object() -> None:
    network = Network(1, [], 1, loss="binary_cross_entropy", output_activation=Sigmoid())
    assert len(network.layers) == 1  # the loss applies it
    assert network.summary()[-1].what == "sigmoid"


def test_predictions_outlive_the_next_call() -> None:
    network = Network(2, [3], 1)
    first = network.predict([[1.0, 0.0]])
    kept = first.copy()
    network.predict([[0.0, 5.0]])
    np.testing.assert_array_equal(first, kept)


def test_many_rows_give_what_each_row_gives() -> None:
    network = Network(2, [3], 1, dtype="float64")
    rows = np.random.default_rng(0).normal(size=(9000, 2))
    whole = network.predict(rows)
    np.testing.assert_allclose(
        whole[[0, 4095, 4096, 8999]], network.predict(rows[[0, 4095, 4096, 8999]])
    )
    assert network.predict(np.empty((0, 2))).shape == (0, 1)


def test_the_seed_decides_the_weights_and_the_precision_does_not() -> None:
    weights = Network(4, [5], 3, seed=1, dtype="float64").params.flat
    np.testing.assert_array_equal(weights, Network(4, [5], 3, seed=1, dtype="float64").params.flat)
    assert (weights != Network(4, [5], 3, seed=2, dtype="float64").params.flat).any()
    single = Network(4, [5], 3, seed=1, dtype="float32").params.flat
    np.testing.assert_array_equal(single, weights.astype("float32"))


def test_the_initializer_follows_each_layers_activation() -> None:
    network = Network(1000, [{"units": 1000, "activation": "tanh"}, 1000], 1000, dtype="float64")
    glorot, he, last = (network.params[f"dense_{i}.kernel"].var() for i in (1, 2, 3))
    assert glorot == pytest.approx(1 / 1000, rel=0.01)
    assert he == pytest.approx(2 / 1000, rel=0.01)
    assert last == pytest.approx(1 / 1000, rel=0.01)
    assert not any(network.params[f"dense_{i}.bias"].any() for i in (1, 2, 3))


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": "cross_entropy", "activation": {"name": "leaky_relu", "negative_slope": 0.2}},
        {"loss": {"name": "huber", "delta": 2.0}, "output_activation": "softplus"},
        {"loss": "binary_cross_entropy", "use_bias": False, "dtype": "float64"},
    ],
)
def test_a_description_builds_the_same_network(settings: dict[str, Any]) -> None:
    network = Network(3, [4, {"units": 2, "activation": "elu"}], 2, **settings)
    twin = Network(**network.describe())
    assert twin.describe() == network.describe()
    assert twin.params.keys() == network.params.keys()
    twin.params.flat[:] = network.params.flat
    rows = np.ones((2, 3))
    np.testing.assert_array_equal(twin.predict(rows), network.predict(rows))


def test_the_summary_counts_parameters_as_keras_does() -> None:
    rows = Network(2, [10, 10], 1, loss="binary_cross_entropy").summary()
    assert [row.parameters for row in rows] == [30, 110, 11]
    assert [row.what for row in rows] == ["relu", "relu", "sigmoid"]
    assert [row.name for row in rows] == ["dense_1", "dense_2", "dense_3"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"architecture": [0]}, "must be a whole number of at least 1"),
        ({"activation": "tahn"}, "'tahn' is not one of linear, "),
        ({"loss": "binary_cross_entropy", "output_activation": "tanh"}, "must be sigmoid"),
        ({"loss": "cross_entropy", "output_activation": "sigmoid"}, "must be softmax"),
        ({"loss": "mean_squared_error", "output_activation": "softmax"}, "'softmax' is not one"),
        ({"architecture": 8}, "must be a list of layers"),
        (
            {"architecture": [{"units": 3, "activaton": "tanh"}]},
            "takes `units`, `activation`",
        ),
        ({"architecture": ["a"]}, "must be a whole number of at least 1"),
        (
            {"architecture": [{"activation": "tanh"}]},
            "takes `units`, `activation`",
        ),
        ({"activation": {"name": "elu", "foo": 1}}, "elu does not take these arguments"),
        ({"activation": {"alpha": 1}}, "None is not one of linear"),
        ({"output_activation": {"alpha": 1}}, "None is not one of linear"),
        ({"initializer": {"mean": 1}}, "None is not one of zeros"),
        ({"output_activation": HeNormal()}, r"HeNormal\(\) is not one of linear"),
        ({"dtype": "foo"}, "`dtype` must be float32 or float64"),
        ({"dtype": "int32"}, "`dtype` must be float32 or float64"),
    ],
)
def test_what_cannot_be_built_is_refused(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Network(2, **{"architecture": [3], "outputs": 1, **arguments})


@pytest.mark.parametrize("rows", [np.ones(2), np.ones((1, 3)), np.ones((1, 2, 1))])
def test_inputs_of_another_shape_are_refused(rows: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"must have the shape \(rows, 2\)"):
        Network(2, [3], 1).predict(rows)
