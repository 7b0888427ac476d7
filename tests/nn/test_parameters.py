"""One vector and its named views, and the norms of vectors."""

from math import inf, nan

import numpy as np
import pytest

from nnscratch.nn.parameters import Parameters, euclidean_norm, root_mean_square, size_of

SHAPES = {"kernel": (2, 3), "bias": (3,)}


def test_views_lie_one_after_the_other_in_the_vector() -> None:
    params = Parameters(SHAPES, np.arange(9.0))
    assert params["kernel"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert params["bias"].tolist() == [6, 7, 8]
    assert list(params) == list(SHAPES)
    assert len(params) == 2


def test_vector_and_views_see_each_others_changes() -> None:
    params = Parameters.zeros(SHAPES, "float32")
    params["bias"][:] = 1.0
    params.flat[0] = 5.0
    assert params.flat.tolist() == [5, 0, 0, 0, 0, 0, 1, 1, 1]
    assert params["kernel"][0, 0] == 5.0
    assert params.flat.dtype == np.float32


def test_a_vector_of_another_length_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        Parameters(SHAPES, np.zeros(8))
    assert size_of(SHAPES) == 9


@pytest.mark.parametrize("scale", [1.0, 1e200, 1e-3])
def test_a_norm_does_not_overflow_before_its_numbers_do(scale: float) -> None:
    with np.errstate(over="ignore"):  # as training has it
        norm = euclidean_norm(scale * np.array([3.0, -4.0]))
    assert norm == pytest.approx(5.0 * scale)


def test_a_norm_of_what_is_no_number_is_none() -> None:
    assert euclidean_norm(np.array([1.0, -inf])) == inf
    assert np.isnan(euclidean_norm(np.array([1.0, nan])))


def test_a_mean_square_is_taken_in_double_precision() -> None:
    assert root_mean_square(np.full(4, 1e30, "float32")) == pytest.approx(1e30)
    # By hand √((3² + 4²) / 2), although the squares overflow.
    assert root_mean_square(np.array([3e200, -4e200])) == pytest.approx(12.5**0.5 * 1e200)
