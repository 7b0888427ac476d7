"""A config as it was written: plain data, and the place of every part of it in the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from nnscratch.config.reading.yaml import (
    RefusedError,
    compose,
    find_unclosed,
    has_leading_zero,
    scalar,
)
from nnscratch.errors import ConfigError, Place, Problem

KeyPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
# By a part of PyYAML's message: what is wrong.
_EXPLANATIONS = {
    "could not find expected ':'": "there must be a colon and a space between a key and its value",
    "end of stream": "opened here and never closed",
    "<stream end>": "opened here and never closed",
    "expected ',' or": "opened here and not closed before the next key",
    "<block end>": "indented differently from the lines around it",
    "mapping values are not allowed": "one key too many in this line, or a line indented too far; "
    "a mapping is written {name: sgd, momentum: 0.9}",
}


@dataclass(frozen=True)
class CommandLine(Place):
    """The command line, or one KEY=VALUE of it: `command line, epochs=3`."""

    source: str = "command line"


def key_path(key: str) -> KeyPath:
    """Returns the path of a key such as `architecture.0.units`: `("architecture", 0, "units")`."""
    return tuple(int(part) if part.isdecimal() else part for part in key.split("."))


def dotted(path: KeyPath) -> str:
    """Returns the key of a path, as `key_path` reads it; odd characters are escaped."""
    return ".".join(part if part and part.isprintable() else repr(part) for part in map(str, path))


@dataclass
class Document:
    """Plain data from YAML, and where each part of it is written.

    Attributes:
        origin: The whole file, or the KEY=VALUE on the command line; None if made in Python.
        data: Mappings, lists and scalars.
        places: Where each part is written, by its path of keys and indices.
        problems: The mistakes found so far.
        texts: The contents of the files that it was read from, by file name.
    """

    origin: Place | None = None
    data: Any = None
    places: dict[KeyPath, Place | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def where(self, path: KeyPath) -> Place | None:
        """Returns the place of `path`, or of the nearest part around it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, self.origin)

    def problem(self, path: KeyPath, rule: str, remedy: str = "") -> Problem:
        """Returns a problem of the setting at `path`, with its place."""
        return Problem(rule, dotted(path), remedy, self.where(path))

    def forget(self, path: KeyPath) -> None:
        """Drops the places of `path` and of everything in it."""
        for other in [other for other in self.places if other[: len(path)] == path]:
            del self.places[other]

    def build(self, node: yaml.Node, path: KeyPath = ()) -> Any:
        """Returns a node's value, and records the places and the problems in it."""
        here = self.place(node.start_mark)
        if path:
            self.places.setdefault(path, here)
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        if has_leading_zero(node):
            rule = f"{node.value} begins with a zero; write it without, or in quotes if it is text"
            self.problems.append(Problem(rule, place=here))
        if any("\ud800" <= character <= "\udfff" for character in node.value):
            self.problems.append(Problem("half a character (a surrogate)", place=here))
        return scalar(node)

    def place(self, mark: yaml.Mark | None) -> Place | None:
        """Returns where a mark is: the line and column in a file, or the whole KEY=VALUE."""
        if mark is None or self.origin is None or isinstance(self.origin, CommandLine):
            return self.origin
        return Place(self.origin.source, mark.line + 1, mark.column + 1)

    def _build_mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, here = key_node.value, self.place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                rule = "a key must be a word, and merge keys (<<) are not allowed"
                self.problems.append(Problem(rule, place=here))
            elif key in mapping:
                rule = f"is given twice, first at {self.where((*path, key))}"
                self.problems.append(Problem(rule, key, place=here))
            else:
                self.places[*path, key] = here
                mapping[key] = self.build(value_node, (*path, key))
        return mapping


def parse(text: str, origin: Place) -> Document:
    """Reads one YAML document of any type.

    Raises:
        ConfigError: It is not YAML, or uses what a config may not.
    """
    document = Document(origin)
    try:
        node = compose(text)
    except yaml.reader.ReaderError as error:
        raise refusal(f"not a text file: {error.reason}", origin) from None
    except yaml.MarkedYAMLError as error:
        rule, mark = _explain(error, text)
        raise refusal(rule, document.place(mark)) from None
    if node is not None:
        document.data = document.build(node)
    return document


def parse_file(content: bytes, name: str) -> Document:
    """Reads a config file's bytes.

    Raises:
        ConfigError: It is too large, not UTF-8, not strict YAML, or not a mapping.
    """
    origin = Place(name)
    if len(content) > MAX_BYTES:
        raise refusal(f"larger than {MAX_BYTES:,} bytes; is it a config?", origin)
    try:
        document = parse(content.decode("utf-8-sig"), origin)
    except UnicodeDecodeError as error:
        raise refusal(f"not a text file in UTF-8 (byte {error.start})", origin) from None
    if document.data is None:
        raise refusal("empty; a config needs at least a line like `dataset: xor`", origin)
    if not isinstance(document.data, Mapping):
        kind = "list" if isinstance(document.data, list) else "single value"
        rule = "must be a mapping, keys and values with a space after the colon: `dataset: xor`"
        raise refusal(f"{rule}; got a {kind}", origin)
    return document


def refusal(rule: str, place: Place | None, key: str = "") -> ConfigError:
    """Returns an error for a single problem."""
    return ConfigError([Problem(rule, key, place=place)])


def _explain(error: yaml.MarkedYAMLError, text: str) -> tuple[str, yaml.Mark | None]:
    """Returns what is wrong, and where to fix it, which may be before where it was noticed."""
    problem = error.problem or error.context or "cannot be read"
    mark = error.problem_mark or error.context_mark
    if isinstance(error, RefusedError):
        return problem, mark
    if "expected a single document" in f"{error.context}":
        return "a second document begins here (---); a config is one", mark
    if "'\\t'" in problem:
        return "a tab; YAML indents with spaces", mark
    part = next((part for part in _EXPLANATIONS if part in problem), "")
    if part in ("could not find expected ':'", "end of stream"):
        mark = error.context_mark
    elif part in ("<stream end>", "expected ',' or"):
        mark = find_unclosed(text) or error.context_mark
    return f"not valid YAML: {_EXPLANATIONS.get(part, problem)}", mark
