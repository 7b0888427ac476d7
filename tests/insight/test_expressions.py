"""Formulas computed with scalars: against math, at extremes, and what may not stand in them."""

import math
from typing import Any

import numpy as np
import pytest

from nnscratch.autograd import Value
from nnscratch.insight.expressions import compute

POINTS = [-3.0, -0.4, 0.0, 0.7, 2.5]


@pytest.mark.parametrize("z", POINTS)
@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ("2 * z - z**2 / 4", lambda z: 2 * z - z * z / 4),
        ("-(z - 1) * 3", lambda z: -(z - 1) * 3),
        ("z if z > 0 else exp(z)", lambda z: z if z > 0 else math.exp(z)),
        ("1 if z <= -0.4 else 0", lambda z: float(z <= -0.4)),
        ("max(z, 0) + min(z, 1)", lambda z: max(z, 0) + min(z, 1)),
        ("abs(z) + sign(z)", lambda z: abs(z) + (z > 0) - (z < 0)),
        ("sqrt(z**2 + 1) * pi", lambda z: math.sqrt(z * z + 1) * math.pi),
        ("tanh(z) + cosh(z)", lambda z: math.tanh(z) + math.cosh(z)),
        ("sigmoid(z)", lambda z: 1 / (1 + math.exp(-z))),
        ("1 / (1 + exp(-z))", lambda z: 1 / (1 + math.exp(-z))),
        ("log(1 + exp(2 * z))", lambda z: math.log(1 + math.exp(2 * z))),
        ("log(cosh(z - 1))", lambda z: math.log(math.cosh(z - 1))),
        ("log(sigmoid(z))", lambda z: -math.log(1 + math.exp(-z))),
        ("log(1 - sigmoid(z))", lambda z: -math.log(1 + math.exp(z))),
    ],
)
def test_numbers_and_values_give_what_math_gives(formula: str, function: Any, z: float) -> None:
    assert compute(formula, z=z) == pytest.approx(function(z))
    value = compute(formula, z=Value(z))
    assert (value.data if isinstance(value, Value) else value) == pytest.approx(function(z))


def test_letters_are_computed_once_and_only_where_they_are_used() -> None:
    z = Value(2.0)
    result = compute("t * t if z > 0 else s", "t = exp(z); s = log(-z)", z=z)
    assert result.data == pytest.approx(math.exp(4))
    assert [value.operation for value in result.graph()].count("exp") == 1


@pytest.mark.parametrize("z", [-1e6, -800.0, 800.0, 1e6])
@pytest.mark.parametrize(
    ("formula", "where", "function"),
    [
        ("log(1 + exp(z))", "", lambda z: max(z, 0.0)),
        ("1 / (1 + exp(-z))", "", lambda z: float(z > 0)),
        ("log(cosh(z))", "", lambda z: abs(z) - math.log(2)),
        ("-log(p)", "p = sigmoid(z)", lambda z: max(-z, 0.0)),
        ("-log(1 - p)", "p = sigmoid(z)", lambda z: max(z, 0.0)),
    ],
)
def test_what_would_overflow_is_computed_another_way(
    formula: str, where: str, function: Any, z: float
) -> None:
    assert compute(formula, where, z=z) == pytest.approx(function(z))
    assert compute(formula, where, z=Value(z)).data == pytest.approx(function(z))


def test_a_row_has_a_softmax_and_a_sum() -> None:
    row = np.array([Value(math.log(weight)) for weight in (1, 2, 5)])
    shares = compute("softmax(z)", z=row)
    assert [share.data for share in shares] == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    loss = compute("-sum(y * log(p))", "p = softmax(z)", z=row, y=np.array([0.0, 0.0, 1.0]))
    loss.backward()
    assert loss.data == pytest.approx(-math.log(5 / 8))
    assert [value.grad for value in row] == pytest.approx([1 / 8, 2 / 8, -3 / 8])


@pytest.mark.parametrize(
    "formula", ["open(z)", "z.data", "z[0]", "lambda: z", "'z'", "w", "z < 1 < 2", "z @ z", "[z]"]
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="a formula cannot have"):
        compute(formula, z=1.0)
