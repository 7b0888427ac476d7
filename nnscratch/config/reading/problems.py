"""Pydantic's errors in the words of a config's author: where, what is allowed, what was given."""

import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from nnscratch.config.config import Config
from nnscratch.config.reading.document import Document, KeyPath, key_path
from nnscratch.config.reading.location import Missing, locate, value_at
from nnscratch.config.settings.base import KEY_ALIASES
from nnscratch.errors import Problem
from nnscratch.formatting import label_text, plural

_KINDS = {
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_unicode": "text in UTF-8",
    "list_type": "a list in brackets",
    "dict_type": "a mapping",
    "model_attributes_type": "a name or a mapping with a `name`",
    "finite_number": "a finite number",
    "string_too_short": "at least one character",
    "string_too_long": "at most 1,000 characters",
    "string_pattern_mismatch": "letters, digits, dots, dashes and underscores, at most 100",
}
_MAPPINGS = {
    "LayerSettings": "a whole number of units or a mapping",
    "BatchNormSettings": "true or a mapping",
    "EarlyStoppingSettings": "a whole number of epochs or a mapping",
    "AverageSettings": "a number or a mapping",
}
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}


def find_problems(error: ValidationError, document: Document) -> list[Problem]:
    """Returns the problems in pydantic's error: place, key, rule, what was given, how to fix it."""
    allowed: dict[KeyPath, list[str]] = {}
    unknown: list[KeyPath] = []
    problems: list[Problem] = []
    for item in error.errors(include_url=False):
        path, model = locate(item["loc"], document.data)
        context: dict[str, Any] = item.get("ctx", {})
        match item["type"]:
            case "extra_forbidden":
                unknown.append(path)
                problems.append(_unknown_key(document, path, model))
            case "missing":
                problems.append(_missing_key(document, path, model))
            case "default_factory_not_called":
                pass  # the default depends on a value that is wrong
            case "union_tag_not_found":
                problems.append(
                    Problem("needs a `name`", _dotted(path), place=document.where(path))
                )
            case "rules":
                for key, rule in context["rules"]:
                    problems.append(_broken_rule(document, (*path, *key_path(key)), rule))
            case "union_tag_invalid" if isinstance(value_at(document.data, path), dict):
                allowed[*path, "name"] = [_allowed("union_tag_invalid", context)]
            case "float_type" if isinstance(item["input"], int):  # one too large to convert
                allowed.setdefault(path, []).append(_KINDS["finite_number"])
            case kind:
                # The members of a union (a whole number, or full) each refuse a value.
                allowed.setdefault(path, []).append(_allowed(kind, context))
    for path, alternatives in allowed.items():
        if any(other[: len(path)] == path and other != path for other in [*allowed, *unknown]):
            continue  # what is wrong with a part need not be reported for the whole too
        rule = f"must be {' or '.join(dict.fromkeys(alternatives))}"
        problems.append(_broken_rule(document, path, rule))
    return problems


def _broken_rule(document: Document, path: KeyPath, rule: str) -> Problem:
    given, place = value_at(document.data, path), document.where(path)
    if isinstance(given, Missing):
        return Problem(rule, _dotted(path), place=place)
    remedy = _suggest(given, rule) or _remedy(path, given, rule)
    return Problem(f"{rule}; got {_show(given)}", _dotted(path), remedy, place)


def _remedy(path: KeyPath, given: object, rule: str) -> str:
    """Returns how to write what was surely meant."""
    if not isinstance(given, str):
        return ""
    if path == ("dataset",) and Path(given).suffix == ".csv":
        write = (
            f"{{name: csv, path: {given}, target: COLUMN}}; nnscratch init csv {given} writes it"
        )
        return f"a file is {write}"
    if path == ("dataset",) and Path(given).suffix == ".npz":
        return f"a file is {{name: npz, path: {given}}}"
    if not re.fullmatch(r"-?\d+,\d+", given):
        return ""
    if "a list" in rule:
        return f"in brackets: [{given}]"
    return "without the comma" if "whole number" in rule else "a decimal point, not a comma"


def _allowed(kind: str, context: dict[str, Any]) -> str:
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        bound = context[key]
        return f"{word} {bound:,}" if isinstance(bound, int) else f"{word} {bound:g}"
    if kind == "union_tag_invalid":
        return f"one of {context['expected_tags'].replace(chr(39), '')}"
    if kind == "literal_error":
        names = context["expected"].replace("'", "").replace(" or ", ", ").replace("False", "false")
        return f"one of {names}" if ", " in names else str(names)
    if kind == "too_short":
        return f"a list of at least {plural(context['min_length'], 'item')}"
    if kind == "too_long":
        return f"a list of at most {context['max_length']} items"
    mapping = _MAPPINGS.get(context.get("class_name", ""))
    return mapping or _KINDS.get(kind, f"valid ({kind})")


def _unknown_key(document: Document, path: KeyPath, model: type[BaseModel] | None) -> Problem:
    allowed = list(model.model_fields) if model else []
    key = str(path[-1])
    near = get_close_matches(key, [*allowed, *(KEY_ALIASES if model is Config else [])], n=1)
    remedy = f"did you mean `{KEY_ALIASES.get(near[0], near[0])}`? " if near else ""
    top = KEY_ALIASES.get(key, key)
    if model is not Config and top in Config.model_fields and top not in allowed:
        remedy = f"`{top}` is a key of the whole config, not of this part "
    remedy += f"(allowed: {', '.join(allowed)})"
    return Problem("is an unknown key", _dotted(path), remedy, document.where(path))


def _missing_key(document: Document, path: KeyPath, model: type[BaseModel] | None) -> Problem:
    description = model.model_fields[str(path[-1])].description if model else None
    return Problem(f"is missing: {description}", _dotted(path), place=document.where(path))


def _suggest(given: object, rule: str) -> str:
    _, _, names = rule.partition("one of ")
    near = get_close_matches(str(given).lower(), names.split(", "), n=1) if names else []
    return f"did you mean {near[0]}?" if near else ""


def _dotted(path: KeyPath) -> str:
    return ".".join(p if p and p.isprintable() else repr(p) for p in map(str, path))


def _show(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and value.bit_length() > 200:
        return "a whole number of more than 60 digits"
    plain = isinstance(value, int | float)
    text = str(value) if plain else json.dumps(value, ensure_ascii=False, default=str)
    text = label_text(text)  # what would break the line is spelt out
    return text if len(text) <= 60 else f"{text[:57]}…"
