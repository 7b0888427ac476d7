"""Formulas that are read as trees compute what the activations and the calendar say."""

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from nnscratch.export.formula import Expression, Formula
from nnscratch.export.formula_reader import (
    date_formulas,
    formula_of,
    read_formula,
    sigmoid_formula,
)
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.registry import create

OPERATIONS: dict[str, Any] = {
    "+": np.add, "*": np.multiply, "/": np.divide, ">": np.greater, ">=": np.greater_equal,
    "<": np.less, "<=": np.less_equal, "max": np.maximum, "min": np.minimum, "abs": np.abs,
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "tanh": np.tanh, "sqrt": np.sqrt,
    "floor": np.floor, "if": np.where, "softplus": lambda x: np.logaddexp(0, x),
}  # fmt: skip


def compute(formula: Formula, argument: Any) -> Any:
    values = {formula.argument: argument}

    def of(node: Expression) -> Any:
        if not isinstance(node, tuple):
            return values[node] if isinstance(node, str) else node
        name, *arguments = node
        if name == "-":
            return np.subtract(*map(of, arguments)) if len(arguments) == 2 else -of(arguments[0])
        return OPERATIONS[str(name)](*map(of, arguments))

    for letter, value in formula.letters:
        values[letter] = of(value)
    return of(formula.value)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_what_the_network_computes(name: str) -> None:
    activation = create(ACTIVATIONS, name)
    z = np.array([-1e5, -800.0, -90.0, -3.0, -0.3, -1e-9, 0.0, 1e-9, 0.7, 2.0, 30.0, 90.0, 1e5])
    with np.errstate(all="ignore"):
        found = compute(formula_of(activation, "float64"), z)
    np.testing.assert_allclose(found, activation(z), 1e-13, 1e-300)


def test_an_activation_keeps_its_settings_and_its_limit() -> None:
    leaky = create(ACTIVATIONS, {"name": "leaky_relu", "negative_slope": 0.25})
    assert formula_of(leaky, "float32").value == ("if", (">", "z", 0.0), "z", ("*", 0.25, "z"))
    exponential = create(ACTIVATIONS, "exponential")
    assert formula_of(exponential, "float32").value == ("exp", ("min", "z", 87.0))
    assert formula_of(exponential, "float64").value == ("exp", ("min", "z", 708.0))


def test_what_rounding_would_spoil_is_a_function_of_its_own() -> None:
    assert read_formula("log(1 + exp(z))", limit=87.0).value == ("softplus", "z")
    assert read_formula("2 * (exp(z) - 1)", limit=87.0).value == ("*", 2.0, ("expm1", "z"))


def test_what_is_known_is_computed() -> None:
    formula = read_formula("sqrt(2 / pi) * t", "c = 2 * 3; t = c * z**2", {"k": 5.0})
    assert formula.letters == (("t", ("*", 6.0, ("*", "z", "z"))),)
    assert formula.value == ("*", math.sqrt(2 / math.pi), "t")


@pytest.mark.parametrize("text", ["z % 2", "y", "sin(z)", "z ** 0.3", "z ** 99", "[z]"])
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a formula cannot have"):
        read_formula(text)


def test_the_parts_of_dates_are_those_of_the_calendar() -> None:
    days = np.array(
        [-719162.0, -141428, -1, 0, 58.5, 59, 11016.25, 11017, 19782.999, 20483, 47540, 2932896]
    )
    first = datetime(1970, 1, 1)  # noqa: DTZ001  # a day has no time zone
    dates = [first + timedelta(days=day) for day in days.tolist()]
    parts = date_formulas(("year", "month", "weekday", "hour"))
    expected: dict[str, list[Any]] = {
        "year": [date.year for date in dates],
        "month": [date.month for date in dates],
        "weekday": [date.weekday() for date in dates],
        "hour": [d.hour + d.minute / 60 + (d.second + d.microsecond / 1e6) / 3600 for d in dates],
    }
    for name, formula in parts.items():
        np.testing.assert_allclose(compute(formula, days), expected[name], atol=1e-6)


def test_a_probability_is_that_of_the_losses() -> None:
    z = np.array([-1000.0, -2.0, 0.0, 0.5, 1000.0])
    expected = [0.0, 1 / (1 + math.exp(2)), 0.5, 1 / (1 + math.exp(-0.5)), 1.0]
    np.testing.assert_allclose(compute(sigmoid_formula("float64"), z), expected, 1e-15, 1e-300)
