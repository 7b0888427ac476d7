"""Numbers as people write them, and the texts that stand for no value."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnscratch.data.tables import MISSING_VALUES, Notation

PRICES = Notation(thousands=",", strip=("$", "€", "USD", "%", "kg"))
GERMAN = Notation(decimal=",", thousands=".", strip=("€",))
SWISS = Notation(thousands="'")
FRENCH = Notation(decimal=",", thousands=" ")


@pytest.mark.parametrize(
    ("notation", "text", "number"),
    [
        (Notation(), "12", 12.0),
        (Notation(), " 1.5e-3 ", 0.0015),
        (Notation(), "\N{MINUS SIGN}3", -3.0),
        (Notation(), "(12)", -12.0),
        (Notation(), "+.5", 0.5),
        (Notation(), "5.", 5.0),
        (PRICES, "$5,000", 5000.0),
        (PRICES, "-$1,234.50", -1234.5),
        (PRICES, "$-5", -5.0),
        (PRICES, "($1,234)", -1234.0),
        (PRICES, "1234", 1234.0),
        (PRICES, "12 %", 12.0),
        (PRICES, "20kg", 20.0),
        (PRICES, "1,000,000 USD", 1e6),
        (GERMAN, "1.234,5 €", 1234.5),
        (GERMAN, "3,14", 3.14),
        (GERMAN, "1.500", 1500.0),
        (SWISS, "1'234.5", 1234.5),
        (SWISS, "1\N{RIGHT SINGLE QUOTATION MARK}234", 1234.0),
        (FRENCH, "1 234 567,8", 1234567.8),
        (FRENCH, "1\N{NARROW NO-BREAK SPACE}234", 1234.0),
    ],
)
def test_a_number_is_read_as_it_is_meant(notation: Notation, text: str, number: float) -> None:
    assert notation.to_number(text) == number
    assert notation.to_numbers(pd.Series([text])).tolist() == [number]


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (Notation(), "1,5"),
        (Notation(), "$5"),
        (Notation(), "1_000"),
        (Notation(), "0x10"),
        (Notation(), ""),
        (Notation(), "--5"),
        (Notation(), "()"),
        (PRICES, "1,5"),
        (PRICES, "1,50,000"),
        (PRICES, "12,3456"),
        (PRICES, "$"),
        (PRICES, "5 lb"),
        (GERMAN, "1.5"),
        (GERMAN, "1,500,000"),
        (FRENCH, "1 23"),
        (Notation(), "\N{ARABIC-INDIC DIGIT FIVE}"),
    ],
)
def test_what_is_not_a_number_in_a_notation_is_refused(notation: Notation, text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        notation.to_number(text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_what_python_writes_with_commas_is_read_back(whole: int, cents: int) -> None:
    text = f"{whole:,}.{cents:02}"
    assert PRICES.to_number(text) == float(text.replace(",", ""))
    assert PRICES.to_number(f"${text}") == float(text.replace(",", ""))
    german = text.translate(str.maketrans(",.", ".,"))
    assert GERMAN.to_number(german) == float(text.replace(",", ""))


@pytest.mark.parametrize("text", ["", "  ", *MISSING_VALUES])
def test_the_same_texts_stand_for_no_value_everywhere(text: str) -> None:
    assert Notation().is_missing(text)
    assert Notation().is_missing(f" {text} ")


def test_a_list_of_ones_own_replaces_the_usual_one() -> None:
    notation = Notation(missing_values=("?",))
    assert notation.is_missing("?")
    assert notation.is_missing("")
    assert not notation.is_missing("None")


def test_a_column_keeps_what_is_not_a_number_as_nan() -> None:
    column = pd.Series(["$1", None, "two", "3"], dtype="str")
    np.testing.assert_array_equal(PRICES.to_numbers(column), [1, np.nan, np.nan, 3])
    assert np.isnan(Notation().to_numbers(pd.Series([True, False]))).all()


def test_the_documentation_lists_the_texts_that_are_missing() -> None:
    text = (Path(__file__).parents[3] / "docs" / "data.md").read_text("utf-8")
    assert [value for value in MISSING_VALUES if f"`{value}`" not in text] == []
