"""Schedules: values worked out by hand, at the start, on the way, at the end and beyond."""

from math import cos, pi

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.registry import create
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.schedules import SCHEDULES, Schedule

STEPS, EPOCHS = 10, 8  # steps in an epoch, epochs


def factor(spec: str | dict[str, object], epoch: float, epochs: int = EPOCHS) -> float:
    return create(SCHEDULES, spec).factor(round(epoch * STEPS), STEPS, epochs)


@pytest.mark.parametrize(
    ("spec", "epoch", "expected"),
    [
        ("constant", 0, 1),
        ("constant", 8, 1),
        ({"name": "step", "every": 2, "gamma": 0.5}, 1.9, 1),
        ({"name": "step", "every": 2, "gamma": 0.5}, 2, 0.5),
        ({"name": "step", "every": 2, "gamma": 0.5}, 7.9, 0.125),
        # 0.3 / 0.1 is 2.9999999999999996 in binary, and 0.6 / 0.1 is 5.999999999999999.
        ({"name": "step", "every": 0.1, "gamma": 0.5}, 0.3, 0.125),
        ({"name": "step", "every": 0.1, "gamma": 0.5}, 0.6, 1 / 64),
        ({"name": "exponential", "gamma": 0.5}, 0, 1),
        ({"name": "exponential", "gamma": 0.5}, 3, 0.125),
        ({"name": "exponential", "gamma": 0.25}, 0.5, 0.5),
        ({"name": "inverse_time", "decay_rate": 2}, 0, 1),
        ({"name": "inverse_time", "decay_rate": 2}, 3, 1 / 7),
        ("linear", 0, 1),
        ("linear", 2, 0.75),
        ("linear", 8, 0),
        ({"name": "linear", "end": 0.2}, 4, 0.6),
        ("polynomial", 4, 0.25),
        ({"name": "polynomial", "power": 3, "end": 0.5}, 4, 0.5 + 0.5 / 8),
        ("cosine", 0, 1),
        ("cosine", 4, 0.5),
        ("cosine", 2, (1 + cos(pi / 4)) / 2),
        ({"name": "cosine", "end": 0.1}, 8, 0.1),
        ({"name": "one_cycle", "start": 0.1, "peak": 0.25, "end": 0.01}, 0, 0.1),
        ({"name": "one_cycle", "start": 0.1, "peak": 0.25, "end": 0.01}, 1, 0.55),
        ({"name": "one_cycle", "start": 0.1, "peak": 0.25, "end": 0.01}, 2, 1),
        ({"name": "one_cycle", "start": 0.1, "peak": 0.25, "end": 0.01}, 5, 0.505),
        ({"name": "one_cycle", "start": 0.1, "peak": 0.25, "end": 0.01}, 8, 0.01),
    ],
)
def test_factors(spec: str | dict[str, object], epoch: float, expected: float) -> None:
    assert factor(spec, epoch) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_warm_up_rises_in_equal_steps_and_the_schedule_begins_after_it(name: str) -> None:
    warm = create(SCHEDULES, {"name": name, "warmup_epochs": 2})
    rising = [warm.factor(step, STEPS, EPOCHS) for step in range(2 * STEPS)]
    np.testing.assert_allclose(rising, np.arange(1, 21) / 20)
    cold = create(SCHEDULES, name)
    for step in range(6 * STEPS):
        later = warm.factor(step + 2 * STEPS, STEPS, EPOCHS)
        assert later == pytest.approx(cold.factor(step, STEPS, EPOCHS - 2), rel=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_factor_is_never_above_one_nor_below_zero_and_stays_at_its_end(name: str) -> None:
    schedule = create(SCHEDULES, name)
    factors = [schedule.factor(step, STEPS, EPOCHS) for step in range(STEPS * EPOCHS + 50)]
    assert min(factors) >= 0
    assert max(factors) <= 1
    assert len(set(factors[STEPS * EPOCHS :])) == 1


def rates(schedule: str | Schedule, batch_size: int | None) -> list[float]:
    network = Network(1, [], 1)
    rows = np.linspace(-1, 1, 10)[:, np.newaxis]
    records = fit(
        network, rows, rows, optimizer=SGD(), learning_rate=0.5, schedule=schedule, epochs=4,
        batch_size=batch_size,
    )  # fmt: skip
    return [record.learning_rate for record in records]


def test_an_epochs_record_has_the_rate_of_its_last_step() -> None:
    # Four steps an epoch (three rows, the last batch one), sixteen in all: 1 − step / 16.
    assert rates("linear", 3) == pytest.approx([0.5 * (1 - step / 16) for step in (3, 7, 11, 15)])
    assert rates("linear", None) == pytest.approx([0.5, 0.375, 0.25, 0.125])
    assert rates("constant", 3) == [0.5] * 4


def test_plain_descent_moves_by_the_scheduled_rate() -> None:
    # One weight w, no bias, one row x = 1, y = 0, mean squared error: the gradient is 2 w.
    network = Network(1, [], 1, use_bias=False, dtype="float64", initializer="glorot_uniform")
    network.params.flat[:] = 1.0
    for _ in fit(
        network, [[1.0]], [[0.0]], optimizer=SGD(), learning_rate=0.25, epochs=2, batch_size=None,
        schedule={"name": "exponential", "gamma": 0.5},
    ):  # fmt: skip
        pass
    assert network.params.flat[0] == pytest.approx((1 - 0.25 * 2) * (1 - 0.125 * 2), rel=1e-15)
