"""Formulas as books print them: one name for a number, and each letter is given."""

import re

import pytest

from nnscratch.insight import notation
from nnscratch.insight.notation import write, write_definitions
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create
from tests.insight.explaining import (
    loss_of,
    of_two_units,
    sections_of,
)


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
    assert write(formula, {}) == printed


def test_names_are_called_what_is_asked_for() -> None:
    assert write("z if z > 0 else slope * z", {"z": "ẑ", "slope": "s"}) == "ẑ if ẑ > 0 else s ẑ"
    assert write_definitions("d = z - y; c = 2", {"y": "y′"}) == ["d = z − y′", "c = 2"]


def test_what_has_no_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="a formula cannot have"):
        write("z[0]", {})


@pytest.mark.parametrize(
    ("name", "settings", "given"),
    [
        ("leaky_relu", {"negative_slope": 0.2}, "with s = 0.2"),
        ("elu", {"alpha": 0.7}, "with α = 0.7"),
        ("gelu", {}, "with t = tanh(√(2/π) (z + 0.044715 z³))"),
    ],
)
def test_each_letter_of_an_activation_is_given_on_both_ways(
    name: str, settings: dict[str, float], given: str
) -> None:
    sections = sections_of(of_two_units(activation={"name": name, **settings}), [1.0, 1.0], 1)
    assert given in sections["dense_1"].formulas
    assert given in sections["back through activation_1"].formulas


def test_each_letter_of_a_loss_is_given() -> None:
    model = of_two_units(loss={"name": "huber", "delta": 0.3})
    assert "with d = z − y, δ = 0.3" in loss_of(sections_of(model, [1.0, 1.0], 1)).formulas


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_of_what_it_is_told(name: str) -> None:
    written = notation.write_activation(create(ACTIVATIONS, name), "ẑ")
    text = " ".join((written.value, written.slope, *written.given))
    assert not re.search("[z{}]", text)
    assert "ẑ" in text


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_of_what_it_is_told(name: str) -> None:
    written = notation.write_loss(create(LOSSES, name), "a", "y′")
    text = " ".join((written.value, written.slope, *written.given))
    assert "a" in text
    assert "y′" in text
    assert not re.search("[yz{}]", text.replace("y′", ""))
