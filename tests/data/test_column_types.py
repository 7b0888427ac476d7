"""What a column holds: a feature, or a problem with its rule and its remedy as data."""

from collections.abc import Sequence

import pandas as pd
import pytest

from nnscratch.data.column_types import (
    ColumnProblem,
    Reading,
    column_type,
    words_that_are_numbers,
)
from nnscratch.data.columns import USUAL_NOTATION
from nnscratch.data.dataset import Feature
from nnscratch.data.tables import Notation


def type_of(*values: object, reading: Reading = "auto") -> Feature | ColumnProblem:
    """Returns the type of a column of text, or of numbers if pandas finds only numbers."""
    return column_type("a", pd.Series(list(values), dtype=None), reading=reading)


@pytest.mark.parametrize(
    "values", [(1, 2), (0.5, None), ("1", "2.5", None), ("07", "1e3", "-.5"), (2**70, 1)]
)
def test_numbers(values: tuple[object, ...]) -> None:
    assert type_of(*values) == Feature("a")


def test_categories_are_sorted_and_missing_values_are_none_of_them() -> None:
    assert type_of("red", None, "blue", "red") == Feature("a", ("blue", "red"))


def test_fifty_categories_are_always_allowed_and_more_if_each_has_two_rows() -> None:
    fifty = [f"c{i}" for i in range(50)]
    hundred = [f"c{i}" for i in range(100)]
    assert isinstance(type_of(*fifty), Feature)
    assert isinstance(type_of(*hundred, *hundred), Feature)
    assert isinstance(type_of(*hundred, *hundred[:99]), ColumnProblem)


def test_more_than_five_thousand_categories_are_never_allowed() -> None:
    texts = [f"c{i}" for i in range(5001)]
    assert isinstance(type_of(*texts[:5000], *texts[:5000]), Feature)
    assert isinstance(type_of(*texts, *texts), ColumnProblem)


@pytest.mark.parametrize(
    ("values", "rule", "remedy"),
    [
        ((None, None), "has no values at all", ""),
        (("1,5", "2", None), "has numbers with a decimal comma such as 1,5", "'dataset.decimal="),
        (
            ("1.200.300", "5"),
            "has numbers with points between groups of digits such as 1.200.300",
            "'dataset.decimal=\",\"' 'dataset.thousands=",
        ),
        ([f"${i}" for i in range(60)], "has numbers written like $0", "'dataset.strip=["),
        ([f"{i},500" for i in range(1, 61)], "has numbers written like 1,500", "'dataset.th"),
        ((*"123456789", "?"), "holds numbers, but '?' is not a number (row 9, ", "leave missing"),
        ((1.0, float("inf")), "'inf' is not a finite number (row 1, ", "correct the value"),
        (
            [f"name {i}" for i in range(60)],
            "has 60 different values in 60 rows, like names",
            "",
        ),
    ],
    ids=["nothing", "decimal commas", "points", "money", "thousands", "a mistake", "infinity",
         "names"],
)  # fmt: skip
def test_what_cannot_be_learned_from(values: Sequence[object], rule: str, remedy: str) -> None:
    problem = type_of(*values)
    assert isinstance(problem, ColumnProblem)
    assert problem.rule.startswith(rule)
    assert problem.remedy.startswith(remedy)
    assert bool(problem.remedy) == bool(remedy)


@pytest.mark.parametrize(
    ("values", "date_format"),
    [
        (("31.01.2024", "1.2.2024"), "%d.%m.%Y"),
        (("2024-01-31", None, "1066-10-14"), "%Y-%m-%d"),
        (("12/31/2024", "1/2/2024"), "%m/%d/%Y"),
        (("31/12/2024", "1/2/2024"), "%d/%m/%Y"),
        (("9:05", "23:59"), "%H:%M"),
    ],
)
def test_dates_and_times_are_numbers_with_a_format(
    values: tuple[str | None, ...], date_format: str
) -> None:
    assert type_of(*values) == Feature("a", date_format=date_format)


def test_a_column_is_read_as_the_user_says() -> None:
    assert type_of("07", "7", None, reading="categorical") == Feature("a", ("07", "7"))
    dates = ("2024-01-31", "2024-02-01")
    assert type_of(*dates, reading="categorical") == Feature("a", dates)
    for strays in (dates, ("1", "x", "y")):
        problem = type_of(*strays, reading="numeric")
        assert isinstance(problem, ColumnProblem)
        assert "is not a number" in problem.rule
    assert type_of("1", "2.5", reading="numeric") == Feature("a")


@pytest.mark.parametrize(
    ("categories", "override"),
    [
        (("$5", "$6"), "'dataset.strip=[\"$\"]'"),
        (("1,500", "20"), "'dataset.thousands=\",\"'"),
        (("1", "?"), '\'dataset.missing_values=["?",'),
        (("12 %", "n.a."), "'dataset.strip=[\"%\"]'"),
    ],
)
def test_words_that_people_mean_as_numbers_are_remarked_on(
    categories: tuple[str, ...], override: str
) -> None:
    remark = words_that_are_numbers(Feature("a", categories), USUAL_NOTATION)
    assert "are read as words" in remark
    assert override in remark


@pytest.mark.parametrize("categories", [None, ("red", "blue"), ("A1", "A2"), ("1", "2"), ("3-4",)])
def test_other_words_are_not(categories: tuple[str, ...] | None) -> None:
    assert words_that_are_numbers(Feature("a", categories), Notation()) == ""


def test_a_message_ends_with_all_that_can_be_done() -> None:
    curable = ColumnProblem("has numbers with a decimal comma such as 1,5", "write a decimal point")
    line = curable.message("t.csv: column a", "leave it out")
    assert line == (
        "t.csv: column a: has numbers with a decimal comma such as 1,5; "
        "write a decimal point or leave it out"
    )
    incurable = ColumnProblem("has no values at all")
    line = incurable.message("t.csv: column a", "leave it out")
    assert line == "t.csv: column a: has no values at all; leave it out"
