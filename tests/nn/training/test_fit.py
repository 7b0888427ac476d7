"""The training loop: its steps by hand, its order of rows, its figures, and how it stops."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

from nnscratch.errors import DivergedError
from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.training.fit import fit

ROWS = np.random.default_rng(0).normal(size=(10, 2))
LABELS = (ROWS[:, :1] > 0).astype(float)


def one_weight(loss: str = "mean_squared_error") -> Network:
    """Returns the network z = w x + b with w = 2 and b = 1."""
    network = Network(1, [], 1, loss=loss, dtype="float64")
    network.params.flat[:] = [2.0, 1.0]
    return network


@pytest.mark.parametrize(
    ("before", "scores"),
    [(True, {"loss": 22.5, "mae": 4.5}), (False, {"loss": 17.5842, "mae": 3.99})],
)
def test_a_step_by_hand(before: bool, scores: dict[str, float]) -> None:
    # x = 1, 3 and y = 0, 1: z = 3, 7, d = 3, 6; loss 45/2; dw = 2 (3 + 18) / 2, db = 2 (3 + 6) / 2
    # Then w = 1.79, b = 0.91: z = 2.7, 6.28, d = 2.7, 5.28; loss (7.29 + 27.8784) / 2.
    network = one_weight()
    (record,) = fit(
        network,
        np.array([[1.0], [3.0]]),
        np.array([[0.0], [1.0]]),
        optimizer=SGD(),
        learning_rate=0.01,
        epochs=1,
        batch_size=None,
        measure_before=before,
    )
    assert record.epoch == 1
    assert record.scores == pytest.approx(scores, rel=1e-14)
    assert record.learning_rate == 0.01
    np.testing.assert_allclose(network.params.flat, [2 - 0.21, 1 - 0.09], rtol=1e-15)


def test_an_epochs_figures_are_means_over_rows_not_over_batches() -> None:
    # With a learning rate of nearly nothing the batches of 4, 4 and 2 rows are one evaluation.
    network = Network(2, [3], 1, loss="binary_cross_entropy", dtype="float64")
    (record,) = fit(
        network, ROWS, LABELS, optimizer=SGD(), learning_rate=1e-300, epochs=1, batch_size=4
    )
    loss, accuracy = evaluate(network, ROWS, LABELS)
    assert record.scores["loss"] == pytest.approx(loss, rel=1e-12)
    assert record.scores["accuracy"] == pytest.approx(accuracy, rel=1e-12)
    right = (network.predict(ROWS) > 0.5) == (LABELS > 0.5)
    assert accuracy == pytest.approx(right.mean())


def test_every_row_is_seen_once_an_epoch_in_an_order_of_its_own() -> None:
    seen: list[list[float]] = []

    class Recorder(Network):
        def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
            seen[-1].extend(x[:, 0].tolist())
            return super().forward(x, training=training)

    rows = np.arange(10.0)[:, np.newaxis]
    training = fit(
        Recorder(1, [], 1, dtype="float64"),
        rows,
        rows,
        optimizer=SGD(),
        learning_rate=1e-9,
        epochs=3,
        batch_size=3,
    )
    for _ in range(3):
        seen.append([])
        next(training)
    assert all(sorted(order) == list(range(10)) for order in seen)
    assert len({tuple(order) for order in seen}) == 3


def weights_after(epochs: int, *, seed: int = 42, dtype: str = "float32") -> np.ndarray:
    network = Network(2, [8], 1, loss="binary_cross_entropy", seed=seed, dtype=dtype)
    for _ in fit(network, ROWS, LABELS, optimizer=Adam(), epochs=epochs, batch_size=3, seed=seed):
        pass
    return network.params.flat


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(dtype: str) -> None:
    first = weights_after(5, dtype=dtype)
    assert first.tobytes() == weights_after(5, dtype=dtype).tobytes()
    assert first.tobytes() != weights_after(5, seed=1, dtype=dtype).tobytes()


def test_leaving_the_loop_stops_after_that_epoch() -> None:
    network = Network(2, [8], 1, loss="binary_cross_entropy")
    training = fit(network, ROWS, LABELS, optimizer=Adam(), epochs=1000, batch_size=3)
    assert [record.epoch for record in islice(training, 5)] == [1, 2, 3, 4, 5]
    assert network.params.flat.tobytes() == weights_after(5).tobytes()


def test_validation_is_evaluated_after_the_epoch() -> None:
    network = one_weight()
    x, y = np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]])
    (record,) = fit(
        network,
        x,
        y,
        optimizer=SGD(),
        learning_rate=0.01,
        epochs=1,
        batch_size=None,
        validation=(np.array([[1.0]]), np.array([[0.0]])),
    )
    # w = 1.79, b = 0.91: z = 2.7
    assert record.scores["val_loss"] == pytest.approx(2.7**2, rel=1e-14)
    assert record.scores["val_mae"] == pytest.approx(2.7, rel=1e-14)


def test_a_gate_is_learned() -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0], [1], [1], [0]])
    network = Network(2, [8], 1, activation="tanh", loss="binary_cross_entropy")
    *_, last = fit(network, x, y, optimizer=Adam(), learning_rate=0.05, epochs=500)
    assert last.scores["accuracy"] == 1.0
    assert np.abs(network.predict(x) - y).max() < 0.1


@pytest.mark.parametrize(
    ("spec", "same"),
    [("adam", Adam()), ({"name": "sgd", "momentum": 0.5}, SGD(momentum=0.5))],
    ids=["name", "mapping"],
)
def test_an_optimizer_may_be_given_by_its_name(spec: Any, same: Optimizer) -> None:
    x, y = np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])
    networks = [Network(1, [3], 1), Network(1, [3], 1)]
    for network, optimizer in zip(networks, (spec, same), strict=True):
        list(fit(network, x, y, optimizer=optimizer, epochs=3))
    assert networks[0].weights.tobytes() == networks[1].weights.tobytes()


def test_an_unknown_optimizer_is_refused_with_all_names() -> None:
    with pytest.raises(ValueError, match=r"'adamm' is not one of .*adam, "):
        fit(Network(1, [3], 1), [[0.0]], [[1.0]], optimizer="adamm")


def test_classes_are_learned_from_indices() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 150)
    x = np.eye(3)[labels][:, :2] * 4 + rng.normal(size=(150, 2))
    network = Network(2, [16], 3, loss="cross_entropy")
    *_, last = fit(network, x, labels, optimizer=Adam(), learning_rate=0.01, epochs=60)
    assert last.scores["accuracy"] > 0.9


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_divergence_stops_before_the_weights_are_spoilt() -> None:
    network = one_weight()
    training = fit(
        network,
        np.array([[1.0], [3.0]]),
        np.array([[0.0], [1.0]]),
        optimizer=SGD(),
        learning_rate=1e6,
        epochs=100,
        batch_size=None,
    )
    with pytest.raises(DivergedError, match=r"diverged in epoch \d+ \(step \d+\)"):
        list(training)
    assert np.isfinite(network.params.flat).all()


def test_an_unfinished_epoch_changes_nothing() -> None:
    class Interrupted(Adam):
        def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
            super().step(params, grads, learning_rate)
            if self.steps == 10:  # the second of epoch 3's four steps
                raise KeyboardInterrupt

    network = Network(2, [8], 1, loss="binary_cross_entropy")
    training = fit(network, ROWS, LABELS, optimizer=Interrupted(), epochs=5, batch_size=3)
    with pytest.raises(KeyboardInterrupt):
        list(training)
    assert network.params.flat.tobytes() == weights_after(2).tobytes()


def test_weights_that_a_step_made_infinite_are_a_divergence() -> None:
    class Spoiler(SGD):
        def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
            params[0] = np.nan

    network = one_weight()
    with pytest.raises(DivergedError, match="not finite"):
        list(fit(network, np.ones((1, 1)), np.ones((1, 1)), optimizer=Spoiler(), epochs=1))
    assert network.params.flat.tolist() == [2.0, 1.0]


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_a_huge_gradient_that_is_finite_is_no_divergence() -> None:
    # 1e20 squared is beyond float32, so the product of the gradient with itself overflows.
    network = Network(1, [], 1, loss="mean_absolute_error", initializer="zeros")
    rows = np.array([[1e20]], "float32")
    settings: dict[str, Any] = {"learning_rate": 1e-30, "epochs": 1, "measure_before": True}
    (record,) = fit(network, rows, np.ones((1, 1)), optimizer=SGD(), **settings)
    assert record.scores["loss"] == 1.0


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"batch_size": 0}, {"batch_size": -1}])
def test_no_epochs_or_rows_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        next(fit(Network(2, [3], 1), ROWS, LABELS, optimizer=SGD(), **settings))


def test_a_nan_in_the_data_is_a_divergence_and_not_a_result() -> None:
    network = one_weight()
    before = network.params.flat.copy()
    with pytest.raises(DivergedError, match=r"epoch 1 \(step 1\): the loss is nan"):
        next(fit(network, np.array([[np.nan]]), np.array([[1.0]]), optimizer=SGD()))
    np.testing.assert_array_equal(network.params.flat, before)


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        (np.ones((4, 3)), np.ones((4, 1))),
        (np.ones((4, 2)), np.ones((3, 1))),
        (np.ones((4, 2)), np.ones(4)),
        (np.ones((4, 2)), np.ones((4, 2))),
        (np.ones((0, 2)), np.ones((0, 1))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(inputs: np.ndarray, targets: np.ndarray) -> None:
    with pytest.raises(ValueError, match="must have the shape"):
        next(fit(Network(2, [3], 1), inputs, targets, optimizer=SGD()))


@pytest.mark.parametrize("indices", [[0, 3], [-1, 0], [0.0, 1.0]])
def test_class_indices_that_are_none_are_refused(indices: list[float]) -> None:
    network = Network(2, [], 3, loss="cross_entropy")
    with pytest.raises(ValueError, match="class indices from 0 to 2"):
        next(fit(network, np.ones((2, 2)), indices, optimizer=SGD()))


def test_validation_that_does_not_fit_is_refused_before_the_first_epoch() -> None:
    network = Network(2, [3], 1)
    before = network.params.flat.copy()
    wrong = (np.ones((1, 3)), np.ones((1, 1)))
    with pytest.raises(ValueError, match="must have the shape"):
        next(fit(network, ROWS, LABELS, optimizer=SGD(), validation=wrong))
    np.testing.assert_array_equal(network.params.flat, before)
