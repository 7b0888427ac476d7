"""Numbers that Python writes in many styles are found out and read back; codes are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.data.tables import Notation
from nnscratch.data.tables.guessing import COMMON_MISSING, MISSING_MARKS, guess_notation

USUAL = Notation()
BLANKS = [" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"]
APOSTROPHES = ["'", "\N{RIGHT SINGLE QUOTATION MARK}"]
# How numbers are grouped: decimal mark and mark between thousands.
STYLES = [(".", ","), (",", "."), *((",", b) for b in BLANKS), *((".", a) for a in APOSTROPHES)]
PREFIXES = [
    *("$", "€", "£", "¥", "₹", "₽", "US$", "R$", "A$", "$ ", "€ ", "EUR ", "USD ", "CHF ", "GBP "),
    *("JPY ", "INR ", "Rs. ", "Rs ", "~", "#", "%", ""),
]
SUFFIXES = [
    *(
        " €",
        "€",
        " EUR",
        " USD",
        "%",
        " %",
        " kg",
        "kg",
        " km/h",
        " mph",
        "°C",
        " °F",
        " m²",
        " ft",
    ),
    *(" years", " months", " sq ft", "px", " min", " pts", " k", " people", ""),
]
numbers = st.lists(
    st.integers(-(10**11), 10**11).map(lambda cents: cents / 100), min_size=2, max_size=8
)


def grouped(number: float, decimal: str, thousands: str) -> str:
    """Returns a number as `f"{number:,.2f}"` with other marks."""
    return f"{number:,.2f}".translate(str.maketrans(",.", thousands + decimal))


def affixed(text: str, prefix: str, suffix: str) -> str:
    sign = "-" if text.startswith("-") else ""
    return f"{sign}{prefix}{text.removeprefix('-')}{suffix}"


@settings(max_examples=300, deadline=None)
@given(numbers, st.sampled_from(STYLES), st.sampled_from(PREFIXES), st.sampled_from(SUFFIXES))
def test_numbers_in_any_style_are_read_back(
    values: list[float], style: tuple[str, str], prefix: str, suffix: str
) -> None:
    suffix = "" if prefix and suffix else suffix
    values = [*values, 1234567.89]  # which shows both marks
    texts = [affixed(grouped(value, *style), prefix, suffix) for value in values]
    notation = guess_notation(texts, USUAL)
    assert notation is not None
    assert [notation.to_number(text) for text in texts] == values


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_currency_or_unit_is_stripped(prefix: str, suffix: str) -> None:
    if prefix and suffix:
        return
    texts = [f"{prefix}{i}{suffix}" for i in (1, 25, 300)]
    expected = (prefix.strip() or suffix.strip(),)
    assert guess_notation(texts, USUAL) == Notation(strip=expected if expected != ("",) else ())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    st.sampled_from(["-", "+", "\N{MINUS SIGN}", "\N{EN DASH}", "(", ""]),
    st.sampled_from(["", "$", "€ "]),
)
def test_signs_before_the_currency_or_parentheses(
    values: list[int], sign: str, symbol: str
) -> None:
    closed = ")" if sign == "(" else ""
    texts = [f"{sign}{symbol}{value}{closed}" for value in values]
    notation = guess_notation(texts, USUAL)
    assert notation == Notation(strip=(symbol.strip(),) if symbol else ())
    factor = 1 if sign in ("+", "") else -1
    assert [notation.to_number(text) for text in texts] == [factor * value for value in values]


@settings(deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=5))
def test_what_python_writes_itself_needs_no_notation(values: list[float]) -> None:
    assert guess_notation([repr(value) for value in values], USUAL) == USUAL


@pytest.mark.parametrize(
    ("texts", "decimal", "thousands"),
    [
        (["1,500", "20"], ".", ","),
        (["1,500", "2.5"], ".", ","),
        (["1,5", "20"], ",", None),
        (["0,125", "0,250"], ",", None),
        (["1,500", "2,75"], ",", None),
        (["1.500", "2.300"], ".", None),  # which Python reads
        (["1.500", "2.300.000"], ",", "."),
        (["1.500", "2.345", "558"], ",", "."),
        (["1.545", "2.345", "558"], ".", None),  # may be 558.000
        (["1.500", "0.125", "558"], ".", None),
        (["1.500", "2.345", "58"], ".", None),
        (["1.500", "2.345", "1558"], ".", None),
        (["1.500", "2,5"], ",", "."),
        (["1.500,5", "2"], ",", "."),
        (["1 500", "20"], ".", " "),
        (["1 500,5", "20"], ",", " "),
        (["1'500", "20"], ".", "'"),
        (["-1,500", "20"], ".", ","),
    ],
)
def test_the_marks_that_all_numbers_of_a_column_allow(
    texts: list[str], decimal: str, thousands: str | None
) -> None:
    assert guess_notation(texts, USUAL) == Notation(decimal=decimal, thousands=thousands)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["36 months", "1 month"], [36, 1]),
        (["5 kg", "6 kgs"], [5, 6]),
        (["5%", "6"], [5, 6]),
        (["US$5", "$6"], None),  # perhaps two currencies
    ],
)
def test_one_unit_may_be_one_or_many_or_left_out(
    texts: list[str], values: list[float] | None
) -> None:
    notation = guess_notation(texts, USUAL)
    assert (notation and [notation.to_number(text) for text in texts]) == values


@pytest.mark.parametrize(
    "texts",
    [
        *(["A12", "A13"], ["12A", "13B"], ["x1", "x2"], ["Q1", "Q2"], ["2024Q1", "2024Q2"]),
        *(["3-4", "5-6"], ["10-20"], ["1–5", "6–9"], ["2020-2021"], ["2020/21"], ["1/2", "1/4"]),
        *(["1.2.3", "1.3.0"], ["10.0.1"], ["192.168.0.1"], ["192.168.100.101"], ["v1.2"]),
        *(["12:30", "14:45"], ["3:2"], ["2024-01-31"], ["31.01.2024"], ["1/31/2024"], ["2024-01"]),
        *(["555-1234"], ["+49 30 123456"], ["(030) 1234567"], ["555 123 4567"], ["030 1234"]),
        *(["I", "II", "IV"], ["5 ft 3 in"], ["5'3", "6'1"], ["1st", "2nd"], ["10x20"], ["0x1f"]),
        *(["123-45-6789"], ["00:1A:2B"], ["1_000"], ["1,50,000"], ["12,3456", "1.5"], ["1 5"]),
        *(["$5", "€6"], ["5 min", "6 sec"], ["5k", "6M"], ["5 CO2"], ["red", "5"], ["", "5"], []),
        *(
            ["<5", "6"],
            [">5"],
            [">=5"],
            ["< 1 year", "2 years"],
            ["5-", "6"],
            ["10+ years", "1 year"],
        ),
        *(["52.5,13.4"], ["1E5", "3D5"], ["Apt 5"], ["No. 1"], ["5 thousand people"], ["--5"]),
        *(["()"], ["$"], ["1..2"], ["1.,2"], ["\N{ARABIC-INDIC DIGIT FIVE}"]),
    ],
)
def test_what_are_no_numbers(texts: list[str]) -> None:
    assert guess_notation(texts, USUAL) is None


def test_what_is_known_already_is_kept() -> None:
    known = Notation(missing_values=("?",), strip=("$",), thousands=",")
    guessed = guess_notation(["5 kg", "$6"], known)
    assert guessed is None or set(guessed.strip) == {"$", "kg"}
    assert guess_notation(["5 kg"], known) == Notation(("?",), ".", ",", ("$", "kg"))


def test_texts_for_an_unknown_value_are_no_numbers_and_not_listed_twice() -> None:
    assert not {*MISSING_MARKS} & {*COMMON_MISSING}
    assert {*COMMON_MISSING} <= {*USUAL.missing_values}
    for mark in MISSING_MARKS:
        with pytest.raises(ValueError, match="is not a number"):
            USUAL.to_number(mark)
