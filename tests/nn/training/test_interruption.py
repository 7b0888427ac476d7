"""An interruption ends an epoch inside of it, and is remembered outside."""

from math import inf

import numpy as np
import pytest

from nnscratch.errors import TimeUpError
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.interruption import Interruption

ROWS = np.random.default_rng(0).normal(size=(10, 2))
LABELS = (ROWS[:, :1] > 0).astype(float)


def test_outside_an_epoch_it_is_only_remembered() -> None:
    interruption = Interruption()
    interruption.interrupt()
    assert interruption.requested
    with pytest.raises(KeyboardInterrupt), interruption:
        raise AssertionError("this epoch has begun")


def test_inside_an_epoch_it_raises_and_not_while_the_epoch_is_undone() -> None:
    interruption = Interruption()
    with pytest.raises(KeyboardInterrupt), interruption:
        interruption.interrupt()
    interruption.interrupt()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_a_finalizer_swallows_can_be_repeated() -> None:
    interruption = Interruption()

    class InterruptedAsItGoes:
        def __del__(self) -> None:
            interruption.interrupt()

    with interruption:
        InterruptedAsItGoes()
        with pytest.raises(KeyboardInterrupt):
            interruption.interrupt()


def test_an_interrupted_epoch_leaves_all_as_after_the_last_finished_one() -> None:
    interruption = Interruption()

    class Interrupted(Adam):
        def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
            super().step(params, grads, learning_rate)
            if self.steps == 10:  # the second of epoch 3's four steps
                interruption.interrupt()

    def train(optimizer: Adam, epochs: int, interruption: Interruption | None) -> Network:
        network = Network(2, [8], 1, loss="binary_cross_entropy")
        for _ in fit(
            network, ROWS, LABELS, optimizer=optimizer, epochs=epochs, batch_size=3,
            interruption=interruption,
        ):  # fmt: skip
            weights[:] = [network.weights.copy()]
        return network

    weights: list[np.ndarray] = []
    optimizer = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        train(optimizer, 5, interruption)
    assert weights[0].tobytes() == train(Adam(), 2, None).weights.tobytes()
    assert optimizer.steps == 8


def test_no_epoch_is_begun_after_it() -> None:
    interruption = Interruption()
    network = Network(2, [8], 1, loss="binary_cross_entropy")
    records = fit(network, ROWS, LABELS, optimizer=SGD(), interruption=interruption)
    next(records)
    after = network.weights.copy()
    interruption.interrupt()
    with pytest.raises(KeyboardInterrupt):
        next(records)
    assert network.weights.tobytes() == after.tobytes()


# Ten rows are four pieces. All together they are looked at once more, in the first epoch.
@pytest.mark.parametrize(("batch_size", "pieces"), [(3, 8), (None, 12)])
def test_an_epoch_in_which_the_time_is_over_is_undone_whether_in_a_step_or_between_two(
    batch_size: int | None, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnscratch.nn.training.step.ROWS_AT_ONCE", 3)
    interruption = Interruption()
    interruption.deadline = inf
    looked = 0

    def clock() -> float:
        nonlocal looked
        looked += 1
        return 0.0

    def train(epochs: int, interruption: Interruption | None = None) -> Network:
        network = Network(2, [8], 1, loss="binary_cross_entropy")
        optimizer = Adam()
        for record in fit(
            network, ROWS, LABELS, optimizer=optimizer, epochs=epochs, batch_size=batch_size,
            interruption=interruption,
        ):  # fmt: skip
            trained[:] = [(record.epoch, network)]
        return network

    trained: list[tuple[int, Network]] = []
    monkeypatch.setattr("nnscratch.nn.training.interruption.perf_counter", clock)
    train(2, interruption)
    assert looked == pieces
    monkeypatch.setattr("nnscratch.nn.training.interruption.perf_counter", iter(range(20)).__next__)
    interruption.deadline = pieces + 1.5  # in the third piece of the third epoch
    with pytest.raises(TimeUpError):
        train(5, interruption)
    (epoch, network), *_ = trained
    assert epoch == 2
    assert network.weights.tobytes() == train(2).weights.tobytes()


def test_a_deadline_is_counted_from_now_on(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([100.0, 102.5, 102.6])
    monkeypatch.setattr("nnscratch.nn.training.interruption.perf_counter", times.__next__)
    interruption = Interruption()
    interruption.check_time()  # without one, the clock is not even looked at
    interruption.end_after(2.5)
    interruption.check_time()
    with pytest.raises(TimeUpError):
        interruption.check_time()
