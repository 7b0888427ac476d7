"""Formulas as books print them."""

import ast

import pytest

from nnscratch.insight.notation import write, write_definitions


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        ("z if z > 0 else alpha * (exp(z) - 1)", "z if z > 0 else α (exp(z) − 1)"),
        ("1 / (1 + exp(-z))", "1 / (1 + exp(−z))"),
        ("z / 2 * (1 + t)", "z/2 (1 + t)"),
        ("sqrt(2 / pi) * sqrt(z)", "√(2/π) √z"),
        ("1 - a**2", "1 − a²"),
        ("1 / (1 + abs(z))**2", "1 / (1 + |z|)²"),
        ("-y * log(p) - (1 - y) * log(1 - p)", "−y ln p − (1 − y) ln(1 − p)"),
        ("-sum(y * log(p))", "−Σ y ln p"),
        ("a - (b - c)", "a − (b − c)"),
        ("a / (b * c)", "a / (b c)"),
        ("(a + b) / c", "(a + b)/c"),
        ("d <= delta", "d ≤ δ"),
        ("max(z, 0)", "max(z, 0)"),
        ("sigmoid(z)", "σ(z)"),
    ],
)
def test_a_formula_is_printed_as_in_a_book(formula: str, printed: str) -> None:
    assert ast.parse(formula)
    assert write(formula, {}) == printed


def test_names_are_called_what_is_asked_for() -> None:
    assert write("z if z > 0 else slope * z", {"z": "ẑ", "slope": "s"}) == "ẑ if ẑ > 0 else s ẑ"
    assert write_definitions("d = z - y; c = 2", {"y": "y′"}) == ["d = z − y′", "c = 2"]


def test_what_has_no_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="a formula cannot have"):
        write("z[0]", {})
