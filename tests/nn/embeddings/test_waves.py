"""Waves of numbers: the formula, one number at a time, and what they refuse."""

import math
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.embeddings.waves import WaveLayer, Waves
from nnscratch.nn.network import Network
from tests.nn.embeddings.input_gradients import assert_input_gradient

WAVES: dict[str, Any] = {"columns": (2, 0), "waves": 5, "size": 2, "sigma": 3.0}


def build(**settings: Any) -> Network:
    return Network(3, [4], 1, numeric_embedding={**WAVES, **settings}, dtype="float64", seed=1)


def test_the_waves_of_each_column_are_appended() -> None:
    network = build()
    layer = network.layers["embedding"]
    x = np.array([[0.3, -1.0, 2.0], [1.5, 0.0, -0.7]])
    f, phases, kernel, bias = (
        network.params[f"embedding.{key}"] for key in ("frequencies", "phases", "kernel", "bias")
    )

    output = layer.forward(x)

    def embedded(value: float, column: int, number: int) -> float:
        total = float(bias[column, number])
        for k in range(5):
            wave = math.cos(2 * math.pi * value * f[column, k] + phases[column, k])
            total += wave * kernel[column, k, number]
        return total

    expected = [
        [*row, *(embedded(row[at], i, n) for i, at in enumerate((2, 0)) for n in range(2))]
        for row in x.tolist()
    ]
    np.testing.assert_allclose(output, expected, rtol=1e-12)
    assert network.dense[0].in_features == 3 + 2 * 2


def test_the_gradient_by_the_inputs_is_that_of_finite_differences() -> None:
    layer, rng = build().layers["embedding"], np.random.default_rng(2)
    x, grad = rng.normal(size=(4, 3)), rng.normal(size=(4, 7))
    assert_input_gradient(layer, x, grad)


def test_first_weights_are_of_the_sizes_that_the_settings_say() -> None:
    network = Network(
        200, [3], 1, numeric_embedding={"columns": range(200), "waves": 100, "sigma": 0.5}
    )
    params = network.params
    assert params["embedding.frequencies"].std() == pytest.approx(0.5, rel=0.05)
    assert np.abs(params["embedding.phases"]).max() == pytest.approx(math.pi, rel=0.01)
    for key in ("kernel", "bias"):
        assert np.abs(params[f"embedding.{key}"]).max() == pytest.approx(0.1, rel=0.02)


def test_the_other_weights_are_drawn_as_without() -> None:
    scaled, plain = build(), Network(7, [4], 1, dtype="float64", seed=1)
    for name, values in plain.params.items():
        np.testing.assert_array_equal(values, scaled.params[name])


@pytest.mark.parametrize(
    ("settings", "about"),
    [
        ({"columns": ()}, "columns"),
        ({"columns": (0, 0)}, "columns"),
        ({"columns": (-1,)}, "columns"),
        ({"columns": (0.5,)}, "columns"),
        ({"columns": (3,)}, "must be below 3"),
        ({"columns": 4}, "does not take these arguments"),
        ({"waves": 0}, "waves"),
        ({"waves": 2.5}, "waves"),
        ({"size": 0}, "size"),
        ({"sigma": 0.0}, "sigma"),
        ({"sigma": math.nan}, "sigma"),
        ({"sigma": "1"}, "sigma"),
        ({"length": 3}, "does not take these arguments"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any], about: str) -> None:
    with pytest.raises(ValueError, match=about):
        build(**settings)


def test_a_network_is_described_and_built_again() -> None:
    network = build()
    again = Network(**network.describe(), seed=1)
    assert again.numeric_embedding == network.numeric_embedding == Waves(**WAVES)
    assert {n: a.shape for n, a in again.params.items()} == {
        n: a.shape for n, a in network.params.items()
    }
    assert isinstance(again.layers["embedding"], WaveLayer)
