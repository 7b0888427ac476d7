"""Dropout drops the given share, scales the rest, and draws its masks from seed and epoch alone."""

from typing import Any

import numpy as np
import pytest

from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.layers import Dropout
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.fit import fit


def layer(rate: float, seed: int = 0) -> Dropout:
    dropout = Dropout(rate)
    dropout.start(np.random.default_rng(seed))
    return dropout


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5, 0.9])
def test_the_share_is_dropped_and_the_rest_scaled_up(rate: float, dtype: str) -> None:
    rows = np.full((1000, 200), 3.0, dtype)
    out = layer(rate).forward(rows, training=True)
    assert out.dtype == rows.dtype
    kept = out != 0
    # Five standard deviations of a mean over 200,000 draws.
    margin = 5 * np.sqrt(rate * (1 - rate) / rows.size)
    assert kept.mean() == pytest.approx(1 - rate, abs=margin)
    np.testing.assert_allclose(out[kept], 3.0 / (1 - rate), rtol=1e-6)
    assert out.mean(dtype="float64") == pytest.approx(3.0, abs=3.0 * margin / (1 - rate))
    # No row or unit is favoured.
    for axis, n in ((0, 1000), (1, 200)):
        spread = np.sqrt(rate * (1 - rate) / n)
        assert np.abs(kept.mean(axis=axis) - (1 - rate)).max() < 6 * spread + 1 / n
    assert (rows == 3.0).all()  # what came in is left as it was


def test_inference_changes_nothing_and_needs_no_random_numbers() -> None:
    rows = np.random.default_rng(1).normal(size=(20, 5))
    np.testing.assert_array_equal(Dropout(0.9).forward(rows), rows)
    with_dropout = Network(5, [8, 8], 2, dropout=0.9)
    without = Network(5, [8, 8], 2)
    np.testing.assert_array_equal(with_dropout.predict(rows), without.predict(rows))
    np.testing.assert_array_equal(with_dropout.predict(rows), with_dropout.predict(rows))


def test_the_gradient_uses_the_mask_of_the_forward_pass() -> None:
    dropout = layer(0.5)
    rows = np.ones((50, 6))
    out = dropout.forward(rows, training=True).copy()
    # With x = 1 the output is the derivative itself.
    np.testing.assert_array_equal(dropout.backward(np.ones((50, 6))), out)
    np.testing.assert_array_equal(dropout.backward(np.full((50, 6), -3.0)), -3.0 * out)


def masks(network: Network, seed: int, epoch: int, batches: int = 1) -> list[np.ndarray]:
    """Returns what each dropout layer keeps of ones in each batch."""
    seen: list[np.ndarray] = []
    network.start_epoch(seed, epoch)
    for _ in range(batches):
        dropouts = [each for each in network.layers.values() if isinstance(each, Dropout)]
        seen += [each.forward(np.ones((16, 32)), training=True) > 0 for each in dropouts]
    return seen


