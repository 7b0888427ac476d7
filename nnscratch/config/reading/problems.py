"""Pydantic's errors in words for the config's author: where, what is allowed, what was given."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from nnscratch.config.config import Config
from nnscratch.config.reading.document import Document, KeyPath, key_path
from nnscratch.config.reading.location import Missing, locate, value_at
from nnscratch.config.settings.base import KEY_ALIASES
from nnscratch.errors import Problem
from nnscratch.formatting import abridge, label_text, typed

# What pydantic's rules ask for; in braces the bounds that its errors come with.
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
    "greater_than": "above {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "below {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "a list of at least {min_length} item",
    "too_long": "a list of at most {max_length} items",
}
_MAPPINGS = {
    "LayerSettings": "a whole number of units or a mapping",
    "BatchNormSettings": "true or a mapping",
    "EarlyStoppingSettings": "a whole number of epochs or a mapping",
    "AverageSettings": "a number or a mapping",
    "RangeSettings": "a range such as {uniform: [0, 1]}",
    "SearchSettings": "a mapping with a `space`",
}
# What an error of pydantic's says: the name of the rule that is broken, and what belongs to it.
_Refusal = tuple[str, Mapping[str, Any]]


def find_problems(error: ValidationError, document: Document) -> list[Problem]:
    """Returns the problems in pydantic's error: place, key, rule, what was given, how to fix it."""
    # The members of a union, such as a whole number or `full`, each refuse the value once.
    refused: defaultdict[KeyPath, list[_Refusal]] = defaultdict(list)
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
                description = model.model_fields[str(path[-1])].description if model else None
                problems.append(document.problem(path, f"is missing: {description}"))
            case "default_factory_not_called":
                pass  # the default depends on a value that is wrong
            case "union_tag_not_found":
                problems.append(document.problem(path, "needs a `name`"))
            case "rules":
                for key, rule in context["rules"]:
                    inside = key_path(key) if key else ()
                    problems.append(_broken_rule(document, (*path, *inside), rule))
            case "union_tag_invalid" if isinstance(value_at(document.data, path), dict):
                refused[*path, "name"].append(("union_tag_invalid", context))
            case "float_type" if isinstance(item["input"], int):  # one too large to convert
                refused[path].append(("finite_number", context))
            case kind:
                refused[path].append((kind, context))
    for path, refusals in refused.items():
        if any(other[: len(path)] == path and other != path for other in [*refused, *unknown]):
            continue  # what is wrong with a part need not be reported for the whole too
        alternatives = dict.fromkeys(_description(*refusal) for refusal in refusals)
        rule = f"must be {' or '.join(alternatives)}"
        problems.append(_broken_rule(document, path, rule, refusals))
    return problems


def _broken_rule(
    document: Document, path: KeyPath, rule: str, refusals: Sequence[_Refusal] = ()
) -> Problem:
    given = value_at(document.data, path)
    if isinstance(given, Missing):
        return document.problem(path, rule)
    remedy = _find_remedy(path, given, refusals)
    return document.problem(path, f"{rule}; got {_show(given)}", remedy)


def _find_remedy(path: KeyPath, given: object, refusals: Sequence[_Refusal]) -> str:
    """Returns how to write what was probably meant, or nothing."""
    names = [name for kind, context in refusals for name in _names(kind, context)]
    near = get_close_matches(str(given).lower(), names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    if isinstance(given, str) and path == ("dataset",):
        return _write_file_out(given)
    if isinstance(given, str) and re.fullmatch(r"-?\d+,\d+", given):
        kinds = {context.get("class_name", kind) for kind, context in refusals}
        if "list_type" in kinds:
            return f"in brackets: [{given}]"
        is_whole = kinds & {"int_type", "LayerSettings", "EarlyStoppingSettings"}
        return "without the comma" if is_whole else "a decimal point, not a comma"
    if path == ("architecture",) and any(kind == "list_type" for kind, _ in refusals):
        return "two layers of 4 units are [4, 4], on the command line also 4x4"
    return ""


def _write_file_out(given: str) -> str:
    """Returns how a config names a file, if the data set given is one."""
    suffix = Path(given).suffix
    if suffix == ".csv":
        mapping = f"{{name: csv, path: {given}, target: COLUMN}}"
        return f"a file is {mapping}; nnscratch init csv {typed(given)} writes it"
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
    """Returns what a value must be for a rule: `a whole number`, `one of adam, sgd`."""
    names = _names(kind, context)
    if names:
        return f"one of {', '.join(names)}" if len(names) > 1 else names[0]
    bounds = {
        key: f"{bound:,}" if isinstance(bound, int) else f"{bound:g}"
        for key, bound in context.items()
        if isinstance(bound, int | float)
    }
    mapping = _MAPPINGS.get(context.get("class_name", ""))
    return mapping or _KINDS.get(kind, f"valid ({kind})").format(**bounds)


def _unknown_key(document: Document, path: KeyPath, model: type[BaseModel] | None) -> Problem:
    allowed = list(model.model_fields) if model else []
    key = str(path[-1])
    near = get_close_matches(key, [*allowed, *(KEY_ALIASES if model is Config else [])], n=1)
    remedy = f"did you mean `{KEY_ALIASES.get(near[0], near[0])}`?" if near else ""
    top = KEY_ALIASES.get(key, key)
    if model is not Config and top in Config.model_fields and top not in allowed:
        remedy = f"`{top}` is a key of the whole config, not of this part"
    if remedy and model is Config:  # whose keys are many
        return document.problem(path, "is an unknown key", remedy)
    known = f"allowed: {', '.join(allowed)}"
    return document.problem(path, "is an unknown key", f"{remedy} ({known})" if remedy else known)


def _show(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return "a whole number of more than 60 digits"
    is_float = isinstance(value, float)
    text = str(value) if is_float else json.dumps(value, ensure_ascii=False, default=str)
    return abridge(label_text(text), 60, end=0)  # what would break the line is escaped
