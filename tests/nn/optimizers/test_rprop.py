"""Rprop against plain Python arithmetic that follows Igel & Hüsken's iRprop⁻."""

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.rprop import Rprop
from nnscratch.nn.training.fit import fit

RATE = 0.1


def walk(
    optimizer: Rprop, gradients: list[list[float]], dtype: str = "float64"
) -> list[list[float]]:
    """Returns where the parameters, zero at first, are after each gradient."""
    params = np.zeros(len(gradients[0]), dtype)
    optimizer.prepare(params)
    path: list[list[float]] = []
    for gradient in gradients:
        optimizer.step(params, np.array(gradient, dtype), RATE)
        path.append(params.tolist())
    return path


def alone(optimizer: Rprop, gradients: list[list[float]]) -> list[float]:
    return [place for (place,) in walk(optimizer, gradients)]


def by_the_paper(
    gradients: list[float], minus: float, plus: float, smallest: float, largest: float
) -> list[float]:
    """Igel & Hüsken 2000, figure 4, for one parameter whose first update value is the rate."""
    place, pace, last = 0.0, RATE, 0.0
    path = []
    for given in gradients:
        gradient = given
        if last * gradient > 0:
            pace = min(pace * plus, largest * RATE)
        elif last * gradient < 0:
            pace = max(pace * minus, smallest * RATE)
            gradient = 0.0
        if gradient > 0:
            place -= pace
        elif gradient < 0:
            place += pace
        last = gradient
        path.append(place)
    return path


def test_turns_by_hand() -> None:
    # δ: 1, 1.2, turned 0.6 and no step, 0.6, turned 0.3 and no step, 0.3, 0.36
    path = alone(Rprop(), [[1.0], [20.0], [-1.0], [-3.0], [0.4], [0.1], [9.0]])
    expected = [-0.1, -0.22, -0.22, -0.16, -0.16, -0.19, -0.226]
    assert path == pytest.approx(expected, rel=1e-14)


def test_the_pace_is_bounded_above_by_hand() -> None:
    # δ: 1, 1.5, 2 (of 2.25), 2, then turned: 1 and no step, 1
    path = alone(Rprop(eta_plus=1.5, largest=2.0), [[1.0], [1.0], [1.0], [1.0], [-1.0], [-1.0]])
    assert path == pytest.approx([-0.1, -0.25, -0.45, -0.65, -0.65, -0.55], rel=1e-14)


def test_the_pace_is_bounded_below_by_hand() -> None:
    # δ: 1, turned 0.5, 0.5, turned 0.3 (of 0.25), 0.3, turned 0.3, 0.3
    path = alone(Rprop(smallest=0.3), [[1.0], [-1.0], [-1.0], [1.0], [1.0], [-1.0], [-1.0]])
    assert path == pytest.approx([-0.1, -0.1, -0.05, -0.05, -0.08, -0.08, -0.05], rel=1e-13)


def test_a_gradient_of_zero_is_no_step_and_no_turn() -> None:
    # δ stays 1 over the zero, and after it, whatever the sign
    path = alone(Rprop(), [[0.0], [1.0], [0.0], [-1.0], [-1.0]])
    assert path == pytest.approx([0.0, -0.1, -0.1, 0.0, 0.12], rel=1e-14, abs=1e-17)


@pytest.mark.parametrize(
    "settings",
    [(0.5, 1.2, 1e-4, 5000.0), (0.1, 3.0, 1e-2, 4.0), (0.9, 1.01, 0.8, 1.05), (0.5, 2.0, 1.0, 1.0)],
)
def test_each_parameter_goes_its_own_way_by_the_paper(
    settings: tuple[float, float, float, float],
) -> None:
    minus, plus, smallest, largest = settings
    gradients = np.random.default_rng(3).normal(size=(60, 7)) + np.linspace(-2, 2, 7)
    gradients[::11, 2] = 0.0
    path = walk(Rprop(minus, plus, smallest, largest), gradients.tolist())
    expected = [by_the_paper(column, *settings) for column in gradients.T.tolist()]
    np.testing.assert_allclose(np.transpose(path), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [1e-38, 1e-30, 1e-18, 1.0, 1e18, 1e30, 1e38])
def test_only_the_sign_of_a_gradient_counts(size: float, dtype: str) -> None:
    signs = [1.0, 1.0, -1.0, -1.0, 1.0, 1.0]
    path = walk(Rprop(), [[sign * size] for sign in signs], dtype)
    np.testing.assert_allclose(np.ravel(path), [-0.1, -0.22, -0.22, -0.16, -0.16, -0.19], rtol=1e-5)


def test_sizes_that_vary_wildly_make_no_difference() -> None:
    gradients = [[1e-200], [1e200], [-1e-200], [-1e200], [1e200], [1e-300]]
    expected = [-0.1, -0.22, -0.22, -0.16, -0.16, -0.19]
    assert alone(Rprop(), gradients) == pytest.approx(expected, rel=1e-13)


def test_a_valley_is_found_from_afar_and_to_the_bottom() -> None:
    place = np.array([1000.0, -3.0, 0.01])
    bottom = np.array([1.0, 2.0, 3.0])
    optimizer = Rprop(smallest=1e-12)
    optimizer.prepare(place)
    for _ in range(300):
        optimizer.step(place, np.array([1e-6, 1.0, 1e6]) * (place - bottom), RATE)
    np.testing.assert_allclose(place, bottom, atol=1e-6)


def test_a_step_of_training_by_hand() -> None:
    # x = 1, 3 and y = 0, 1 with z = 2 x + 1: both gradients are above 0 and stay so.
    network = Network(1, [], 1, dtype="float64")
    network.params.flat[:] = [2.0, 1.0]
    x, y = np.array([[1.0], [3.0]]), np.array([[0.0], [1.0]])
    list(fit(network, x, y, optimizer=Rprop(), learning_rate=0.01, epochs=2, batch_size=None))
    np.testing.assert_allclose(network.params.flat, [2 - 0.01 - 0.012, 1 - 0.01 - 0.012])


def test_batches_of_some_rows_are_refused() -> None:
    network, x = Network(2, [3], 1), np.ones((10, 2))
    before = network.params.flat.copy()
    with pytest.raises(ValueError, match=r"`batch_size` must be None for Rprop; got 9"):
        next(fit(network, x, np.ones((10, 1)), optimizer=Rprop(), batch_size=9))
    np.testing.assert_array_equal(network.params.flat, before)


@pytest.mark.parametrize("batch_size", [None, 10, 32])
def test_a_batch_of_all_rows_is_fine(batch_size: int | None) -> None:
    network, x = Network(2, [3], 1), np.ones((10, 2))
    (record,) = fit(
        network, x, np.ones((10, 1)), optimizer=Rprop(), epochs=1, batch_size=batch_size
    )
    assert record.epoch == 1


def test_xor_is_learned() -> None:
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    network = Network(2, [8], 1, activation="tanh", loss="binary_cross_entropy")
    list(fit(network, x, y, optimizer=Rprop(), learning_rate=0.05, epochs=200, batch_size=None))
    assert np.abs(network.predict(x) - y).max() < 0.1
