"""The moving average of the weights, beside pandas' and by hand; training does not notice it."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from nnscratch.errors import DivergedError
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

ROWS = np.random.default_rng(0).normal(size=(10, 2))
LABELS = (ROWS[:, :1] > 0).astype(float)
STEPS = 4  # in an epoch, of three rows each and of one


def make_network(dtype: str = "float64", *, normalized: bool = False) -> Network:
    return Network(
        2, [8], 1, loss="binary_cross_entropy", dtype=dtype, dropout=0.2, batch_norm=normalized
    )


def follow(
    network: Network,
    optimizer: Optimizer,
    average: Average | None,
    *,
    epochs: int = 5,
    max_norm: float | None = None,
) -> tuple[list[EpochRecord], np.ndarray, np.ndarray]:
    """Returns the records, the weights after each step, and those that each epoch ended with."""
    after_steps, yielded, records = [], [], []
    step = optimizer.step

    def watched(params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
        step(params, grads, learning_rate)
        after_steps.append(network.weights.copy())

    optimizer.step = watched  # type: ignore[method-assign]
    for record in fit(
        network, ROWS, LABELS, optimizer=optimizer, learning_rate=0.1, epochs=epochs,
        batch_size=5 if network.mixes_rows else 3, average=average, max_norm=max_norm,
        validation=(ROWS, LABELS),
    ):  # fmt: skip
        records.append(record)
        yielded.append(network.weights.copy())
    return records, np.array(after_steps), np.array(yielded)


def averaged(series: np.ndarray, decay: float) -> np.ndarray:
    """Returns Σ βⁱ θ_{t−i} / Σ βⁱ for each t, which is what pandas calls adjusted."""
    return pd.DataFrame(series).ewm(alpha=1 - decay, adjust=True).mean().to_numpy()


def test_two_steps_by_hand() -> None:
    # s = 1/2 · 1; s = 1/4 · 1 + 1/2 · 2 = 5/4, divided by 1 − 1/4.
    average, weights = Average(0.5), np.array([1.0])
    average.prepare(weights)
    average.update(np.array([1.0]))
    average.put_on(weights)
    assert weights[0] == 1.0
    weights[:] = 2.0
    average.update(weights)
    average.put_on(weights)
    assert weights[0] == pytest.approx(5 / 3, rel=1e-15)
    average.take_off(weights)
    assert weights[0] == 2.0


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("decay", [0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_each_epoch_ends_with_the_average_of_all_steps(
    optimizer: type[Optimizer], decay: float, normalized: bool
) -> None:
    network = make_network(normalized=normalized)
    _, steps, yielded = follow(network, optimizer(), Average(decay))
    per_epoch = len(steps) // 5
    assert per_epoch == (2 if normalized else STEPS)
    expected = averaged(steps, decay)[per_epoch - 1 :: per_epoch]
    np.testing.assert_allclose(yielded, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("normalized", [False, True])
def test_training_itself_does_not_notice(normalized: bool, dtype: str) -> None:
    with_it = follow(make_network(dtype, normalized=normalized), Adam(), Average(0.9))
    without = follow(make_network(dtype, normalized=normalized), Adam(), None)
    assert with_it[1].tobytes() == without[1].tobytes()  # the weights after each step
    for name in ("loss", "accuracy"):
        assert [r.scores[name] for r in with_it[0]] == [r.scores[name] for r in without[0]]
    assert [r.scores["val_loss"] for r in with_it[0]] != [r.scores["val_loss"] for r in without[0]]


def test_held_out_rows_are_evaluated_with_the_average() -> None:
    network = make_network()
    records, _, yielded = follow(network, Adam(), Average(0.9))
    for record, weights in zip(records, yielded, strict=True):
        network.weights[:] = weights
        p = network.predict(ROWS)
        loss = -(LABELS * np.log(p) + (1 - LABELS) * np.log(1 - p)).mean()
        assert record.scores["val_loss"] == pytest.approx(loss, rel=1e-10)


def test_a_decay_of_nothing_is_no_average() -> None:
    plain = follow(make_network("float32"), Adam(), None)
    same = follow(make_network("float32"), Adam(), Average(0.0))
    assert plain[2].tobytes() == same[2].tobytes()


def test_a_second_training_forgets_the_first() -> None:
    average = Average(0.9)
    first = follow(make_network(), Adam(), average)
    second = follow(make_network(), Adam(), average)
    assert first[2].tobytes() == second[2].tobytes()


class Interrupted(SGD):
    """Stops in its sixth step: in the second of four, or of two, in an epoch."""

    def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
        super().step(params, grads, learning_rate)
        if self.steps == 6:
            raise KeyboardInterrupt


class Diverging(SGD):
    """Spoils the weights there."""

    def step(self, params: np.ndarray, grads: np.ndarray, learning_rate: float) -> None:
        super().step(params, grads, learning_rate)
        if self.steps == 6:
            params[0] = np.nan


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize(
    ("optimizer", "error"), [(Interrupted, KeyboardInterrupt), (Diverging, DivergedError)]
)
def test_an_epoch_that_does_not_end_leaves_the_average_seen_before(
    optimizer: type[Optimizer], error: type[BaseException], normalized: bool
) -> None:
    network = make_network(normalized=normalized)
    training = fit(
        network, ROWS, LABELS, optimizer=optimizer(), learning_rate=0.1, epochs=5,
        batch_size=5 if normalized else 3, average=Average(0.9),
    )  # fmt: skip
    with pytest.raises(error):
        list(training)
    finished = 2 if normalized else 1  # epochs of two steps, or of four
    _, _, yielded = follow(make_network(normalized=normalized), SGD(), Average(0.9))
    # The moving statistics of normalization are put back like the weights.
    assert network.weights.tobytes() == yielded[finished - 1].tobytes()


def test_an_interruption_while_held_out_rows_are_evaluated_does_so_too() -> None:
    class Stubborn(Network):
        def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
            if not training and len(seen) == 2:
                raise KeyboardInterrupt
            return super().forward(x, training=training)

    seen: list[np.ndarray] = []
    network = Stubborn(2, [8], 1, loss="binary_cross_entropy")
    training = fit(
        network, ROWS, LABELS, optimizer=Adam(), epochs=5, batch_size=3, average=Average(0.9),
        validation=(ROWS, LABELS),
    )  # fmt: skip

    def watch() -> None:
        while True:
            next(training)
            seen.append(network.weights.copy())

    with pytest.raises(KeyboardInterrupt):
        watch()
    assert len(seen) == 2
    assert network.weights.tobytes() == seen[-1].tobytes()


def test_leaving_the_loop_leaves_the_average() -> None:
    network = make_network()
    training = fit(
        network, ROWS, LABELS, optimizer=SGD(), learning_rate=0.1, epochs=5, batch_size=3,
        average=Average(0.9),
    )  # fmt: skip
    for record in training:
        if record.epoch == 3:
            break
    del training
    expected = follow(make_network(), SGD(), Average(0.9))[2][2]
    assert network.weights.tobytes() == expected.tobytes()


def test_an_average_of_bounded_weights_is_bounded() -> None:
    network = make_network()
    _, steps, yielded = follow(network, Adam(), Average(0.9), max_norm=0.5)
    for weights in yielded:
        network.weights[:] = weights
        for dense in network.dense:
            assert np.linalg.norm(dense.kernel, axis=0).max() <= 0.5 * (1 + 1e-12)
    assert all((one != two).any() for one, two in pairwise(steps))


@pytest.mark.parametrize(("decay", "steps"), [(0.9, 300), (0.999, 10_000), (0.9999, 60_000)])
def test_the_average_of_weights_that_stay_is_those_weights(decay: float, steps: int) -> None:
    weights = np.array([0.7, -1.3, 0.123456, 1e-3, 0.0], "float32")
    average, held = Average(decay), weights.copy()
    average.prepare(weights)
    for _ in range(steps):
        average.update(weights)
    average.put_on(held)
    np.testing.assert_allclose(held, weights, rtol=2e-6)
