"""Models that are made of components."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from nnscratch.config.settings.generated import (
    ComponentSettings,
    add_names,
    by_name,
    make_models,
    one_of,
)
from nnscratch.nn.registry import REQUIRED, Component, components, setting


@dataclass
class Shape(Component):
    """A kind of component."""


class Point(Shape):
    """No extent."""

    name = "point"


@dataclass
class BoxShape(Shape):
    """Has corners."""

    label: str | list[str] = setting(REQUIRED, "What is written on it.", min_length=1, example="x")
    width: int | None = setting(None, "Its width.", ge=1)
    height: float = setting(1.0, "Its height.", gt=0)
    color: str = setting("red", "How it looks.", choices=("red", "blue"))

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.name == "square" and settings.width not in (None, settings.height):
            yield "width", "must be the height of a square"


class Square(BoxShape):
    """As wide as high."""

    name = "square"


class Oblong(BoxShape):
    """Wider than high."""

    name = "oblong"


MODELS = make_models(components(Shape), Shape, lambda _: ComponentSettings)
PART: TypeAdapter[Any] = TypeAdapter(one_of(add_names(MODELS, "PlainAny", "Any.", "auto")))


def test_components_with_the_same_settings_share_a_model() -> None:
    assert {name: model.__name__ for name, model in MODELS.items()} == {
        "point": "PlainShape", "square": "BoxSettings", "oblong": "BoxSettings",
    }  # fmt: skip
    assert MODELS["square"].__doc__ == "Has corners."


def test_a_name_alone_or_a_mapping_is_taken() -> None:
    assert PART.validate_python("auto").model_dump() == {"name": "auto"}
    assert by_name(MODELS, "point").model_dump() == {"name": "point"}
    assert PART.validate_python({"name": "oblong", "label": "x"}).model_dump() == {
        "name": "oblong", "label": "x", "width": None, "height": 1.0, "color": "red",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, "missing"),
        ({"label": ""}, "string_too_short"),
        ({"label": []}, "too_short"),
        ({"label": "x", "width": 0}, "greater_than_equal"),
        ({"label": "x", "height": 0}, "greater_than"),
        ({"label": "x", "color": "green"}, "literal_error"),
        ({"label": "x", "width": 2}, "rules"),
        ({"label": "x", "depth": 2}, "extra_forbidden"),
    ],
)
def test_settings_are_held_to_what_the_component_says(settings: Any, kind: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        PART.validate_python({"name": "square", **settings})
    assert kind in [error["type"] for error in refusal.value.errors()]


def test_the_schema_has_descriptions_ranges_and_examples() -> None:
    properties = MODELS["square"].model_json_schema()["properties"]
    assert properties["height"]["description"] == "Its height."
    assert properties["height"]["exclusiveMinimum"] == 0
    assert properties["label"]["examples"] == ["x"]