def test_masks_are_a_function_of_seed_and_epoch_alone() -> None:
    network = Network(3, [32, 32], 1, dropout=0.5, seed=1)
    first = masks(network, 5, 2)
    other = Network(3, [32, 32], 1, dropout=0.5, seed=99, activation="tanh")
    masks(other, 8, 7)  # what was drawn before does not matter
    for mine, theirs in zip(first, masks(other, 5, 2), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_masks_differ_between_epochs_seeds_layers_and_batches() -> None:
    network = Network(3, [32, 32], 1, dropout=0.5)
    drawn = [
        mask for seed, epoch in ((5, 1), (5, 2), (6, 1)) for mask in masks(network, seed, epoch, 2)
    ]
    assert len(drawn) == 12
    for i, one in enumerate(drawn):
        for two in drawn[:i]:
            # Of 512 fair coins about half agree; 12 standard deviations are 136.
            assert abs(int((one == two).sum()) - 256) < 136


@pytest.mark.parametrize(
    ("architecture", "shared", "expected"),
    [
        ([4, 4], 0.5, {"dropout_1": 0.5, "dropout_2": 0.5}),
        ([4, {"units": 4, "dropout": 0}], 0.5, {"dropout_1": 0.5}),
        ([{"units": 4, "dropout": 0.25}, 4], 0.0, {"dropout_1": 0.25}),
        ([{"units": 4, "dropout": 0.25}, 4], 0.5, {"dropout_1": 0.25, "dropout_2": 0.5}),
        ([4, {"units": 4, "dropout": 0.9, "activation": "linear"}], 0, {"dropout_2": 0.9}),
        ([4, 4], 0.0, {}),
        ([], 0.5, {}),  # the outputs are never dropped
    ],
)
def test_a_layer_has_its_own_rate_or_the_common_one(
    architecture: list[Any], shared: float, expected: dict[str, float]
) -> None:
    network = Network(2, architecture, 1, dropout=shared)
    twin = Network(**network.describe())
    for each in (network, twin):
        layers = each.layers.items()
        assert {n: one.rate for n, one in layers if isinstance(one, Dropout)} == expected


@pytest.mark.parametrize("rate", [-0.1, 1, 1.0, 1.5, float("nan"), float("inf"), True])
def test_a_rate_outside_0_to_1_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="`dropout` must be at least 0 and below 1"):
        Network(2, [3], 1, dropout=rate)
    with pytest.raises(ValueError, match="`dropout` must be at least 0 and below 1"):
        Network(2, [{"units": 3, "dropout": rate}], 1)


@pytest.mark.parametrize("batch_size", [None, 300])
def test_the_losses_by_hand(batch_size: int | None) -> None:
    # x = 1, hidden h = x, z = 2 h, y = 2. Half of the h are 0 and half are 2, so z is 0 or 4 and
    # (z − y)² is 4 either way; with nothing dropped z = y.
    rows, targets = np.ones((5000, 1)), np.full((5000, 1), 2.0)
    network = Network(1, [1], 1, activation="linear", dropout=0.5, use_bias=False, dtype="float64")
    network.params.flat[:] = [1.0, 2.0]
    (record,) = fit(
        network, rows, targets, optimizer=SGD(), learning_rate=1e-300, epochs=1,
        batch_size=batch_size, validation=(rows[:3], targets[:3]),
    )  # fmt: skip
    assert record.scores == {
        "loss": pytest.approx(4.0, rel=1e-12),
        "mae": pytest.approx(2.0, rel=1e-12),
        "val_loss": 0.0,
        "val_mae": 0.0,
    }
    assert evaluate(network, rows, targets) == (0.0, 0.0)


def losses(dropout: float, seed: int, validate: bool = False) -> list[float]:
    rng = np.random.default_rng(0)
    rows, targets = rng.normal(size=(30, 2)), rng.normal(size=(30, 1))
    network = Network(2, [16], 1, dropout=dropout, seed=1)
    records = fit(
        network, rows, targets, optimizer=SGD(), learning_rate=0.05, epochs=6, batch_size=7,
        seed=seed, validation=(rows, targets) if validate else None,
    )  # fmt: skip
    return [record.scores["loss"] for record in records]


def test_a_training_run_is_reproducible_whether_it_validates_or_not() -> None:
    assert losses(0.5, 3) == losses(0.5, 3) == losses(0.5, 3, validate=True)
    assert losses(0.5, 3) != losses(0.5, 4)
    assert losses(0.5, 3) != losses(0.0, 3)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_each_epoch_has_its_own_masks(batch_size: int | None) -> None:
    # With next to no learning rate the weights stay, so only the masks can change the loss.
    rows = np.random.default_rng(0).normal(size=(28, 2))
    network = Network(2, [16], 1, dropout=0.5, dtype="float64")

    def epochs(count: int) -> list[float]:
        records = fit(
            network, rows, rows[:, :1], optimizer=SGD(), learning_rate=1e-300, epochs=count,
            batch_size=batch_size,
        )  # fmt: skip
        return [record.scores["loss"] for record in records]

    first = epochs(5)
    assert len(set(first)) == 5
    assert epochs(3) == first[:3]
