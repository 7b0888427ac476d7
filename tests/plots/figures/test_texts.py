"""Texts: shortened, wrapped and measured, in any script."""

import pytest

from nnscratch.plots.figures.texts import first_of, letters, power_text, wrap_lines


def test_lines_are_wrapped_and_empty_ones_kept() -> None:
    assert wrap_lines("one two\n\nthree", 4) == ["one", "two", "", "thre", "e"]


def test_wide_characters_count_twice() -> None:
    assert wrap_lines("日本語日本語 ab", 8) == ["日本語日", "本語 ab"]
    assert letters("日本 ab") == 7


def test_of_some_it_is_said_how_many_there_are() -> None:
    assert first_of(3, 3, "units") == "3 units"
    assert first_of(16, 1024, "units") == "the first 16 of 1,024 units"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "10⁰"), (10.0**-5, "10⁻⁵"), (1e-05, "10⁻⁵"), (1e12, "10¹²"), (0.02, "0.02"), (0.0, "0")],
)
def test_powers_of_ten_are_written_as_such(value: float, text: str) -> None:
    assert power_text(value) == text
