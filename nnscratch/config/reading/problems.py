"""Pydantic's errors in words for the config's author: where, what is allowed, what was given."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass
class _Expected:
    """What a value may be; the members of a union (a whole number or `full`) each add one.

    Attributes:
        descriptions: One for each alternative: `a whole number`, `one of adam, sgd`.
        names: The names among the alternatives.
        kinds: Pydantic's names for the rules, or for the models, that refuse the value.
    """

    descriptions: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def add(self, kind: str, context: Mapping[str, Any]) -> None:
        """Adds the alternative that an error of pydantic's speaks of."""
        self.kinds.add(context.get("class_name", kind))
        names = _names(kind, context)
        self.names += names
        if len(names) > 1:
            self.descriptions.append(f"one of {', '.join(names)}")
        else:
            self.descriptions += names or [_description(kind, context)]

    @property
    def rule(self) -> str:
        """The alternatives in a sentence that a key begins."""
        return f"must be {' or '.join(dict.fromkeys(self.descriptions))}"


def find_problems(error: ValidationError, document: Document) -> list[Problem]:
    """Returns the problems in pydantic's error: place, key, rule, what was given, how to fix it."""
    expected: defaultdict[KeyPath, _Expected] = defaultdict(_Expected)
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
                place = document.where(path)
                problems.append(Problem("needs a `name`", _dotted(path), place=place))
            case "rules":
                for key, rule in context["rules"]:
                    problems.append(_broken_rule(document, (*path, *key_path(key)), rule))
            case "union_tag_invalid" if isinstance(value_at(document.data, path), dict):
                expected[*path, "name"].add("union_tag_invalid", context)
            case "float_type" if isinstance(item["input"], int):  # one too large to convert
                expected[path].add("finite_number", context)
            case kind:
                expected[path].add(kind, context)
    for path, alternatives in expected.items():
        if any(other[: len(path)] == path and other != path for other in [*expected, *unknown]):
            continue  # what is wrong with a part need not be reported for the whole too
        problems.append(_broken_rule(document, path, alternatives.rule, alternatives))
    return problems


def _broken_rule(
    document: Document, path: KeyPath, rule: str, expected: _Expected | None = None
) -> Problem:
    given, place = value_at(document.data, path), document.where(path)
    if isinstance(given, Missing):
        return Problem(rule, _dotted(path), place=place)
    remedy = _find_remedy(path, given, expected or _Expected())
    return Problem(f"{rule}; got {_show(given)}", _dotted(path), remedy, place)


def _find_remedy(path: KeyPath, given: object, expected: _Expected) -> str:
    """Returns how to write what was probably meant, or nothing."""
    near = get_close_matches(str(given).lower(), expected.names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    if isinstance(given, str) and path == ("dataset",):
        return _write_file_out(given)
    if isinstance(given, str) and re.fullmatch(r"-?\d+,\d+", given):
        if "list_type" in expected.kinds:
            return f"in brackets: [{given}]"
        is_whole = expected.kinds & {"int_type", "LayerSettings", "EarlyStoppingSettings"}
        return "without the comma" if is_whole else "a decimal point, not a comma"
    return ""


def _write_file_out(given: str) -> str:
    """Returns how a config names a file, if the data set given is one."""
    suffix = Path(given).suffix
    if suffix == ".csv":
        mapping = f"{{name: csv, path: {given}, target: COLUMN}}"
        return f"a file is {mapping}; nnscratch init csv {given} writes it"
    return f"a file is {{name: npz, path: {given}}}" if suffix == ".npz" else ""


def _names(kind: str, context: Mapping[str, Any]) -> list[str]:
    """Returns the names that a rule allows, if it allows certain names only."""
    if kind == "union_tag_invalid":
        names: str = context["expected_tags"]
    elif kind == "literal_error":
        names = context["expected"].replace(" or ", ", ").replace("False", "false")
    else:
        return []
    return names.replace("'", "").split(", ")


def _description(kind: str, context: Mapping[str, Any]) -> str:
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        bound = context[key]
        return f"{word} {bound:,}" if isinstance(bound, int) else f"{word} {bound:g}"
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


def _dotted(path: KeyPath) -> str:
    return ".".join(p if p and p.isprintable() else repr(p) for p in map(str, path))


def _show(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return "a whole number of more than 60 digits"
    is_float = isinstance(value, float)
    text = str(value) if is_float else json.dumps(value, ensure_ascii=False, default=str)
    text = label_text(text)  # what would break the line is escaped
    return text if len(text) <= 60 else f"{text[:57]}…"
