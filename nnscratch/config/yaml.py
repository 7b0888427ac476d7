"""A strict YAML loader: what looks like a number is one, and what YAML hides is refused.

It reads YAML 1.2's core types (`1e-3` is a number, `no` is text), refuses duplicate keys, anchors,
aliases, merge keys, tags, several documents and deep nesting, and remembers the line of every node.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from nnscratch.errors import ConfigError

KeyPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
_MAX_DEPTH = 20
_MAX_DIGITS = 4000  # Python converts no longer numbers; what is longer stays text
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")

_CORE_SCALARS = (
    ("bool", re.compile(r"(?:true|false)$"), ["t", "f"]),
    ("null", re.compile(r"(?:~|null|)$"), ["~", "n", ""]),
    (
        "int",
        re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"),
        list("-+0123456789"),
    ),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan)$"
        ),
        list("-+0123456789."),
    ),
)


@dataclass
class Document:
    """Plain data from YAML, and where each part of it stands.

    Attributes:
        data: Mappings, lists and scalars.
        places: By the path of keys and indices: `configs/xor.yaml:4`, or the command line.
        problems: Mistakes found so far, one line each.
    """

    data: dict[str, Any]
    places: dict[KeyPath, str]
    problems: list[str] = field(default_factory=list)

    def where(self, path: KeyPath) -> str:
        """Returns the place of `path`, or of the nearest part around it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, "config")


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that a config may not use."""


class _Loader(yaml.SafeLoader):
    """PyYAML's pure-Python loader (the C one crashes on deep nesting) with YAML 1.2's scalars."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's declaration
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs have no types here
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                problem="anchors and aliases (& and *) are not allowed; "
                "quote the text, or repeat the value",
                problem_mark=event.start_mark,
            )
        if getattr(event, "tag", None) is not None:
            raise _Refused(
                problem=f"tags are not allowed: {event.tag}", problem_mark=event.start_mark
            )
        if self.depth >= _MAX_DEPTH:
            raise _Refused(
                problem=f"nested deeper than {_MAX_DEPTH} levels", problem_mark=event.start_mark
            )
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.1 or 1.2 would take for something else."""


for _name, _pattern, _first in _CORE_SCALARS:
    _Loader.add_implicit_resolver(_name, _pattern, _first)
    _Dumper.add_implicit_resolver(_name, _pattern, _first)


def parse(text: str, source: str, *, one_line: bool = False) -> tuple[Any, Document]:
    """Reads one YAML document of any type.

    Args:
        text: The YAML.
        source: What places and errors call it, such as a file's name.
        one_line: Whether `source` says enough and line numbers would only disturb.

    Returns:
        The value, and a `Document` with its places and problems (and no data as yet).

    Raises:
        ConfigError: It is not YAML, or uses what a config may not.
    """
    document = Document({}, {(): source})

    def place(mark: yaml.Mark) -> str:
        return source if one_line else f"{source}:{mark.line + 1}"

    def build(node: yaml.Node, path: KeyPath) -> Any:
        document.places.setdefault(path, place(node.start_mark))
        if isinstance(node, yaml.MappingNode):
            return build_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [build(item, (*path, i)) for i, item in enumerate(node.value)]
        if node.tag == "int" and _LEADING_ZERO.fullmatch(node.value):
            document.problems.append(
                f"{place(node.start_mark)}: {node.value} begins with a zero; "
                "write it without, or quote it as text"
            )
        return _scalar(node)

    def build_mapping(node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            here = place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                document.problems.append(
                    f"{here}: a key must be a word, and merge keys (<<) are not allowed"
                )
            elif key in mapping:
                first = document.where((*path, key))
                document.problems.append(f"{here}: `{key}` is given twice, first at {first}")
            else:
                document.places[(*path, key)] = here
                mapping[key] = build(value_node, (*path, key))
        return mapping

    try:
        node = _compose(text)
        return (None if node is None else build(node, ())), document
    except yaml.MarkedYAMLError as error:
        raise ConfigError([_syntax_message(error, source)]) from None
    except yaml.reader.ReaderError as error:
        raise ConfigError([f"{source}: not a text file: {error.reason}"]) from None


def load(data: bytes, source: str) -> Document:
    """Reads a config file's bytes.

    Raises:
        ConfigError: They are too many, no UTF-8, no strict YAML, or no mapping.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError([f"{source}: larger than {MAX_BYTES:,} bytes; is it a config?"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{source}: not a text file in UTF-8 (byte {error.start})"]) from None
    value, document = parse(text, source)
    if value is None:
        raise ConfigError([f"{source}: empty; a config needs at least a line like `dataset: xor`"])
    if not isinstance(value, Mapping):
        rule = "must be a mapping of keys and values, such as `dataset: xor`"
        raise ConfigError([f"{source}: {rule}; got a {_kind(value)}"])
    document.data = dict(value)
    return document


def dump(data: Mapping[str, Any]) -> str:
    """Returns the YAML that `load` reads back as `data`, lists of scalars on one line."""
    text: str = yaml.dump(
        dict(data),
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=None,
        allow_unicode=True,
        width=100,
    )
    return text


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    match node.tag:
        case "bool":
            return text == "true"
        case "null":
            return None
        case "int":
            if len(text) > _MAX_DIGITS:
                return text
            return int(text, 10 if _LEADING_ZERO.fullmatch(text) else 0)
        case "float":
            return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _syntax_message(error: yaml.MarkedYAMLError, source: str) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"{source}:{mark.line + 1}:{mark.column + 1}" if mark else source
    problem = error.problem or error.context or "cannot be read"
    if "'\\t'" in problem:
        problem = "a tab; YAML indents with spaces"
    elif "expected a single document" in f"{error.context}":
        problem = "a second document begins here (---); a config is one"
    elif not isinstance(error, _Refused):
        problem = f"not valid YAML: {problem}"
    return f"{place}: {problem}"


def _kind(value: object) -> str:
    return "list" if isinstance(value, list) else "single value"
