"""Strict YAML: what looks like a number is one, and YAML's hidden features are refused.

Scalars follow YAML 1.2 (`1e-3` is a number, `no` is text), only stricter: one spelling of true,
false and null. Anchors, aliases, tags and deep nesting are refused before they can do anything.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import yaml

_MAX_DEPTH = 20
_MAX_DIGITS = 1000  # longer ones stay text: Python itself refuses to convert 4,300 digits
_LEADING_ZERO = re.compile(r"[-+]?0[0-9].*")
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
# By tag: the scalars that have it, and the characters that they may begin with.
_CORE_SCALARS = {
    "bool": ("true|false", "tf"),
    "null": ("~|null|", "~n"),
    "int": ("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    "float": (rf"{_FLOAT}|[-+]?\.inf|\.nan", "-+0123456789."),
}


class RefusedError(yaml.MarkedYAMLError):
    """Valid YAML that a config may not use."""


class _Loader(yaml.SafeLoader):
    """PyYAML's pure-Python loader (the C one crashes on deep nesting) with YAML 1.2's scalars."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's declaration
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs have no types here
        problem = self._refuse(event)
        if problem:
            raise RefusedError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _refuse(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return "anchors and aliases (& and *) are not allowed; quote the text, or repeat it"
        if getattr(event, "tag", None) is not None:
            return f"tags are not allowed: {getattr(event, 'tag', '')}"
        return f"nested deeper than {_MAX_DEPTH} levels" if self.depth >= _MAX_DEPTH else ""


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.1 or 1.2 would read as something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True  # a list that is in two places is written out twice

    def represent_text(self, text: str) -> yaml.Node:
        # Only the double-quoted style escapes every kind of line break.
        style = None if text.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)
for _tag, (_pattern, _characters) in _CORE_SCALARS.items():
    # PyYAML looks for a text of no characters, which is null, under "".
    _first = [*_characters, *([""] if _tag == "null" else [])]
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(_tag, re.compile(f"({_pattern})$"), _first)


def compose(text: str) -> yaml.Node | None:
    """Returns the tree of the one document in `text`, or None if it is empty.

    Raises:
        yaml.YAMLError: It is not YAML, or `RefusedError`: a config may not use it.
    """
    try:
        loader = _Loader(text)
        return loader.get_single_node()
    except (ValueError, OverflowError) as error:
        # PyYAML does not check the character of an escape like "\U99999999".
        raise RefusedError(problem=f"no such character: {error}") from None


def find_unclosed(text: str) -> yaml.Mark | None:
    """Returns where the innermost bracket or brace opens that is never closed."""
    opened: list[yaml.Mark] = []
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, _Loader):
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(token.start_mark)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                opened.pop()
    return opened[-1] if opened else None


def has_leading_zero(node: yaml.Node) -> bool:
    """Returns whether a node is a number like 010, which some read as 8 and others as 10."""
    return node.tag in ("int", "float") and bool(_LEADING_ZERO.fullmatch(node.value))


def scalar(node: yaml.Node) -> Any:
    """Returns a scalar node's value: true, false, null, a number, or text."""
    text: str = node.value
    match node.tag:
        case "bool":
            return text == "true"
        case "null":
            return None
        case "int" if len(text) <= _MAX_DIGITS:
            return int(text, 10 if has_leading_zero(node) else 0)
        case "float":
            return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return text


def dump_inline(value: Any) -> str:
    """Returns the YAML of a value on one line."""
    return _dump(value, default_flow_style=True, width=10**9).removesuffix("...\n").strip()


def dump(data: Mapping[str, Any]) -> str:
    """Returns the YAML that is read back as `data`, with lists of scalars on one line."""
    return _dump(dict(data), default_flow_style=None, width=100)


def _dump(data: Any, **style: Any) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, **style)
    return text
