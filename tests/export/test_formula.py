"""Formulas as text, and what they call."""

from nnscratch.export.formula import functions_in, infix
from nnscratch.export.formula_reader import read_formula


def test_the_functions_of_a_formula() -> None:
    assert functions_in(("+", ("exp", "z"), ("if", (">", "z", 0.0), ("tanh", "z"), 1.0))) == {
        "exp",
        "tanh",
    }


def test_a_formula_as_text() -> None:
    value = read_formula("-z if abs(z) > 2 else exp(z / 2) * (1 + z)").value
    names = {"abs": "fabsf", "exp": "expf"}
    text = infix(value, names, "{test} ? {yes} : {no}", lambda number: f"{number}f")
    assert text == "fabsf(z) > 2.0f ? (-z) : (expf(z / 2.0f) * (1.0f + z))"
