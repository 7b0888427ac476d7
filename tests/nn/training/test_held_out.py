"""Held-out rows: their figures by name, and the temperature of those of validation."""

from typing import Any

import numpy as np
import pytest

from nnscratch.nn.calibration import calibrated_weights, find_temperature
from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.metrics import CategoricalAccuracy
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.training.held_out import HeldOut

RNG = np.random.default_rng(1)
X, Y = RNG.normal(size=(ROWS_AT_ONCE + 7, 2)), RNG.integers(0, 3, ROWS_AT_ONCE + 7)
WEIGHTS = RNG.uniform(size=len(Y))
FEW = X[:9], Y[:9]


def make_network() -> Network:
    network = Network(2, [3], 3, loss="cross_entropy", seed=1)
    network.weights[:] *= 5
    return network


def test_the_figures_have_the_prefix_of_their_part() -> None:
    network, metric = make_network(), CategoricalAccuracy()
    parts = HeldOut(network, {"val": FEW, "test": (X, Y, WEIGHTS)})
    found = parts.evaluate(network, metric)
    assert [*found.scores] == parts.names(metric)
    assert parts.names(metric) == ["val_loss", "val_accuracy", "test_loss", "test_accuracy"]
    assert (found.scores["val_loss"], found.scores["val_accuracy"]) == evaluate(network, *FEW)
    assert found.scores["test_loss"] == evaluate(network, X, Y, weights=WEIGHTS)[0]
    assert found.temperature is None
    assert HeldOut(network, {"val": None, "test": None}).evaluate(network, metric) == ({}, None)


def test_the_calibrated_loss_is_that_of_the_calibrated_network() -> None:
    network, metric = make_network(), CategoricalAccuracy()
    parts = HeldOut(network, {"val": (X, Y, WEIGHTS), "test": FEW}, calibrate=True)
    assert sorted(parts.names(metric)) == [
        "test_accuracy", "test_loss", "val_accuracy", "val_calibrated_loss", "val_loss",
    ]  # fmt: skip
    scores, temperature = parts.evaluate(network, metric)
    assert sorted(scores) == sorted(parts.names(metric))
    assert temperature == pytest.approx(
        find_temperature(network.loss, network.logits(X), Y, WEIGHTS), rel=1e-9
    )
    plain = HeldOut(network, {"val": (X, Y, WEIGHTS), "test": FEW}).evaluate(network, metric).scores
    assert plain == {name: scores[name] for name in plain}
    assert temperature is not None
    network.weights[:] = calibrated_weights(network, temperature)
    loss, accuracy = evaluate(network, X, Y, weights=WEIGHTS)
    assert loss == pytest.approx(scores["val_calibrated_loss"], rel=1e-6)
    assert accuracy == scores["val_accuracy"]


@pytest.mark.parametrize(
    ("network", "parts", "found"),
    [
        (make_network(), {"val": None, "test": FEW}, r"rows of the part `val`; got test\."),
        (make_network(), {"val": None}, r"rows of the part `val`; got none\."),
        (Network(2, [], 1), {"val": (X, X[:, :1])}, r"with probabilities; got MeanSquaredError\."),
        (
            Network(2, [], 1, loss="hinge"),
            {"val": (X, np.where(X[:, :1] > 0, 1, -1))},
            r"with probabilities; got Hinge\.",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    network: Network, parts: dict[str, Any], found: str
) -> None:
    with pytest.raises(ValueError, match=f"`calibrate` needs .*{found}"):
        HeldOut(network, parts, calibrate=True)
