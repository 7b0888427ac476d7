"""Models of settings, generated from the components that they configure.

Components whose settings are declared by the same class share one model: activations without any
have nothing but their names, all logic gates have the settings of a gate.
"""

import dataclasses
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BeforeValidator, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from nnscratch.config.settings.base import Settings, spell_out_name
from nnscratch.nn.registry import Component, fields_of, owner_of_settings, settings_of, summary

Name = Annotated[str, Field(min_length=1, max_length=1000)]


class ComponentSettings(Settings):
    """The settings of a component."""

    name: str


S = TypeVar("S", bound=ComponentSettings)


def make_models(
    registry: Mapping[str, type[Component]],
    kind: type[Component],
    base: Callable[[type[Any]], type[S]],
) -> dict[str, type[S]]:
    """Returns the model of each component by its name.

    Args:
        registry: The components by name.
        kind: The class that they are all below. Those that have no settings share a model called
            `Plain…`, which comes first.
        base: Returns what the model of a component is to be a subclass of.
    """
    groups: dict[type[Component], list[str]] = {kind: []}
    for name, component in registry.items():
        owner = owner_of_settings(component)
        is_plain = owner is component and not settings_of(owner) and base(owner) is base(kind)
        groups.setdefault(kind if is_plain else owner, []).append(name)
    models: dict[str, type[S]] = {}
    for owner, names in groups.items():
        short = owner.__name__.removesuffix(kind.__name__)
        title = f"{short}Settings" if short else f"Plain{kind.__name__}"
        if names:
            models |= dict.fromkeys(names, _make_model(title, owner, names, base(owner)))
    return models


def add_names(models: Mapping[str, type[S]], title: str, doc: str, *names: str) -> dict[str, Any]:
    """Returns the models with more names for those without settings, such as `auto`.

    Args:
        models: By name; the first is that of the components without settings.
        title: What the new model is called.
        doc: Its description.
        names: What is added.
    """
    plain = next(iter(models.values()))
    all_names = (*names, *(name for name, model in models.items() if model is plain))
    fields: dict[str, Any] = {"name": (Literal[all_names], ...)}
    new = create_model(title, __base__=ComponentSettings, __doc__=doc, **fields)
    return {**dict.fromkeys(all_names, new), **{n: m for n, m in models.items() if m is not plain}}


def by_name(models: Mapping[str, type[S]], name: str) -> S:
    """Returns the settings of a name, each at its default."""
    return models[name](name=name)


def one_of(
    models: Mapping[str, type[ComponentSettings]],
    spell_out: Callable[[object], object] = spell_out_name,
) -> Any:
    """Returns the type of a part that is a name, or a mapping with `name` and its own keys."""
    choices: Any = Union[tuple(dict.fromkeys(models.values()))]  # noqa: UP007 - of a tuple
    return Annotated[choices, Field(discriminator="name"), BeforeValidator(spell_out)]


def _make_model(title: str, owner: type[Component], names: list[str], base: type[S]) -> type[S]:
    is_plain = title.startswith("Plain")
    doc = f"Any {owner.__name__.lower()} without settings." if is_plain else summary(owner)
    fields: dict[str, Any] = {
        "name": (Literal[tuple(names)], names[0] if len(names) == 1 else ...),
        **{field.name: _make_field(field) for field in fields_of(owner)},
    }
    validators: dict[str, Any] = {}
    if owner.conflicts is not Component.conflicts:

        def fit_together(settings: ComponentSettings) -> ComponentSettings:
            broken = tuple(owner.conflicts(settings))
            if broken:
                raise PydanticCustomError("rules", "{rules}", {"rules": broken})
            return settings

        validators["fit_together"] = model_validator(mode="after")(fit_together)
    if owner.spell_out is not Component.spell_out:
        validators["spell_out"] = model_validator(mode="before")(owner.spell_out)
    return create_model(title, __base__=base, __doc__=doc, __validators__=validators, **fields)


def _make_field(field: "dataclasses.Field[Any]") -> tuple[Any, Any]:
    """Returns the annotation and the default of a setting."""
    about = field.metadata["setting"]
    limits = dict(about.limits)
    annotation = _narrow(field.type, limits.pop("min_length", None))
    if about.choices:
        annotation = Literal[about.choices]
    default = ... if field.default is dataclasses.MISSING else field.default
    examples = None if about.example is None else [about.example]
    return annotation, Field(default, description=about.description, examples=examples, **limits)


def _narrow(annotation: Any, min_length: int | None) -> Any:
    """Returns a type in which text is not empty, and a list has at least a number of items."""
    if annotation is str:
        return Name
    parts = tuple(_narrow(part, min_length) for part in get_args(annotation))
    if get_origin(annotation) is list:
        return Annotated[list[parts], Field(min_length=min_length)] if min_length else list[parts]  # type: ignore[valid-type]  # made here
    if get_origin(annotation) in (Union, UnionType):
        return Union[parts]  # noqa: UP007 - of a tuple
    return annotation
