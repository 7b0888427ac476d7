"""Arrays, formulas, columns and examples as JSON values."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from nnscratch.export.formula import Formula
from nnscratch.export.json_values import array, describe_column, describe_example, formula
from nnscratch.export.self_test import Example
from nnscratch.export.subject import Subject
from tests.export.models import MODELS


def unpack(values: dict[str, Any]) -> Any:
    """Returns an array as its documentation says."""
    if "base64" in values:
        numbers = np.frombuffer(base64.b64decode(values["base64"]), np.dtype(values["dtype"]))
    else:
        numbers = np.array(values["values"], values["dtype"])
    return numbers.reshape(values["shape"])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (40, 50)])
def test_arrays_come_back_exactly(shape: tuple[int, ...], dtype: str) -> None:
    numbers = np.random.default_rng(1).normal(size=shape).astype(dtype)
    values = json.loads(json.dumps(array(np.asarray(numbers))))
    assert ("base64" in values) == (numbers.size > 1000)
    found = unpack(values)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, numbers)


def test_a_tenth_is_a_tenth_and_nan_is_null() -> None:
    assert array(np.array([0.1, np.nan], np.float32))["values"] == [0.1, None]


def test_a_formula_is_lists() -> None:
    tree = Formula("z", (("t", ("exp", "z")),), ("+", "t", 1.0))
    assert json.loads(json.dumps(formula(tree))) == {
        "argument": "z",
        "letters": [["t", ["exp", "z"]]],
        "value": ["+", "t", 1.0],
    }


def test_columns_say_what_they_hold() -> None:
    subject = Subject.of(MODELS["people"]())
    age, colour, since = (describe_column(subject, i) for i in range(3))
    assert age == {"name": "age", "kind": "number", "low": 14.0, "high": 68.0, "typical": 41.0}
    assert colour == {"name": "colour", "kind": "category", "categories": ["blue", "green", "red"]}
    assert (since["kind"], since["date_format"]) == ("date", "%d.%m.%Y")


def test_pixels_have_no_ranges_of_their_own() -> None:
    pixel = describe_column(Subject.of(MODELS["picture"]()), 5)
    assert pixel == {"name": "pixel6", "kind": "pixel"}


def test_no_value_is_null() -> None:
    example = describe_example(Example([None, "red"], [np.nan, 2.0], "a", [0.5]))
    assert example["numbers"] == [None, 2]


def test_numbers_are_written_once_and_whole_ones_without_a_point() -> None:
    example = describe_example(Example([0.0, 16.0, 0.5], [0.0, 16.0, 0.5], "a", [1.0]))
    assert json.dumps(example["row"]) == "[0, 16, 0.5]"
    assert "numbers" not in example
