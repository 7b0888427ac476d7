"""Keeping the best epoch: which one it is, and when the network gets its weights."""

from math import nan

import numpy as np
import pytest

from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.early_stopping import EarlyStopping
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.keep_best import KeepBest

X, Y = np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]])


def observe(best: KeepBest, values: list[float | None]) -> Network:
    """Shows epochs of these values, all parameters being the number of the epoch."""
    network = Network(1, [], 1)
    for epoch, value in enumerate(values, 1):
        network.weights[:] = epoch
        scores = {"loss": 1.0} if value is None else {"loss": 1.0, best.monitor: value}
        best.observe(EpochRecord(epoch, scores, 0.1, 0.0), network)
    return network


@pytest.mark.parametrize(
    ("monitor", "values", "epoch"),
    [
        ("val_loss", [3, 1, 2], 2),
        ("val_loss", [1, 1, 1], 1),
        ("val_loss", [nan, 7, None, 8], 2),
        ("val_accuracy", [0.5, 0.9, 0.9], 2),
        ("mae", [2, None, 1], 3),
    ],
)
def test_the_best_is_the_first_of_the_best_values(
    monitor: str, values: list[float | None], epoch: int
) -> None:
    best = KeepBest(monitor)
    network = observe(best, values)
    assert best.record is not None
    assert best.record.epoch == epoch
    best.install(network)
    assert set(network.weights.tolist()) == {epoch}


def test_without_weights_the_epoch_is_only_noted() -> None:
    best = KeepBest("loss", keep_weights=False)
    network = observe(best, [3, 1, 2])
    assert best.record is not None
    assert best.record.epoch == 2
    best.install(network)
    assert set(network.weights.tolist()) == {3}


def train(
    best: KeepBest, epochs: int, stopping: EarlyStopping | None = None
) -> tuple[Network, list[np.ndarray]]:
    """Trains with steps that are too large, so that the loss goes up and down."""
    network, seen = Network(1, [], 1, dtype="float64", initializer="zeros"), []
    for record in fit(
        network, X, Y, optimizer=SGD(), learning_rate=0.19, epochs=epochs, batch_size=1,
        validation=(X, Y), keep_best=best, early_stopping=stopping,
    ):  # fmt: skip
        seen.append(network.weights.copy())
        assert len(seen) == record.epoch
    return network, seen


def test_fit_ends_with_the_best_weights() -> None:
    best = KeepBest()
    network, seen = train(best, 12)
    assert best.record is not None
    assert 1 <= best.record.epoch < 12
    assert network.weights.tobytes() == seen[best.record.epoch - 1].tobytes()


def test_early_stopping_ends_fit_with_the_best_weights() -> None:
    best = KeepBest()
    network, seen = train(best, 1000, EarlyStopping(patience=3))
    assert best.record is not None
    assert len(seen) == best.record.epoch + 3
    assert network.weights.tobytes() == seen[best.record.epoch - 1].tobytes()


def test_a_caller_that_leaves_the_loop_has_the_last_weights_and_can_install_the_best() -> None:
    best = KeepBest()
    network = Network(1, [], 1, dtype="float64", initializer="zeros")
    seen = []
    for record in fit(
        network, X, Y, optimizer=SGD(), learning_rate=0.19, epochs=99, batch_size=1,
        validation=(X, Y), keep_best=best,
    ):  # fmt: skip
        seen.append(network.weights.copy())
        if best.record and record.epoch > best.record.epoch:
            break
    assert network.weights.tobytes() == seen[-1].tobytes()
    best.install(network)
    assert network.weights.tobytes() == seen[-2].tobytes()


def test_what_is_kept_is_calibrated_and_the_network_is_not() -> None:
    network = Network(2, [3], 2, loss="cross_entropy", dtype="float64", seed=1)
    before, logits = network.weights.copy(), network.logits(np.eye(2))
    best = KeepBest()
    best.observe(EpochRecord(1, {"loss": 1.0, "val_loss": 1.0}, 0.1, 0.0), network, 4.0)
    assert network.weights.tobytes() == before.tobytes()
    best.install(network)
    np.testing.assert_allclose(network.logits(np.eye(2)), logits / 4, rtol=1e-14)


@pytest.mark.parametrize("monitor", ["loss", "val_calibrated_loss"])
def test_fit_keeps_the_calibrated_weights_of_an_epoch_that_was_validated(monitor: str) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 2)), rng.integers(0, 2, 30)
    held_out = rng.normal(size=(20, 2)), rng.integers(0, 2, 20)
    records = {}
    best = KeepBest(monitor)
    network = Network(2, [8], 2, loss="cross_entropy", dtype="float64", seed=1)
    for record in fit(
        network, x, y, optimizer=SGD(), learning_rate=0.5, epochs=20, validation=held_out,
        validate_every=3, keep_best=best, calibrate=True,
    ):  # fmt: skip
        records[record.epoch] = record.scores
    validated = {epoch for epoch, scores in records.items() if "val_calibrated_loss" in scores}
    assert validated == {1, 3, 6, 9, 12, 15, 18, 20}
    assert best.record is not None
    assert best.record.epoch == min(validated, key=lambda epoch: records[epoch][monitor])
    loss, accuracy = evaluate(network, *held_out)
    assert loss == pytest.approx(best.record.scores["val_calibrated_loss"], rel=1e-12)
    assert accuracy == best.record.scores["val_accuracy"]
    assert loss < best.record.scores["val_loss"]  # the labels are pure chance


@pytest.mark.parametrize("watch", [{"keep_best": KeepBest()}, {"early_stopping": EarlyStopping()}])
def test_a_figure_that_is_not_measured_is_refused(
    watch: dict[str, KeepBest | EarlyStopping],
) -> None:
    with pytest.raises(ValueError, match="`monitor` must be one of loss, mae; got 'val_loss'"):
        fit(Network(1, [], 1), X, Y, optimizer=SGD(), **watch)  # type: ignore[arg-type]  # either
