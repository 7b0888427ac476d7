"""First weights: which initializer draws what, and in what order."""

import numpy as np
import pytest

from nnscratch.nn.network import Network


def test_the_default_is_that_of_the_activation() -> None:
    network = Network(400, [300], 200, seed=3)
    # he_normal before relu, glorot_uniform before the logits.
    assert network.params["dense_1.kernel"].std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert np.abs(network.params["dense_2.kernel"]).max() <= np.sqrt(6 / 500)
    assert not network.params["dense_1.bias"].any()


def test_one_that_is_named_draws_all_kernels() -> None:
    network = Network(4, [3], 2, initializer={"name": "uniform", "minval": 1.0, "maxval": 2.0})
    for number in (1, 2):
        kernel = network.params[f"dense_{number}.kernel"]
        assert kernel.min() >= 1.0
        assert kernel.max() <= 2.0


def test_an_embedding_leaves_the_kernels_as_they_are() -> None:
    plain = Network(5, [3], 2, seed=3)
    embedded = Network(4, [3], 2, seed=3, numeric_embedding={"columns": (0,), "size": 1})
    for name, values in plain.params.items():
        np.testing.assert_array_equal(values, embedded.params[name])


def test_an_unknown_initializer_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of"):
        Network(2, [2], 1, initializer="ones")
