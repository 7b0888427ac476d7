"""Scaling: there and back, in the dtype asked for, and what is learned from a table."""

import numpy as np
import pytest

from nnscratch.data.scaling import Scaling, fit_scaling


def test_it_shifts_first_and_multiplies_then() -> None:
    scaling = Scaling(np.array([1.0, -2.0]), np.array([0.5, 4.0]))
    # By hand: (5 − 1) · 0.5 = 2, (3 + 2) · 4 = 20.
    assert scaling.apply(np.array([[5.0, 3.0]])).tolist() == [[2.0, 20.0]]
    assert scaling.invert(np.array([[2.0, 20.0]])).tolist() == [[5.0, 3.0]]
    assert scaling.unit.tolist() == [2.0, 0.25]
    assert not scaling.is_identity


@pytest.mark.parametrize("shape", [(), (1,), (3,)])
def test_the_identity_leaves_numbers_as_they_are(shape: tuple[int, ...]) -> None:
    table = np.array([[0.1, -7.0, 1e300], [np.nan, np.inf, 0.0]])
    identity = Scaling.identity(*shape)
    assert identity.is_identity
    np.testing.assert_array_equal(identity.apply(table), table)
    np.testing.assert_array_equal(identity.invert(table), table)


@pytest.mark.parametrize(
    "changed", [Scaling(np.ones(2), np.ones(2)), Scaling(np.zeros(1), np.full(1, 2.0))]
)
def test_a_shift_or_a_factor_alone_is_no_identity(changed: Scaling) -> None:
    assert not changed.is_identity


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_are_scaled_in_the_dtype_asked_for_and_not_changed(dtype: type) -> None:
    pixels = np.array([[0, 51, 255]], np.uint8)
    scaled = Scaling(np.zeros(()), np.array(1 / 255)).apply(pixels, dtype)
    assert scaled.dtype == dtype
    np.testing.assert_allclose(scaled, [[0, 0.2, 1]], rtol=1e-6)
    assert pixels.tolist() == [[0, 51, 255]]


def test_minmax_maps_to_0_and_1_and_standardize_to_mean_0_and_deviation_1() -> None:
    table = np.array([[1.0], [3.0], [5.0], [11.0]])
    # By hand: the mean is 5, the variance (16 + 4 + 0 + 36) / 4 = 14.
    minmax, standard = fit_scaling(table, "minmax"), fit_scaling(table, "standardize")
    np.testing.assert_allclose(minmax.apply(table)[:, 0], [0, 0.2, 0.4, 1], rtol=1e-15)
    np.testing.assert_allclose(standard.apply(table), (table - 5) / np.sqrt(14), rtol=1e-15)
    assert fit_scaling(table, "none").is_identity


@pytest.mark.parametrize("method", ["minmax", "standardize"])
def test_a_single_row_to_train_on_becomes_0(method: str) -> None:
    shift, factor = fit_scaling(np.array([[3.0, -4.0]]), method)
    assert shift.tolist() == [3, -4]
    assert factor.tolist() == [1, 1]


def test_the_unit_survives_being_saved_as_its_reciprocal() -> None:
    """weights.npz holds 1 / factor; read back and saved again it must be the same number."""
    spreads = (
        np.abs(np.random.default_rng(0).normal(size=100_000))
        * 10.0 ** np.arange(-5, 5)[np.arange(100_000) % 10]
    )
    saved = Scaling(np.zeros(1), 1.0 / spreads).unit
    assert (Scaling(np.zeros(1), 1.0 / saved).unit == saved).all()


def test_numbers_whose_squares_overflow_only_when_added_up_are_standardized() -> None:
    # Without a warning, which the tests take for an error.
    table = np.array([[-9e153, 1.0], [9e153, 3.0]] * 200)
    scaling = fit_scaling(table, "standardize")
    assert scaling.shift == pytest.approx([0.0, 2.0])
    assert scaling.unit == pytest.approx([9e153, 1.0])


@pytest.mark.parametrize("method", ["minmax", "standardize"])
def test_a_column_whose_sum_or_spread_overflows_stays_as_it_is(method: str) -> None:
    table = np.array([[1e308, 1.0], [-1e308, 3.0], [1.7e308, 5.0], [1.7e308, 7.0]])
    shift, factor = fit_scaling(table, method)  # a warning would be an error
    assert (shift[0], factor[0]) == (0.0, 1.0)
    assert (shift[1], factor[1]) == fit_scaling(table[:, 1:], method)


def test_what_overflows_on_its_way_back_is_infinite() -> None:
    scaling = Scaling(np.zeros(1), np.array([1e-300]))
    assert scaling.invert(np.array([[1e9], [-1e9]])).tolist() == [[np.inf], [-np.inf]]
