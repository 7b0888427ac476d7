"""Parameters as a network takes them, and the first weights as scikit-learn draws them."""

from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier as Theirs

from nnscratch.estimators import MLPClassifier
from nnscratch.estimators.settings import build_network, hidden_layers, set_weights
from nnscratch.nn.losses.classification import CrossEntropy


@pytest.mark.parametrize(
    ("given", "layers"),
    [
        (5, [5]),
        ((5, 3), [5, 3]),
        (np.array([5, 3]), [5, 3]),
        ((), []),
        (
            [{"units": 5, "activation": "logistic"}, {"units": 3, "dropout": 0.1}],
            [{"units": 5, "activation": "sigmoid"}, {"units": 3, "dropout": 0.1}],
        ),
    ],
)
def test_layers_are_numbers_or_mappings(given: Any, layers: list[Any]) -> None:
    assert hidden_layers(given) == layers


@pytest.mark.parametrize("given", [0, (5, 0), (-1,), [{"units": 0}], [{"dropout": 0.1}]])
def test_a_layer_without_units_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="hidden_layer_sizes must be > 0"):
        hidden_layers(given)


@pytest.mark.parametrize("activation", ["relu", "logistic"])
def test_the_first_weights_are_those_that_scikit_learn_draws(activation: str) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 4)), np.arange(9) % 3
    settings: dict[str, Any] = {"hidden_layer_sizes": (5, 2), "activation": activation}
    # A step of nothing leaves the weights as they are drawn.
    theirs = Theirs(
        **settings, random_state=3, max_iter=1, learning_rate_init=1e-300, solver="sgd", alpha=0
    )
    with pytest.warns(match="Maximum iterations"):
        theirs.fit(x, y)
    estimator = MLPClassifier(**settings)
    random = np.random.RandomState(3)
    network = build_network(estimator, 4, 3, CrossEntropy(), np.float64, random)
    for dense, coef, intercept in zip(
        network.dense, theirs.coefs_, theirs.intercepts_, strict=True
    ):
        np.testing.assert_array_equal(dense.kernel, coef)
        assert dense.bias is not None
        np.testing.assert_array_equal(dense.bias, intercept)


def test_an_initializer_of_nnscratch_has_biases_of_zero() -> None:
    estimator = MLPClassifier(hidden_layer_sizes=50, initializer="he_normal")
    random = np.random.RandomState(3)
    network = build_network(estimator, 40, 3, CrossEntropy(), np.float32, random)
    assert not network.params["dense_1.bias"].any()
    assert network.params["dense_1.kernel"].std() == pytest.approx((2 / 40) ** 0.5, rel=0.05)
    assert network.dtype == np.float32


def test_weights_of_another_shape_are_refused() -> None:
    network = build_network(MLPClassifier(hidden_layer_sizes=2), 3, 1, CrossEntropy(), "float64")
    coefs = [dense.kernel for dense in network.dense]
    intercepts = [dense.bias for dense in network.dense]
    coefs[0] = np.ones((3, 2))
    set_weights(network, coefs, intercepts)
    assert network.params["dense_1.kernel"].tolist() == [[1.0, 1.0]] * 3
    coefs[0] = np.ones((2, 3))
    with pytest.raises(ValueError, match=r"Layer 0 of `coefs_` .* shape \(3, 2\); got \(2, 3\)"):
        set_weights(network, coefs, intercepts)
