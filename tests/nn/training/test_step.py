"""A training step: its helpers by hand, and the first step on its own beside that of `fit`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnscratch.errors import DivergedError
from nnscratch.nn.losses.regression import MeanSquaredError
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.early_stopping import EarlyStopping
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.schedules import StepSchedule
from nnscratch.nn.training.step import clip, first_step, is_finite, plan_rate


@pytest.mark.parametrize(("norm", "expected"), [(10.0, [3.0, 4.0]), (2.5, [1.5, 2.0])])
def test_a_gradient_is_clipped_to_a_norm(norm: float, expected: list[float]) -> None:
    grads = np.array([3.0, 4.0])  # of norm 5
    clip(grads, norm)
    assert grads.tolist() == expected


@pytest.mark.parametrize(
    ("values", "finite"),
    [([1.0, -2.0], True), ([1e30, 1e30], True), ([1.0, np.nan], False), ([np.inf, 1.0], False)],
)
@np.errstate(over="ignore")
def test_a_huge_number_is_finite_and_nan_is_not(values: list[float], finite: bool) -> None:
    assert is_finite(np.array(values, "float32")) is finite


def test_the_rate_of_a_step_counts_the_batches_of_an_epoch() -> None:
    # 10 rows in batches of 4 are three steps an epoch; the rate halves after each epoch.
    rate = plan_rate(0.8, StepSchedule(every=1, gamma=0.5), 10, 4, 3)
    assert [rate(step) for step in (0, 2, 3, 5, 6)] == [0.8, 0.8, 0.4, 0.4, 0.2]
    assert plan_rate(0.8, None, 10, 4, 3)(99) == 0.8


def test_the_first_step_is_that_of_fit() -> None:
    x, y = np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]])
    one, other = (Network(1, [3], 1, dtype="float64", seed=3) for _ in range(2))
    settings = {"penalty": Penalty(l2=0.1), "clip_norm": 0.5, "max_norm": 1.0}
    before = one.params.flat.copy()
    one.backward(one.loss(one.forward(x, training=True), y)[1])
    change = first_step(one, Adam(), 0.1, **settings)  # type: ignore[arg-type]  # each its own
    list(
        fit(other, x, y, optimizer=Adam(), learning_rate=0.1, epochs=1, batch_size=None, **settings)  # type: ignore[arg-type]  # each its own
    )
    assert one.params.flat.tobytes() == other.params.flat.tobytes()
    np.testing.assert_array_equal(change, one.params.flat - before)


@pytest.mark.parametrize(("optimizer", "rate"), [(SGD(), 0.001), (LBFGS(), 1.0)])
def test_without_a_rate_fit_takes_the_optimizers_own(optimizer: Optimizer, rate: float) -> None:
    x = np.array([[1.0], [3.0]])
    (record,) = fit(Network(1, [], 1), x, x, optimizer=optimizer, epochs=1, batch_size=None)
    assert record.learning_rate == rate


def weighted_rows(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, 2)), rng.integers(0, 3, rows), rng.integers(0, 4, rows)


@pytest.mark.parametrize("rows", [7, 2 * ROWS_AT_ONCE + 3])
@pytest.mark.parametrize("optimizer", [SGD(momentum=0.5), LBFGS()])
def test_a_weight_is_how_often_a_row_is_there(rows: int, optimizer: Optimizer) -> None:
    x, y, times = weighted_rows(rows)
    # The first and the last piece may count for nothing.
    times[:2] = times[-3:] = 0
    networks, records = [], []
    for inputs, targets, weights, part in (
        (x, y, 0.5 * times, (x, y, times)),
        (np.repeat(x, times, axis=0), np.repeat(y, times), None, None),
    ):
        network = Network(2, [4], 3, activation="tanh", loss="cross_entropy", dtype="float64")
        plain = optimizer.line_search
        records.append(
            list(
                fit(
                    network,
                    inputs,
                    targets,
                    weights=weights,
                    validation=part or (inputs, targets),
                    optimizer=optimizer,
                    learning_rate=1.0 if plain else 0.1,
                    epochs=3,
                    batch_size=None,
                    penalty=Penalty(l2=0.01),
                )
            )
        )
        networks.append(network)
    np.testing.assert_allclose(networks[0].weights, networks[1].weights, rtol=1e-8, atol=1e-12)
    for ours, theirs in zip(*records, strict=True):
        assert ours.scores == pytest.approx(theirs.scores, rel=1e-8)


def test_a_batch_without_weight_only_feels_the_penalty() -> None:
    network = Network(1, [], 1, dtype="float64")
    network.params.flat[:] = [2.0, 1.0]
    (record,) = fit(
        network,
        [[1.0], [3.0]],
        [[0.0], [1.0]],
        weights=[0.0, 5.0],
        optimizer=SGD(),
        learning_rate=0.01,
        penalty=Penalty(l2=0.5),
        epochs=1,
        batch_size=1,
    )
    # w = 2, b = 1: the row that counts has z = 7, or 6.94 after a step of −0.01 · 2 by the other.
    assert record.scores["loss"] in (pytest.approx(36.0), pytest.approx(5.94**2))


def test_equal_weights_change_nothing_but_rounding() -> None:
    x, y, _ = weighted_rows(50)
    networks = []
    for weights in (None, np.full(50, 3.0)):
        network = Network(2, [4], 3, activation="tanh", loss="cross_entropy", dtype="float64")
        for _ in fit(network, x, y, weights=weights, optimizer=Adam(), epochs=3, batch_size=8):
            pass
        networks.append(network)
    np.testing.assert_allclose(networks[0].weights, networks[1].weights, rtol=1e-9, atol=1e-12)


ROWS = np.random.default_rng(1).normal(size=(10, 2))
LABELS = (ROWS[:, :1] > 0.1).astype(float)
FULL: dict[str, Any] = {"epochs": 5, "batch_size": None, "validation": (ROWS, LABELS)}


def train(
    network: Network, *, change: int | None = None, **settings: Any
) -> tuple[bytes, list[dict[str, float]]]:
    """Trains five epochs with all rows in a step; halves all weights after one if asked to.

    Returns:
        The weights and the scores of all epochs.
    """
    all_scores = []
    for record in fit(network, ROWS, LABELS, **{**FULL, **settings}):
        all_scores.append(record.scores)
        if record.epoch == change:
            network.weights[:] /= 2
    return network.weights.tobytes(), all_scores


def classifier(**settings: Any) -> Network:
    return Network(2, [4], 1, loss="binary_cross_entropy", dtype="float64", **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "sgd", "learning_rate": 0.5, "batch_size": 10},
        {"optimizer": "adam", "penalty": Penalty(l2=0.1), "clip_norm": 0.1, "max_norm": 1.0},
        {"optimizer": "lbfgs", "penalty": Penalty(l2=0.1)},
        {"optimizer": "rprop", "early_stopping": EarlyStopping("val_loss", 9)},
        {"optimizer": "sgd", "schedule": "reduce_on_plateau"},  # by the validation loss
        {"optimizer": "sgd", "learning_rate": 0.5, "change": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("rows_at_once", [3, 1000])
def test_with_all_rows_in_a_step_training_and_validation_are_measured_with_the_same_weights(
    rows_at_once: int, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnscratch.nn.training.step.ROWS_AT_ONCE", rows_at_once)
    weights, scores = train(classifier(), **settings)
    for figures in scores:
        # The validation rows are those of the training.
        assert figures["loss"] == pytest.approx(figures["val_loss"], rel=1e-12)
        assert figures["accuracy"] == pytest.approx(figures["val_accuracy"])
    # The steps are what they are without that, also where the weights change in between.
    others, before = train(classifier(), **settings, measure_before=True)
    assert weights == others
    if "change" not in settings:
        losses = [figures["loss"] for figures in scores]
        assert losses[:-1] == [figures["loss"] for figures in before[1:]]


@pytest.mark.parametrize(
    ("network", "settings"),
    [
        ({"dropout": 0.3}, {}),
        ({"batch_norm": True}, {}),
        ({}, {"average": Average(0.9)}),
        ({}, {"batch_size": 5}),
        ({}, {"early_stopping": EarlyStopping("accuracy", 3)}),
        ({}, {"schedule": {"name": "reduce_on_plateau", "monitor": "loss"}}),
    ],
    ids=str,
)
def test_otherwise_training_is_measured_before_each_step(
    network: dict[str, Any], settings: dict[str, Any]
) -> None:
    found = train(classifier(**network), optimizer="adam", **settings)
    before = train(classifier(**network), optimizer="adam", **settings, measure_before=True)
    assert found == before


def test_a_loss_that_is_not_finite_ends_training_in_the_same_epoch_as_ever() -> None:
    def diverge(*, measure_before: bool) -> tuple[int, bytes, str]:
        network = Network(2, [4], 1, activation="exponential", dtype="float32")
        done, settings = 0, {**FULL, "epochs": 99, "learning_rate": 3.0}
        epochs = fit(
            network, ROWS * 9, LABELS, optimizer="sgd", measure_before=measure_before, **settings
        )
        with np.errstate(all="ignore"):
            try:
                for record in epochs:
                    done = record.epoch
            except DivergedError as error:
                return done, network.weights.tobytes(), str(error)
        raise AssertionError("it did not diverge")

    assert diverge(measure_before=False) == diverge(measure_before=True)


class CountingLBFGS(LBFGS):
    """Counts the lengths that its searches try."""

    trials = 0

    def search(
        self,
        params: Array,
        grads: Array,
        learning_rate: float,
        loss: float,
        objective: Callable[[], float],
    ) -> None:
        def counted() -> float:
            self.trials += 1
            return objective()

        super().search(params, grads, learning_rate, loss, counted)


class CountingMeanSquares(MeanSquaredError):  # noqa: N818 - it is no exception
    """Counts how often it is computed."""

    calls = 0

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        self.calls += 1
        return super().__call__(logits, targets, weights)


@pytest.mark.parametrize("measure_before", [True, False])
def test_a_step_begins_with_what_the_search_before_has_computed(measure_before: bool) -> None:
    x, y, _ = weighted_rows(30)
    targets = y[:, np.newaxis].astype(float)
    settings: dict[str, Any] = {"batch_size": None, "measure_before": measure_before}
    one = Network(2, [4], 1, activation="tanh", loss=CountingMeanSquares(), dtype="float64")
    optimizer = CountingLBFGS()
    for _ in fit(one, x, targets, optimizer=optimizer, epochs=8, **settings):
        pass
    # Each epoch by itself begins with a pass of its own, to the same bits.
    other, alone = Network(2, [4], 1, activation="tanh", dtype="float64"), LBFGS()
    for epoch in range(8):
        list(fit(other, x, targets, optimizer=alone, epochs=epoch + 1, after=epoch, **settings))
    assert one.weights.tobytes() == other.weights.tobytes()
    assert isinstance(one.loss, CountingMeanSquares)
    assert optimizer.trials >= 8
    assert one.loss.calls == 1 + optimizer.trials
