"""Components: collected from their classes, built by name, and checked."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.activations.rectifiers import ELU
from nnscratch.nn.initializers import INITIALIZERS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import (
    Component,
    components,
    create,
    describe,
    owner_of_settings,
    setting,
    settings_of,
    summary,
)
from nnscratch.nn.training.schedules import SCHEDULES

REGISTRIES: list[Any] = [ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES]
EVERY = [component for registry in REGISTRIES for component in registry.values()]


@dataclass
class Shape(Component):
    """A kind of component."""


class Point(Shape):
    """No extent at all."""

    name = "point"


@dataclass
class Circle(Shape):
    """Round.

    Its area is π r².
    """

    radius: float = setting(1.0, "Distance from the center.", gt=0, le=9, symbol="r")
    color: str = setting("red", "What it looks like.", choices=("red", "blue"))
    name = "circle"
    aliases = ("disc",)


class Wheel(Circle):
    """Round, and turns."""

    name = "wheel"


SHAPES = components(Shape)


def test_classes_with_a_name_are_collected_each_before_those_below_it() -> None:
    assert {"point": Point, "circle": Circle, "wheel": Wheel} == SHAPES


def test_two_components_of_one_name_are_a_mistake() -> None:
    class Kind(Component):
        pass

    one, other = (type(name, (Kind,), {"name": "same"}) for name in ("One", "Other"))
    with pytest.raises(AssertionError, match="two components are called same"):
        components(Kind)
    assert issubclass(one, Kind)
    assert issubclass(other, Kind)


def test_a_component_is_built_from_its_description() -> None:
    wheel = create(SHAPES, {"name": "wheel", "radius": 2.0})
    assert describe(SHAPES, wheel) == {"name": "wheel", "radius": 2.0, "color": "red"}
    assert create(SHAPES, describe(SHAPES, wheel)) == wheel
    assert create(SHAPES, wheel) is wheel


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"radius": 0}, "`radius` must be above 0; got 0."),
        ({"radius": 10}, "`radius` must be at most 9; got 10."),
        ({"radius": float("nan")}, "`radius` must be above 0"),
        ({"color": "green"}, "`color` must be one of red, blue; got 'green'."),
        ({"side": 1}, "circle does not take these arguments"),
        ({"radius": "1"}, "`radius` must be a number; got '1'."),
        ({"radius": None}, "`radius` must be a number; got None."),
    ],
)
def test_what_cannot_be_built_is_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        create(SHAPES, {"name": "circle", **settings})


def test_settings_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="`nesterov` needs `momentum` above 0"):
        create(OPTIMIZERS, {"name": "sgd", "nesterov": True})
    with pytest.raises(ValueError, match="`maxval` must be at least `minval`, which is 1"):
        create(INITIALIZERS, {"name": "uniform", "minval": 1.0, "maxval": 0.0})


def test_what_a_class_says_of_itself() -> None:
    assert summary(Circle) == "Round."
    assert settings_of(Circle)["radius"].limits == {"gt": 0, "le": 9}
    assert settings_of(Wheel)["radius"].symbol == "r"
    assert owner_of_settings(Wheel) is Circle
    assert settings_of(ELU(2.0)).keys() == {"alpha"}


@pytest.mark.parametrize("component", EVERY, ids=lambda component: component.__name__)
def test_every_component_describes_itself_in_a_line(component: type[Component]) -> None:
    assert summary(component).endswith(".")
    assert len(summary(component)) <= 97
    assert vars(component)["__doc__"]
    for key, about in settings_of(component).items():
        assert about.description.endswith("."), key
