"""Where the exponential function ends."""

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.registry import create
from tests.nn.activations.slopes import derivative


@pytest.mark.parametrize(("dtype", "end"), [("float32", 87.0), ("float64", 708.0)])
def test_exponential_stays_where_it_would_overflow(dtype: str, end: float) -> None:
    function = create(ACTIVATIONS, "exponential")
    z = np.array([end - 1, end, end + 1, 1e6], dtype)
    at_end = np.exp(np.array(end, dtype))
    assert function(z)[1:].tolist() == [at_end] * 3
    assert derivative(function, z)[1:].tolist() == [0.0] * 3
    assert function(z)[0] == derivative(function, z)[0] == np.exp(z[0])
    assert function(np.array([-1e6], dtype)).tolist() == [0.0]
