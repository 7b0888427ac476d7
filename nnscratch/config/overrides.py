"""KEY=VALUE from the command line, laid over what the file says.

The key is a path of dots (`optimizer.beta_1`, `architecture.0.units`), the value is YAML. Where the
file has a short form (`dataset: xor`), setting a part of it (`dataset.inputs=3`) spells it out.
"""

from typing import Any

from nnscratch.config.yaml import Document, KeyPath, parse
from nnscratch.errors import ConfigError


def apply(document: Document, overrides: list[str]) -> None:
    """Sets each `KEY=VALUE` in `document`, in order.

    Raises:
        ConfigError: One is not of that form, is no YAML, or leads through something without parts.
    """
    problems: list[str] = []
    for override in overrides:
        try:
            _apply(document, override)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def _apply(document: Document, override: str) -> None:
    source = f"command line, {override if len(override) <= 60 else f'{override[:57]}…'}"
    key, equals, text = override.partition("=")
    path: KeyPath = tuple(
        int(part) if part.isdecimal() else part for part in key.strip().split(".")
    )
    if not equals or "" in path or not isinstance(path[0], str):
        raise ConfigError([f"{source}: an override has the form KEY=VALUE, such as epochs=100"])
    value, parsed = parse(text, source, one_line=True)
    if parsed.problems:
        raise ConfigError(parsed.problems)
    _set(document.data, path, value, source)
    stale = [place for place in document.places if place[: len(path)] == path]
    for place in stale:
        del document.places[place]
    document.places[path] = source


def _set(data: dict[str, Any], path: KeyPath, value: object, source: str) -> None:
    target: Any = data
    for depth, part in enumerate(path[:-1], start=1):
        child = _child(target, part)
        if not isinstance(child, dict | list):
            short_key = "units" if path[0] == "architecture" and depth == 2 else "name"
            child = {} if child is None else {short_key: child}
            _assign(target, part, child, source)
        target = child
    _assign(target, path[-1], value, source)


def _child(target: Any, part: str | int) -> Any:
    if isinstance(target, dict):
        return target.get(str(part))
    return target[part] if isinstance(part, int) and part < len(target) else None


def _assign(target: Any, part: str | int, value: object, source: str) -> None:
    if isinstance(target, dict):
        target[str(part)] = value
    elif isinstance(part, int) and part < len(target):
        target[part] = value
    else:
        raise ConfigError([f"{source}: the list has items 0 to {len(target) - 1}; got {part}"])
