"""Each activation against finite differences, values worked out by hand, and saturation."""

import math

import numpy as np
import pytest

from nnscratch.autograd import Value
from nnscratch.insight.expressions import compute
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.activations.rectifiers import Softplus
from nnscratch.nn.registry import create
from tests.nn.activations.slopes import derivative

NAMES = list(ACTIVATIONS)
# None is a kink, such as 0 of relu and ±3 of hard_sigmoid, where the slope is none or two.
POINTS = np.array([-1000.0, -30.0, -2.5, -1.0, -0.1, 0.1, 1.0, 2.5, 30.0, 1000.0])


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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes_are_those_of_the_formula_up_to_a_million(name: str, dtype: str) -> None:
    function = create(ACTIVATIONS, name)
    sizes = np.concatenate([np.logspace(-6, 6, 25), [700.0, 709.5, 88.0]])
    if name == "exponential":  # beyond its end it is compared in a test of its own
        sizes = sizes[sizes < (85 if dtype == "float32" else 705)]
    z = np.concatenate([-sizes, sizes]).astype(dtype)
    values, slopes = [], []
    for number in z.tolist():
        argument = Value(number)
        value = compute(function.formula, function.where, z=argument, **vars(function))
        value.backward()
        values.append(value.data)
        slopes.append(argument.grad)
    rounding = 1e-6 if dtype == "float32" else 1e-13
    # A slope is a difference of numbers around 1, so far out only its absolute error is small.
    np.testing.assert_allclose(function(z), values, rtol=5 * rounding, atol=rounding)
    np.testing.assert_allclose(derivative(function, z), slopes, rtol=5 * rounding, atol=rounding)


@pytest.mark.parametrize("name", NAMES)
def test_the_derivative_that_is_printed_is_that_of_the_formula(name: str) -> None:
    function = create(ACTIVATIONS, name)
    for number in POINTS[np.abs(POINTS) < 100].tolist():
        z = Value(number)
        a = compute(function.formula, function.where, z=z, **vars(function))
        a.backward()
        known = {"z": number, "a": a.data, **vars(function)}
        slope = compute(function.derivative, function.where, **known)
        assert slope == pytest.approx(z.grad, rel=1e-9, abs=1e-12)


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
    "selu": ((-1.7580993408473766, 0), (1050.7009873554805, 1.0507009873554805)),
    "mish": ((0, 0), (1000, 1)),
    "softsign": ((-1000 / 1001, 1 / 1001**2), (1000 / 1001, 1 / 1001**2)),
    "hard_sigmoid": ((0, 0), (1, 0)),
}


@pytest.mark.parametrize("name", LIMITS)
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
    "selu": 1.0507009873554805,
    "mish": math.tanh(math.log(1 + math.e)),
    "softsign": 0.5,
    "hard_sigmoid": 2 / 3,
    "exponential": math.e,
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
    "selu": 1.0507009873554805 * 1.6732632423543772 * (math.exp(-2) - 1),
    "mish": -2 * math.tanh(math.log(1 + math.exp(-2))),
    "softsign": -2 / 3,
    "hard_sigmoid": 1 / 6,
    "exponential": math.exp(-2),
}


@pytest.mark.parametrize("name", AT_ONE)
def test_values_worked_out_by_hand(name: str) -> None:
    output = create(ACTIVATIONS, name)(np.array([1.0, -2.0]))
    np.testing.assert_allclose(output, [AT_ONE[name], AT_MINUS_TWO[name]], rtol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_no_value_leaves_the_bounds_that_the_class_states(name: str) -> None:
    function = create(ACTIVATIONS, name)
    output = function(np.linspace(-20, 20, 4001))
    low, high = function.bounds
    assert low <= output.min()
    assert output.max() <= high


def test_backward_multiplies_the_gradient_that_comes_in() -> None:
    grad = np.array([3.0])
    z = np.array([0.0])
    Softplus().backward(z, Softplus()(z), grad)
    assert grad.tolist() == [1.5]  # sigmoid(0) = 1/2


@pytest.mark.parametrize(("dtype", "end"), [("float32", 87.0), ("float64", 708.0)])
def test_exponential_stays_where_it_would_overflow(dtype: str, end: float) -> None:
    function = create(ACTIVATIONS, "exponential")
    z = np.array([end - 1, end, end + 1, 1e6], dtype)
    at_end = np.exp(np.array(end, dtype))
    assert function(z)[1:].tolist() == [at_end] * 3
    assert derivative(function, z)[1:].tolist() == [0.0] * 3
    assert function(z)[0] == derivative(function, z)[0] == np.exp(z[0])
    assert function(np.array([-1e6], dtype)).tolist() == [0.0]
