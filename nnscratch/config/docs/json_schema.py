"""The JSON Schema of a config, with which an editor completes keys and marks mistakes.

Pydantic generates the long forms; short forms and aliases are added here.
"""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from nnscratch.config.config import Config
from nnscratch.config.settings.base import (
    DEFAULT_NAMES,
    KEY_ALIASES,
    NAME_ALIASES,
    SHORT_KEYS,
    TASK_ALIASES,
)
from nnscratch.config.settings.components import EMBEDDING_MODELS, OPTIMIZER_MODELS

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The models that a mapping without a name means.
_DEFAULT_PARTS = {
    models[DEFAULT_NAMES[key]].__name__
    for key, models in (("optimizer", OPTIMIZER_MODELS), ("numeric_embedding", EMBEDDING_MODELS))
}
# What may stand for a mapping, and the key of it that is then given.
_SHORT_FORMS = {
    "PresetSettings": SHORT_KEYS["preset"],
    "LayerSettings": SHORT_KEYS["layer"],
    "EarlyStoppingSettings": SHORT_KEYS["early_stopping"],
    "AverageSettings": SHORT_KEYS["average"],
}


class _WithoutTitles(GenerateJsonSchema):
    """Pydantic's own, but for the titles of keys, which are the keys once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema() -> Schema:
    """Returns the schema of a whole config, long and short forms and aliases among it."""
    schema = Config.model_json_schema(schema_generator=_WithoutTitles)
    definitions = schema["$defs"]
    for name, definition in definitions.items():
        properties = definition.get("properties", {})
        for key in properties.keys() & {"name", "task"}:
            _allow_aliases(properties[key])
        if "name" in properties and name not in _DEFAULT_PARTS:
            definition["required"] = list(dict.fromkeys(["name", *definition.get("required", [])]))
    for node in list(_nodes(schema)):
        if "discriminator" in node:
            _allow_names(node, definitions)
    for name, key in _SHORT_FORMS.items():
        full = definitions[name]
        definitions[name] = {"anyOf": [dict(full["properties"][key]), full]}
    norm = definitions["BatchNormSettings"]
    definitions["BatchNormSettings"] = {"anyOf": [{"const": True}, norm]}
    properties = schema["properties"]
    for alias, key in KEY_ALIASES.items():
        about = {"description": f"Understood as `{key}`.", "deprecated": True}
        properties[alias] = {**properties[key], **about}
    schema["allOf"] = [{"not": {"required": [alias, key]}} for alias, key in KEY_ALIASES.items()]
    return {"$schema": _DIALECT, **schema, "title": "nnscratch config"}


def words(node: Schema) -> list[Any]:
    """Returns the only values that a schema allows, if it lists them."""
    allowed: list[Any] = node.get("enum", [node["const"]] if "const" in node else [])
    return allowed


def _nodes(node: Any) -> Iterator[Schema]:
    """Yields every mapping of a schema, from the outside in."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(part)


def _allow_names(node: Schema, definitions: dict[str, Schema]) -> None:
    """Lets a name alone stand for a mapping that needs no other key."""
    parts = node.pop("discriminator")["mapping"]
    alternatives = node.pop("oneOf")
    names = [
        name
        for name, reference in parts.items()
        if definitions[reference.rpartition("/")[2]].get("required", ["name"]) == ["name"]
    ]
    node["anyOf"] = [{"enum": names}, *alternatives, *_aliases_of(names)]


def _allow_aliases(node: Schema) -> None:
    """Allows the aliases of the words that a node allows."""
    others = _aliases_of(words(node))
    if others:
        own = {key: node.pop(key) for key in ("const", "enum", "type") if key in node}
        node["anyOf"] = [own, *others]


def _aliases_of(names: list[Any]) -> list[Schema]:
    """Returns the aliases of some of these names as a deprecated alternative, if there are any."""
    aliases = {**NAME_ALIASES, **TASK_ALIASES}
    others = [alias for alias, name in aliases.items() if name in names]
    return [{"enum": others, "deprecated": True}] if others else []
