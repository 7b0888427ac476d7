"""Reduce-on-plateau agrees with Keras's rule, also through a training run with chosen losses."""

from collections.abc import Sequence
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.fit import EpochRecord, fit
from nnscratch.nn.training.schedules import PlateauSchedule


class Scripted(SGD):
    """Sets the only weight so that the loss for x = 1, y = 0 is what was asked for."""

    def __init__(self, losses: Sequence[float]) -> None:
        super().__init__()
        self.losses = losses

    def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
        params[:] = np.sqrt(self.losses[self.steps])
        self.steps += 1


def play(
    losses: Sequence[float], schedule: Any, *, validate_every: int = 1, **parts: Any
) -> list[EpochRecord]:
    """Trains with these validation losses."""
    network = Network(1, [], 1, use_bias=False, dtype="float64")
    one = (np.ones((1, 1)), np.zeros((1, 1)))
    return list(
        fit(
            network, *one, optimizer=Scripted(losses), learning_rate=8.0, schedule=schedule,
            epochs=len(losses), validate_every=validate_every, **{"validation": one, **parts},
        )
    )  # fmt: skip


def rates(losses: Sequence[float], **settings: Any) -> list[float]:
    schedule = {"name": "reduce_on_plateau", **settings}
    return [record.learning_rate for record in play(losses, schedule)]


@pytest.mark.parametrize(
    ("losses", "settings", "expected"),
    [
        # The first is the best; two without a better one, and the next epoch has half the rate.
        ([9, 9, 9, 9, 9, 9, 9], {"patience": 2}, [8, 8, 8, 4, 4, 2, 2]),
        ([9, 9, 9, 9], {"patience": 1}, [8, 8, 4, 2]),
        ([9, 8, 7, 6, 5], {"patience": 1}, [8, 8, 8, 8, 8]),
        ([9, 9, 4, 4, 4, 1], {"patience": 2}, [8, 8, 8, 8, 8, 4]),
        # What is better than its neighbour but not than the best does not count.
        ([1, 9, 8, 7, 6], {"patience": 2}, [8, 8, 8, 4, 4]),
        ([9, 8.5, 8, 7.5, 7], {"patience": 2, "min_delta": 3}, [8, 8, 8, 4, 4]),
        ([9, 7, 5, 3, 1], {"patience": 2, "min_delta": 3}, [8, 8, 8, 8, 8]),
        ([9] * 6, {"patience": 1, "gamma": 0.25, "end": 0.1}, [8, 8, 2, 0.8, 0.8, 0.8]),
        ([9] * 4, {"patience": 1, "gamma": 0.5, "end": 1}, [8, 8, 8, 8]),
        ([9] * 5, {"patience": 9}, [8] * 5),
    ],
)
def test_rates_by_hand(
    losses: list[float], settings: dict[str, Any], expected: list[float]
) -> None:
    assert rates(losses, **settings) == pytest.approx(expected, rel=1e-15)


def keras_factors(
    values: list[float], *, gamma: float, patience: int, min_delta: float, end: float, higher: bool
) -> list[float]:
    """Follows keras.callbacks.ReduceLROnPlateau, without a cooldown, from a rate of 1."""
    best, wait, rate, factors = -inf if higher else inf, 0, 1.0, []
    for value in values:
        factors.append(rate)
        if (value > best + min_delta) if higher else (value < best - min_delta):
            best, wait = value, 0
        else:
            wait += 1
            if wait >= patience:
                rate, wait = max(rate * gamma, end), 0
    return factors


@pytest.mark.parametrize("seed", range(40))
def test_it_reduces_when_keras_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    higher = bool(rng.integers(2))
    values = (rng.integers(0, 64, 60) / 64).tolist()  # so that there are ties
    settings: dict[str, Any] = {
        "gamma": float(rng.uniform(0.1, 0.9)),
        "patience": int(rng.integers(1, 6)),
        "min_delta": float(rng.choice([0.0, 0.0625, 0.25])),
        "end": float(rng.choice([0.0, 0.01, 0.2])),
    }
    monitor = "val_accuracy" if higher else "val_loss"
    schedule, factors = PlateauSchedule(monitor=monitor, **settings), []
    for epoch, value in enumerate(values, start=1):
        factors.append(schedule.factor(7 * epoch, 7, len(values)))
        schedule.observe(epoch, {monitor: value, "loss": -epoch})
    assert factors == pytest.approx(keras_factors(values, higher=higher, **settings), rel=1e-12)


