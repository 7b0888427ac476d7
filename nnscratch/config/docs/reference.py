"""The reference of all keys in Markdown, written from the JSON Schema, so that it stays true."""

import json
from collections.abc import Iterator
from typing import Any

from nnscratch.config.docs.json_schema import Schema, json_schema, words
from nnscratch.config.presets import PRESETS
from nnscratch.config.reading.yaml import dump_inline
from nnscratch.config.settings.base import COMPONENTS, KEY_ALIASES, NAME_ALIASES, TASK_ALIASES
from nnscratch.nn.registry import summary

_HEAD = """# The config, key by key

`nnscratch schema` prints this page as Markdown, or the same as a JSON Schema. A key with settings
of its own is a name (`optimizer: adam`) or a mapping with a `name` (`optimizer: {name: adam,
beta_1: 0.8}`). On the command line the same is `optimizer.beta_1=0.8`.
"""
_COLUMNS = "| key | type | default | range | meaning | example |\n|---|---|---|---|---|---|"
_TYPES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "array": "list",
    "object": "mapping",
}
_LIMITS = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))


def reference() -> str:
    """Returns the page."""
    schema = json_schema()
    definitions = schema["$defs"]
    keys = {k: v for k, v in schema["properties"].items() if k not in KEY_ALIASES}
    pages = [_HEAD, _table(keys, schema["required"], definitions)]
    for key, value in keys.items():
        items = value.get("items", {})
        for part in [*alternatives(value, definitions), *alternatives(items, definitions)]:
            settings = dict(part.get("properties", {}))
            known = names(settings.pop("name", {}))
            if not settings and not known:
                continue
            title = f"{key}: {', '.join(known)}" if known else f"parts of {key}"
            pages.append(f"## {title}\n\n{part.get('description', '')}\n")
            if len(known) > 1:
                lines = [f"- `{name}`: {text}" for name, text in _about(key, known)]
                pages.append("\n".join([*lines, ""]))
            if settings:
                pages.append(_table(settings, part.get("required", []), definitions))
            for name, setting in settings.items():
                pages += _pages_of_items(f"{key}.{name}", setting, definitions)
    return "\n".join([*pages, _understood()])


def _about(key: str, known: list[str]) -> Iterator[tuple[str, str]]:
    """Yields what each name of a part does; nothing for a word like `auto`."""
    if key == "preset":
        yield from ((name, PRESETS[name].summary) for name in known)
        return
    classes = COMPONENTS[key]
    yield from ((name, summary(classes[name])) for name in known if name in classes)


def _pages_of_items(key: str, setting: Schema, definitions: dict[str, Schema]) -> Iterator[str]:
    """Yields a page for the parts of a mapping whose keys are the user's own."""
    items = setting.get("additionalProperties", {})
    for part in alternatives(items, definitions) if "$ref" in items else ():
        yield f"## parts of {key}\n\n{part.get('description', '')}\n"
        yield _table(part["properties"], part.get("required", []), definitions)


def _table(keys: dict[str, Schema], required: list[str], definitions: dict[str, Schema]) -> str:
    lines = []
    for key, value in keys.items():
        forms = list(alternatives(value, definitions))
        default = f"`{_plain(value['default'])}`" if "default" in value else ""
        cells = (
            f"`{key}`",
            " or ".join(dict.fromkeys(_type(a) for a in forms)),
            "required" if key in required else default,
            ", ".join(dict.fromkeys(limit for a in forms for limit in _limits(a))),
            value.get("description", ""),
            f"`{key}: {example(value)}`",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([_COLUMNS, *lines, ""])


def alternatives(node: Schema, definitions: dict[str, Schema]) -> Iterator[Schema]:
    """Yields what a value may be, one after the other."""
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]]
    inner = node.get("anyOf")
    if inner is None:
        yield node
    for part in inner or ():
        if not part.get("deprecated"):  # other names stand on a page of their own
            yield from alternatives(part, definitions)


def names(node: Schema) -> list[str]:
    """Returns the names that a part may have, or the words that a value may be."""
    return list(map(str, words(node.get("anyOf", [node])[0])))  # then come other names


def _type(node: Schema) -> str:
    return " ".join(f"`{_plain(word)}`" for word in words(node)) or _TYPES[node["type"]]


def _limits(node: Schema) -> Iterator[str]:
    for key, sign in _LIMITS:
        if key in node:
            yield f"{sign} {node[key]:,}" if isinstance(node[key], int) else f"{sign} {node[key]:g}"


def example(node: Schema) -> str:
    """Returns a value as a file would have it: one that was written for it, or the default."""
    if "examples" in node:
        return _plain(node["examples"][0])
    return _plain(node["default"])


def _plain(value: Any) -> str:
    """Returns a value in YAML on one line, in its short form if it has one."""
    if isinstance(value, dict):
        return str(value.get("name", value.get("units", json.dumps(value))))
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return dump_inline(value) if isinstance(value, str) else json.dumps(value)


def _understood() -> str:
    """Returns the section of other names."""
    aliases = {**KEY_ALIASES, **NAME_ALIASES, **TASK_ALIASES}
    lines = [f"| `{alias}` | `{name}` |" for alias, name in aliases.items()]
    head = "## Other names that are understood\n\n| written | means |\n|---|---|"
    return "\n".join([head, *lines, ""])
