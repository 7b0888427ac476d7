"""Examples in pieces: a step over many rows is one step, and bytes become numbers in their turn."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.examples import Examples, Transform
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.training.fit import fit

ROWS = 2 * ROWS_AT_ONCE + 100


def to_floats(rows: np.ndarray) -> np.ndarray:
    return rows.astype(np.float64) / 255


@pytest.fixture
def pixels() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (ROWS, 5), np.uint8), rng.integers(0, 3, ROWS)


def network() -> Network:
    return Network(5, [4], 3, activation="tanh", loss="cross_entropy", dtype="float64")


def test_a_step_in_pieces_is_the_step_over_all_rows(
    pixels: tuple[np.ndarray, np.ndarray],
) -> None:
    inputs, targets = to_floats(pixels[0]), pixels[1]
    whole = network()
    start = whole.params.flat.copy()
    loss, grad = whole.loss(whole.forward(inputs), targets)
    whole.backward(grad)
    expected = start - 0.5 * whole.grads.flat

    pieces = network()
    (record,) = fit(
        pieces, inputs, targets, optimizer=SGD(), learning_rate=0.5, epochs=1, batch_size=None,
        measure_before=True,
    )  # fmt: skip
    np.testing.assert_allclose(pieces.params.flat, expected, rtol=1e-12, atol=1e-15)
    assert record.scores["loss"] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("batch_size", [64, ROWS_AT_ONCE + 1, None])
def test_bytes_are_trained_on_as_the_numbers_they_become(
    pixels: tuple[np.ndarray, np.ndarray], batch_size: int | None
) -> None:
    inputs, targets = pixels
    twins = network(), network()

    def train(which: Network, rows: np.ndarray, **extra: object) -> Iterator[object]:
        part = (rows[:50], targets[:50])
        return fit(
            which, rows, targets, optimizer=Adam(), epochs=2, batch_size=batch_size,
            validation=part, test=part, **extra,  # type: ignore[arg-type]  # only `transform`
        )  # fmt: skip

    ready = [record.scores for record in train(twins[0], to_floats(inputs))]  # type: ignore[attr-defined]  # EpochRecord
    raw = [record.scores for record in train(twins[1], inputs, transform=to_floats)]  # type: ignore[attr-defined]  # EpochRecord
    assert twins[0].params.flat.tobytes() == twins[1].params.flat.tobytes()
    assert ready == raw
    for scores in raw:
        assert scores["val_loss"] == scores["test_loss"]
        assert scores["val_accuracy"] == scores["test_accuracy"]


def test_evaluating_in_pieces_gives_the_means_over_all_rows(
    pixels: tuple[np.ndarray, np.ndarray],
) -> None:
    inputs, targets = pixels
    net = network()
    logits = net.forward(to_floats(inputs))
    loss, accuracy = evaluate(net, inputs, targets, transform=to_floats)
    assert loss == pytest.approx(net.loss(net.forward(to_floats(inputs)), targets)[0], rel=1e-12)
    assert accuracy == pytest.approx(float((logits.argmax(axis=1) == targets).mean()), rel=1e-12)


@pytest.mark.parametrize("transform", [None, to_floats])
def test_rows_lie_together_however_they_came(
    pixels: tuple[np.ndarray, np.ndarray], transform: Transform | None
) -> None:
    by_columns = np.asfortranarray(pixels[0])
    assert Examples(network(), by_columns, pixels[1], transform).inputs.flags.c_contiguous


def test_full_batch_training_on_bytes_never_makes_floats_of_all_rows() -> None:
    rng = np.random.default_rng(0)
    inputs, targets = rng.integers(0, 256, (20_000, 200), np.uint8), rng.integers(0, 3, 20_000)
    net = Network(200, [4], 3, loss="cross_entropy")
    tracemalloc.start()
    for _ in fit(
        net, inputs, targets, optimizer=SGD(), epochs=2, batch_size=None,
        transform=lambda rows: rows.astype(np.float32),
    ):  # fmt: skip
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < inputs.nbytes * 4 / 2  # the floats of all rows would be four times the bytes


@pytest.mark.parametrize(
    "transform",
    [
        lambda rows: rows.astype(np.float64)[:, :4],
        lambda rows: rows.astype(np.float64)[:1, :1].repeat(6, axis=1),
        lambda rows: rows.astype(np.float64).ravel(),
        lambda rows: rows.astype(np.float32),
        lambda rows: rows,
    ],
    ids=["too narrow", "too wide", "flat", "other dtype", "still bytes"],
)
def test_a_transform_must_make_what_the_network_takes(
    transform: Transform, pixels: tuple[np.ndarray, np.ndarray]
) -> None:
    net = network()
    before = net.params.flat.copy()
    with pytest.raises(ValueError, match=r"`transform` must make float64 of shape \(1, 5\)"):
        Examples(net, *pixels, transform)
    with pytest.raises(ValueError, match="`transform`"):
        next(fit(net, *pixels, optimizer=SGD(), transform=transform))
    with pytest.raises(ValueError, match="`transform`"):
        evaluate(net, *pixels, transform=transform)
    np.testing.assert_array_equal(net.params.flat, before)


def test_pieces_hand_the_weights_on(pixels: tuple[np.ndarray, np.ndarray]) -> None:
    weights = np.arange(ROWS, dtype=np.float32) / 7
    examples = Examples(network(), pixels[0], pixels[1], to_floats, weights)
    chosen = np.array([5, 2, 8000])
    ((_, _, w),) = examples.pieces(chosen)
    assert w is not None
    assert w.dtype == np.float64
    np.testing.assert_array_equal(w, weights[chosen])
    assert examples.size(chosen) == pytest.approx(float(weights[chosen].sum()))
    assert examples.size() == pytest.approx(ROWS * (ROWS - 1) / 14)
    sizes = [len(w) for _, _, w in examples.pieces() if w is not None]
    assert sizes == [ROWS_AT_ONCE, ROWS_AT_ONCE, 100]


def test_rows_that_all_count_the_same_have_no_weights() -> None:
    examples = Examples(network(), np.zeros((3, 5)), np.array([0, 1, 2]))
    assert [w for *_, w in examples.pieces()] == [None]
    assert examples.size() == 3
    assert examples.size(np.array([1])) == 1


@pytest.mark.parametrize(
    ("weights", "rule"),
    [
        ([1.0, 2.0], "shape"),
        ([[1.0], [2.0], [3.0]], "shape"),
        ([1.0, -1.0, 1.0], "at least 0"),
        ([1.0, np.nan, 1.0], "finite"),
        ([1.0, np.inf, 1.0], "finite"),
        ([0.0, 0.0, 0.0], "not 0"),
        ([1e308, 1e308, 1e308], "in float64 is finite"),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights: list[float], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        Examples(network(), np.zeros((3, 5)), np.array([0, 1, 2]), weights=weights)


@pytest.mark.parametrize("weights", [[1e-50, 0.0], [1e39, 1.0], [3e38, 3e38]])
def test_weights_that_float32_cannot_hold_are_refused(weights: list[float]) -> None:
    single = Network(1, [], 1, dtype="float32")
    with pytest.raises(ValueError, match="sum in float32 is finite and not 0"):
        Examples(single, np.zeros((2, 1)), np.zeros((2, 1)), weights=weights)
