"""How a table writes its values, found out from all of its columns together."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from nnscratch.data.tables import MISSING_VALUES, Notation
from nnscratch.data.tables.guessing import COMMON_MISSING
from nnscratch.scaffold.table_notation import find_notation

Columns = Mapping[str, Sequence[str | None]]


def found(columns: Columns, target: str = "y") -> tuple[Notation, dict[str, str]]:
    """Returns the notation of a table, and the notes on it."""
    notes: dict[str, str] = {}
    return find_notation(pd.DataFrame(dict(columns), dtype=object), target, notes), notes


@pytest.mark.parametrize(
    "columns",
    [
        {"a": ["1", "2.5"], "y": ["u", "v"]},
        {"a": ["1", "NA"], "y": ["u", None]},
        {"a": ["2024-01-31", "2024-02-01"], "y": ["1", "2"]},
        {"a": ["A12", "B13"], "b": ["1.2.3", "1.3.0"], "c": ["12:30", "14:45"], "y": ["-", "x"]},
        {"a": [None, None], "y": ["1", "2"]},
    ],
)
def test_nothing_is_noted_of_the_usual_way(columns: Columns) -> None:
    assert found(columns) == (Notation(), {})


def test_the_notations_of_several_columns_are_joined_with_an_example_of_each() -> None:
    notation, notes = found({"a": ["7", "$1,500"], "b": ["5 kg", "6 kg"], "y": ["12 %", "13.5 %"]})
    assert notation == Notation(thousands=",", strip=("$", "kg", "%"))
    assert notes == {
        "thousands": "as in $1,500 of column a",
        "strip": "as in $1,500 of column a",
    }


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_decimal_comma_holds_for_all_columns_or_for_none(order: str) -> None:
    whole = {"a": ["1,5", "2,25"], "b": ["1", "20"]}
    notation, notes = found({**{name: whole[name] for name in order}, "y": ["u", "v"]})
    assert notation == Notation(decimal=",")
    assert notes == {"decimal": "as in 1,5 of column a"}
    mixed = {"a": ["1,5", "2,25"], "b": ["1.5", "20"]}
    assert found({**{name: mixed[name] for name in order}, "y": ["u", "v"]}) == (Notation(), {})


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_points_beside_decimal_commas_stand_between_thousands(order: str) -> None:
    columns = {"a": ["1,5", "2,25"], "b": ["1.234", "20"]}
    notation, notes = found({**{name: columns[name] for name in order}, "y": ["u", "v"]})
    assert notation == Notation(decimal=",", thousands=".")
    assert notes == {
        "decimal": "as in 1,5 of column a",
        "thousands": "a point cannot begin decimals where a comma does",
    }


@pytest.mark.parametrize("value", ["0.125", "-0.125", ".125", "1.23", "1.2345"])
def test_decimal_points_are_not_taken_for_thousands(value: str) -> None:
    columns = {"a": ["1.234,5", "2,25"], "b": [value, "1.234"], "y": ["u", "v"]}
    assert found(columns) == (Notation(), {})


@pytest.mark.parametrize(
    ("columns", "mark"),
    [
        ({"a": ["1", "?"], "y": ["u", "v"]}, "?"),
        ({"a": ["red", "?"], "y": ["u", "v"]}, "?"),
        ({"a": ["1", "n.a."], "y": ["u", "v"]}, "n.a."),
        ({"a": ["2024-01-31", "-"], "y": ["u", "v"]}, "-"),
        ({"a": ["5", "k.A."], "y": ["u", "v"]}, "k.A."),
        ({"a": ["$5", "unknown"], "y": ["u", "v"]}, "unknown"),
        ({"a": ["red", "unknown"], "y": ["u", "v"]}, None),  # a category like all others
        ({"a": ["red", "-"], "y": ["u", "v"]}, None),
    ],
)
def test_marks_of_unknown_values(columns: Columns, mark: str | None) -> None:
    notation, notes = found(columns)
    if mark is None:
        assert notation.missing_values == MISSING_VALUES
    else:
        assert notation.missing_values == (mark, *COMMON_MISSING)
        assert notes["missing_values"] == f"{mark} in a"


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (["None", "Mild", "Severe"], ("None",)),
        (["NA", "EU", "AS"], ("NA",)),
        (["1", "2", "NA"], ()),  # a missing amount
        (["NA", "None", "EU"], ()),  # which of them is a class?
        (["EU", "AS", None], ()),
    ],
)
def test_a_word_for_no_value_may_be_a_class(
    target: list[str | None], classes: tuple[str, ...]
) -> None:
    notation, notes = found({"a": ["1", "2", "3"], "y": target})
    assert not {*classes} & {*notation.missing_values}
    assert ("missing_values" in notes) == bool(classes)
    assert {"NaN", "null"} <= {*notation.missing_values}
    assert found({"a": ["1", "2", "3"], "y": target}, target="a")[1] == {}


def test_classes_and_marks_together() -> None:
    notation, notes = found({"a": ["1", "?", "3"], "y": ["None", "Mild", "Severe"]})
    assert notation.missing_values == ("?", *(text for text in COMMON_MISSING if text != "None"))
    assert notes["missing_values"] == "? in a; None is a class of y"
