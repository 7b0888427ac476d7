"""What a column holds: a feature, or a problem with its rule and its remedy as data."""

import pandas as pd
import pytest

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.dataset import Feature


def type_of(*values: object) -> Feature | ColumnProblem:
    """Returns the type of a column of text, or of numbers if pandas finds only numbers."""
    return column_type("a", pd.Series(list(values), dtype=None))


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
        (("31.01.2024", "1.2.2024"), "holds dates or times such as 1.2.2024", "turn them into"),
        (("1,5", "2", None), "has numbers with a decimal comma such as 1,5", "write a decimal"),
        ((*"123456789", "?"), "holds numbers, but '?' is not a number (row 9, ", "leave missing"),
        ((1.0, float("inf")), "'inf' is not a finite number (row 1, ", "correct the value"),
        (
            [f"name {i}" for i in range(60)],
            "has 60 different values in 60 rows, like names",
            "",
        ),
    ],
    ids=["nothing", "dates", "decimal commas", "a mistake", "infinity", "names"],
)
def test_what_cannot_be_learned_from(values: tuple[object, ...], rule: str, remedy: str) -> None:
    problem = type_of(*values)
    assert isinstance(problem, ColumnProblem)
    assert problem.rule.startswith(rule)
    assert problem.remedy.startswith(remedy)
    assert bool(problem.remedy) == bool(remedy)


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
