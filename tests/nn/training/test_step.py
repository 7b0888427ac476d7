"""A training step: its helpers by hand, and the first step on its own beside that of `fit`."""

import numpy as np
import pytest

from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.optimizers.lbfgs import LBFGS
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
