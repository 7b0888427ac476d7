"""Penalties and clipping, worked out by hand and compared with finite differences."""

from math import sqrt

import numpy as np
import pytest

from nnscratch.nn.inspection.gradcheck import check_gradients
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty


def small(loss: str = "mean_squared_error") -> Network:
    network = Network(3, [4], 2, activation="tanh", loss=loss, seed=3, dtype="float64")
    network.params.flat += np.random.default_rng(5).normal(scale=0.3, size=network.params.flat.size)
    return network


def test_the_value_by_hand_and_biases_are_free() -> None:
    network = Network(2, [], 1, dtype="float64")
    network.params["dense_1.kernel"][:] = [[3.0], [-4.0]]
    network.params["dense_1.bias"][:] = 100.0
    assert Penalty(l1=0.5).value(network) == 3.5
    assert Penalty(l2=0.5).value(network) == 12.5
    assert Penalty(0.5, 0.5).value(network) == 16.0
    network.grads.flat[:] = 1.0
    Penalty(l1=0.5, l2=0.25).add_gradient(network)
    assert network.grads["dense_1.kernel"].ravel().tolist() == [1 + 0.5 + 1.5, 1 - 0.5 - 2.0]
    assert network.grads["dense_1.bias"].tolist() == [1.0]


@pytest.mark.parametrize("penalty", [Penalty(l1=0.1), Penalty(l2=0.1), Penalty(0.03, 0.2)])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_agrees_with_differences(loss: str, penalty: Penalty) -> None:
    rng = np.random.default_rng(4)
    targets = rng.integers(0, 2, 6) if loss == "cross_entropy" else rng.random((6, 2))
    checks = check_gradients(small(loss), rng.normal(size=(6, 3)), targets, penalty=penalty)
    assert max(check.error for check in checks) < 1e-6


def test_a_wrong_penalty_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Penalty, "add_gradient", Penalty.value)  # which adds nothing
    rows = np.random.default_rng(4).normal(size=(6, 3))
    checks = check_gradients(small(), rows, rows[:, :2], penalty=Penalty(l2=0.3))
    wrong = {check.name for check in checks if check.error > 1e-3}
    assert wrong == {"dense_1.kernel", "dense_2.kernel"}


@pytest.mark.parametrize("batch_size", [None, 2])
def test_without_a_loss_to_make_small_the_weights_decay(batch_size: int | None) -> None:
    # All inputs 0: the loss does not depend on w, and each step is w ← w − η 2 λ w.
    network = Network(1, [], 1, use_bias=False, dtype="float64")
    network.params.flat[:] = 1.0
    zeros = np.zeros((4, 1))
    records = list(
        fit(
            network, zeros, zeros, optimizer=SGD(), learning_rate=0.5, epochs=3,
            batch_size=batch_size, penalty=Penalty(l2=0.25),
        )
    )  # fmt: skip
    steps = 3 if batch_size is None else 6
    assert network.params.flat[0] == pytest.approx(0.75**steps, rel=1e-14)
    assert [record.scores["loss"] for record in records] == [0, 0, 0]  # the penalty is not counted


@pytest.mark.parametrize(("clip_norm", "share"), [(1.0, 0.1), (5.0, 0.5), (10.0, 1.0), (99.0, 1.0)])
def test_a_longer_gradient_is_shortened_and_keeps_its_direction(
    clip_norm: float, share: float
) -> None:
    # x = (3, 4), w = 0, y = −1, z = 0: the gradient 2 (z − y) x = (6, 8) has the norm 10.
    network = Network(2, [], 1, use_bias=False, dtype="float64", initializer="zeros")
    for _ in fit(
        network, [[3.0, 4.0]], [[-1.0]], optimizer=SGD(), learning_rate=1.0, epochs=1,
        batch_size=None, clip_norm=clip_norm,
    ):  # fmt: skip
        pass
    assert sqrt(6**2 + 8**2) == 10
    np.testing.assert_allclose(network.params.flat, [-6 * share, -8 * share], rtol=1e-14)


def test_a_sample_of_the_elements_is_checked_where_there_are_many() -> None:
    rows = np.random.default_rng(4).normal(size=(6, 3))
    checks = check_gradients(small(), rows, rows[:, :2], most=5)
    assert [check.checked for check in checks] == [5, 4, 5, 2]
    assert max(check.error for check in checks) < 1e-6


@np.errstate(over="ignore")  # as the command line trains
def test_a_gradient_whose_squares_overflow_is_shortened_too() -> None:
    network = Network(2, [], 1, use_bias=False, initializer="zeros")
    for _ in fit(
        network, [[3e25, 4e25]], [[-1.0]], optimizer=SGD(), learning_rate=1.0, epochs=1,
        batch_size=None, clip_norm=1.0,
    ):  # fmt: skip
        pass
    np.testing.assert_allclose(network.params.flat, [-0.6, -0.8], rtol=1e-6)


def test_a_shared_penalty_is_divided_by_the_rows_and_part_of_what_is_reported() -> None:
    # z = w x + b with w = 2, b = 1; rows x = 1, 3 and y = 0, 1 give d = 3, 6: the loss is 22.5 and
    # dw = 2 (3 + 18) / 2 = 21. λ₃ = 5 adds 5 · 4 / 2 = 10 to the loss and 2 · 5 · 2 / 2 = 10 to dw.
    penalty = Penalty(shared_l2=5.0)
    network = Network(1, [], 1, dtype="float64")
    network.params.flat[:] = [2.0, 1.0]
    (record,) = fit(
        network,
        [[1.0], [3.0]],
        [[0.0], [1.0]],
        optimizer=SGD(),
        learning_rate=0.01,
        penalty=penalty,
        epochs=1,
        batch_size=None,
        measure_before=True,
    )
    assert record.scores["loss"] == pytest.approx(32.5)
    np.testing.assert_allclose(network.params.flat, [2 - 0.31, 1 - 0.09], rtol=1e-15)
    assert penalty.value(network) == 0.0
    assert bool(penalty)


def test_a_shared_penalty_is_divided_by_the_weights_of_the_rows() -> None:
    network = Network(1, [], 1, dtype="float64")
    network.params.flat[:] = [2.0, 1.0]
    (record,) = fit(
        network,
        [[1.0], [3.0]],
        [[0.0], [1.0]],
        weights=[3.0, 1.0],
        optimizer=SGD(),
        learning_rate=1e-9,
        penalty=Penalty(shared_l2=5.0),
        epochs=1,
        batch_size=None,
        measure_before=True,
    )
    assert record.scores["loss"] == pytest.approx((3 * 9 + 36) / 4 + 5 * 4 / 4)
