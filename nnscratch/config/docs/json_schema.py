"""The JSON Schema of a config, with which an editor completes keys and marks mistakes.

Pydantic writes the long forms down; what may stand for them, and what else is understood, is added.
"""

from collections.abc import Iterator
from typing import Any

from nnscratch.config.config import Config
from nnscratch.config.settings.base import DEFAULT_NAMES, KEY_ALIASES, NAME_ALIASES
from nnscratch.config.settings.components import OPTIMIZER_MODELS

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The model of the optimizer that a mapping without a name means.
_DEFAULT_PART = OPTIMIZER_MODELS[DEFAULT_NAMES["optimizer"]].__name__
# What may stand for a mapping, and the key of it that is then given.
_SHORT_FORMS = {
    "LayerSettings": "units",
    "EarlyStoppingSettings": "patience",
    "AverageSettings": "decay",
}


def json_schema() -> Schema:
    """Returns the schema of a whole config, long and short forms and aliases among it."""
    schema = Config.model_json_schema()
    definitions = schema["$defs"]
    for node in _nodes(schema):
        if isinstance(node.get("properties"), dict):
            for part in node["properties"].values():
                part.pop("title", None)  # the key once more
    for name, definition in definitions.items():
        properties = definition.get("properties", {})
        if "name" in properties and name != _DEFAULT_PART:
            definition["required"] = list(dict.fromkeys(["name", *definition.get("required", [])]))
        if isinstance(properties.get("name"), dict):
            own = properties["name"]
            words = own.get("enum", [own["const"]] if "const" in own else [])
            if _other_names(words):
                properties["name"] = {"anyOf": [own, *_other_names(words)]}
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
    node["anyOf"] = [{"enum": names}, *alternatives, *_other_names(names)]


def _other_names(names: list[str]) -> list[Schema]:
    """Returns, as an alternative, what else people may write for some of these names."""
    others = [alias for alias, name in NAME_ALIASES.items() if name in names]
    return [{"enum": others, "deprecated": True}] if others else []
