"""What becomes of a row before the network sees it: categories, missing values and scaling."""

from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.insight.example import Example
from nnscratch.insight.explanation import explain
from nnscratch.insight.section import Section
from nnscratch.model.model import Model
from tests.insight.explaining import build_model, listed, table, text_of

COLOUR = Feature("c", ("blue", "red"))


def filling_model(features: tuple[Feature, ...], scale: float) -> Model:
    """A model that fills in 3, or the category `red`, and scales by 0.5, if not set."""
    shift = np.where([f.categories is None for f in features], 1.0 if scale != 1 else 0.0, 0.0)
    scales = np.where([f.categories is None for f in features], scale, 1.0)
    fill = np.where([f.categories is None for f in features], 3.0, 1.0)
    preprocessing = Preprocessing(features, Scaling(shift, scales), fill)
    model = build_model({"dense_1.kernel": [[1.0]] * preprocessing.outputs}, [])
    return Model(model.network, model.encoding, preprocessing)


def inputs_section(model: Model, x: list[float]) -> Section:
    return next(explain(model, Example("row", np.array([x]), None), None))


@pytest.mark.parametrize(
    ("scale", "network_input"), [(0.5, [0.5, 1.0, 0.0, 1.0]), (1.0, [2, 3, 0, 1])]
)
def test_what_fills_in_a_missing_value_is_shown_and_marked(
    scale: float, network_input: list[float]
) -> None:
    model = filling_model((Feature("a"), Feature("b"), COLOUR), scale)
    section = inputs_section(model, [2.0, np.nan, np.nan])
    shown = table(section)
    expected: dict[str, Any] = {
        "a": 2.0, "b": "3, filled in", "c = blue": "", "c = red": "yes, filled in",
    }  # fmt: skip
    assert shown["value"] == expected
    assert listed(shown["network input"]) == network_input
    assert "2 missing values" in text_of(section)
    assert ("scale" in shown) == (scale != 1)


def test_categories_and_missing_values_are_mentioned_only_where_there_are_some() -> None:
    numbers, mixed = filling_model((Feature("a"),), 0.5), filling_model((Feature("a"), COLOUR), 0.5)
    assert "categories" not in text_of(inputs_section(numbers, [2.0]))
    assert "missing" not in text_of(inputs_section(numbers, [2.0]))
    assert "categories as 0 and 1" in text_of(inputs_section(mixed, [2.0, 0.0]))
