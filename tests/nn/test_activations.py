"""Each activation against finite differences, values worked out by hand, and saturation."""

import math

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS, ELU, GELU, Activation, LeakyReLU, SiLU, Softplus
from nnscratch.nn.registry import create

NAMES = list(ACTIVATIONS)
# None is a kink (0 of relu and its kind), where a difference would be between two slopes.
POINTS = np.array([-1000.0, -30.0, -3.0, -1.0, -0.1, 0.1, 1.0, 3.0, 30.0, 1000.0])


def derivative(function: Activation, z: np.ndarray) -> np.ndarray:
    grad = np.ones_like(z)
    function.backward(z, function(z), grad)
    return grad


@pytest.mark.parametrize("name", NAMES)
def test_the_derivative_is_the_limit_of_differences(name: str) -> None:
    function = create(ACTIVATIONS, name)
    step = 1e-6
    differences = (function(POINTS + step) - function(POINTS - step)) / (2 * step)
    # Rounding of values around 1000, divided by the step, leaves about 1e-7.
    np.testing.assert_allclose(derivative(function, POINTS), differences, rtol=1e-6, atol=2e-7)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_saturation_is_finite_and_keeps_the_precision(name: str, dtype: str) -> None:
    function = create(ACTIVATIONS, name)
    z = np.array([[-1e6, -1000.0, 1000.0, 1e6]], dtype)
    output = function(z)
    assert output.dtype == derivative(function, z).dtype == np.dtype(dtype)
    assert np.isfinite(output).all()
    assert np.isfinite(derivative(function, z)).all()


# f and f' deep on the left and on the right, where every one has reached its asymptote.
LIMITS = {
    "linear": ((-1000, 1), (1000, 1)),
    "relu": ((0, 0), (1000, 1)),
    "leaky_relu": ((-10, 0.01), (1000, 1)),
    "elu": ((-1, 0), (1000, 1)),
    "gelu": ((0, 0), (1000, 1)),
    "silu": ((0, 0), (1000, 1)),
    "softplus": ((0, 0), (1000, 1)),
    "sigmoid": ((0, 0), (1, 0)),
    "tanh": ((-1, 0), (1, 0)),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_asymptotes_are_reached(name: str) -> None:
    function = create(ACTIVATIONS, name)
    z = np.array([-1000.0, 1000.0])
    values, slopes = zip(*LIMITS[name], strict=True)
    np.testing.assert_allclose(function(z), values, atol=1e-12)
    np.testing.assert_allclose(derivative(function, z), slopes, atol=1e-12)


# By hand, from the formulas, with math's functions on one number.
AT_ONE = {
    "linear": 1.0,
    "relu": 1.0,
    "leaky_relu": 1.0,
    "elu": 1.0,
    "gelu": 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * 1.044715)),
    "silu": 1 / (1 + math.exp(-1)),
    "softplus": math.log(1 + math.e),
    "sigmoid": 1 / (1 + math.exp(-1)),
    "tanh": math.tanh(1),
}
AT_MINUS_TWO = {
    "linear": -2.0,
    "relu": 0.0,
    "leaky_relu": -0.02,
    "elu": math.exp(-2) - 1,
    "gelu": -(1 + math.tanh(math.sqrt(2 / math.pi) * -(2 + 8 * 0.044715))),
    "silu": -2 / (1 + math.exp(2)),
    "softplus": math.log(1 + math.exp(-2)),
    "sigmoid": 1 / (1 + math.exp(2)),
    "tanh": math.tanh(-2),
}


@pytest.mark.parametrize("name", NAMES)
def test_values_worked_out_by_hand(name: str) -> None:
    output = create(ACTIVATIONS, name)(np.array([1.0, -2.0]))
    np.testing.assert_allclose(output, [AT_ONE[name], AT_MINUS_TWO[name]], rtol=1e-13)


def test_the_tail_of_a_sigmoid_keeps_its_relative_precision() -> None:
    tail = create(ACTIVATIONS, "sigmoid")(np.array([-40.0, -700.0]))
    np.testing.assert_allclose(tail, [math.exp(-40), math.exp(-700)], rtol=1e-13)


def test_gelu_is_within_the_papers_distance_of_the_exact_form() -> None:
    z = np.linspace(-5, 5, 401)
    exact = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in z]
    assert np.abs(GELU()(z) - exact).max() < 5e-4


def test_arguments_shape_the_function() -> None:
    z = np.array([-2.0, 2.0])
    assert LeakyReLU(negative_slope=0.25)(z).tolist() == [-0.5, 2.0]
    assert derivative(LeakyReLU(negative_slope=0.25), z).tolist() == [0.25, 1.0]
    np.testing.assert_allclose(ELU(alpha=3.0)(z), [3 * (math.exp(-2) - 1), 2.0])
    np.testing.assert_allclose(derivative(ELU(alpha=3.0), z), [3 * math.exp(-2), 1.0])


@pytest.mark.parametrize("name", NAMES)
def test_no_value_leaves_the_bounds_that_the_class_states(name: str) -> None:
    function = create(ACTIVATIONS, name)
    output = function(np.linspace(-20, 20, 4001))
    low, high = function.bounds
    assert low <= output.min()
    assert output.max() <= high


def test_the_lower_bound_of_elu_is_its_alpha() -> None:
    assert ELU(alpha=3.0).bounds == (-3.0, math.inf)
    assert ELU(alpha=3.0)(np.array([-50.0]))[0] == pytest.approx(-3.0)


def test_the_lower_bounds_of_gelu_and_silu_are_reached() -> None:
    z = np.linspace(-3, 0, 30_001)
    assert GELU()(z).min() == pytest.approx(GELU().bounds[0], abs=1e-3)
    assert SiLU()(z).min() == pytest.approx(SiLU().bounds[0], abs=1e-3)


def test_backward_multiplies_the_gradient_that_comes_in() -> None:
    grad = np.array([3.0])
    z = np.array([0.0])
    Softplus().backward(z, Softplus()(z), grad)
    assert grad.tolist() == [1.5]  # sigmoid(0) = 1/2