@pytest.mark.parametrize("values", [[nan] * 6, [1.0, nan, nan, nan, nan, nan], [inf] * 6])
def test_nan_is_not_an_improvement(values: list[float]) -> None:
    schedule = PlateauSchedule(patience=2)
    for epoch, value in enumerate(values, start=1):
        schedule.observe(epoch, {"val_loss": value})
    assert schedule.factor(99, 7, 6) <= 0.5


def test_a_training_metric_can_be_monitored_too() -> None:
    schedule = {"name": "reduce_on_plateau", "monitor": "loss", "patience": 1}
    # The loss of an epoch is taken before its step, so the script is one epoch behind.
    records = play([9.0, 4.0, 4.0, 4.0, 1.0], schedule, validation=None)
    assert [record.scores["loss"] for record in records][1:] == pytest.approx([9, 4, 4, 4])
    first = records[0].scores["loss"]
    rate, best, expected = 8.0, inf, []
    for loss in (first, 9, 4, 4, 4):
        expected.append(rate)
        best, rate = (loss, rate) if loss < best else (best, rate / 2)
    assert [record.learning_rate for record in records] == expected


def test_the_schedule_begins_after_warmup() -> None:
    warm = rates([9] * 8, patience=2, warmup_epochs=3)
    np.testing.assert_allclose(warm[:3], [8 / 3, 16 / 3, 8], rtol=1e-12)
    assert warm[3:] == rates([9] * 5, patience=2)


def test_a_second_run_starts_with_the_full_rate_again() -> None:
    schedule = PlateauSchedule(patience=1)
    first = [record.learning_rate for record in play([9] * 5, schedule)]
    assert first == [8, 8, 4, 2, 1]
    assert [record.learning_rate for record in play([9] * 5, schedule)] == first


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (1, [8, 8, 8, 8, 4, 4, 4, 2, 2, 2]),  # patience 3
        # Seen after the epochs 1, 2, 4, 6, 8 and 10: three have gone by after 4, and after 8.
        (2, [8, 8, 8, 8, 4, 4, 4, 4, 2, 2]),
        # 1, 3, 6, 9, 10: three have gone by after 6, and after 9.
        (3, [8, 8, 8, 8, 8, 8, 4, 4, 4, 2]),
        (10, [8] * 10),
    ],
)
def test_patience_counts_epochs_and_not_validations(every: int, expected: list[float]) -> None:
    schedule = {"name": "reduce_on_plateau", "patience": 3}
    records = play([9.0] * 10, schedule, validate_every=every)
    assert [record.learning_rate for record in records] == expected


@pytest.mark.parametrize(
    ("every", "epochs", "validated"),
    [
        (1, 4, {1, 2, 3, 4}),
        (3, 8, {1, 3, 6, 8}),
        (4, 4, {1, 4}),
        (10, 4, {1, 4}),
        (2, 1, {1}),
        (2, 5, {1, 2, 4, 5}),
    ],
)
@pytest.mark.parametrize("part", ["validation", "test"])
def test_only_validated_epochs_have_held_out_scores(
    part: str, every: int, epochs: int, validated: set[int]
) -> None:
    one = {"validation": None, part: (np.ones((1, 1)), np.zeros((1, 1)))}
    losses = [float(1 + epoch) for epoch in range(epochs)]
    records = play(losses, "constant", validate_every=every, **one)
    prefix = {"validation": "val", "test": "test"}[part]
    own, held_out = {"loss", "mae"}, {f"{prefix}_loss", f"{prefix}_mae"}
    for record in records:
        expected = own | held_out if record.epoch in validated else own
        assert record.scores.keys() == expected
    for record in records:
        if record.epoch in validated:
            assert record.scores[f"{prefix}_loss"] == pytest.approx(losses[record.epoch - 1])


def test_validating_rarely_does_not_change_training() -> None:
    often, seldom = (play([9.0, 4, 1, 1, 1], "constant", validate_every=n) for n in (1, 4))
    assert [r.scores["loss"] for r in often] == [r.scores["loss"] for r in seldom]


@pytest.mark.parametrize("every", [0, -1])
def test_validating_every_0_epochs_is_refused(every: int) -> None:
    with pytest.raises(ValueError, match="`validate_every` must be at least 1"):
        play([1.0], "constant", validate_every=every)
