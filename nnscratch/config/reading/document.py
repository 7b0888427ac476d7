"""A config as it was written: plain data, and the place in the file of every part of it."""

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
from nnscratch.errors import ConfigError

KeyPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
# What PyYAML says, and what has happened.
_IN_PLAIN_WORDS = {
    "could not find expected ':'": "there must be a colon and a blank between a key and its value",
    "end of stream": "opened here and never closed",
    "<stream end>": "opened here and never closed",
    "expected ',' or": "opened here and not closed before the next key",
    "<block end>": "indented otherwise than the lines around it",
    "mapping values are not allowed": "a key too many in this line, or a line indented too far; "
    "a mapping is written {name: sgd, momentum: 0.9}",
}
COMMAND_LINE = "command line, "  # how places there begin


@dataclass
class Document:
    """Plain data from YAML, and where each part of it stands.

    Attributes:
        source: What places call it, such as a file's name.
        numbered: Whether places name the line too.
        data: Mappings, lists and scalars.
        places: By the path of keys and indices: `configs/xor.yaml:4:1`, or the command line.
        problems: Mistakes found so far, one line each.
        texts: What the files held that it was read from, by their names.
    """

    source: str
    numbered: bool = True
    data: Any = None
    places: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def where(self, path: KeyPath) -> str:
        """Returns the place of `path`, or of the nearest part around it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, self.source)

    def build(self, node: yaml.Node, path: KeyPath = ()) -> Any:
        """Returns a node's value and notes the places and problems in it."""
        self.places.setdefault(path, self.place(node.start_mark) if path else self.source)
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        if has_leading_zero(node):
            rule = "begins with a zero; write it without, or quote it as text"
            self.problems.append(f"{self.place(node.start_mark)}: {node.value} {rule}")
        if any("\ud800" <= character <= "\udfff" for character in node.value):
            self.problems.append(f"{self.place(node.start_mark)}: half a character (a surrogate)")
        return scalar(node)

    def place(self, mark: yaml.Mark | None) -> str:
        """Returns the source, with line and column where they help."""
        if mark is None or not self.numbered:
            return self.source
        return f"{self.source}:{mark.line + 1}:{mark.column + 1}"

    def _build_mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, here = key_node.value, self.place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                rule = "a key must be a word, and merge keys (<<) are not allowed"
                self.problems.append(f"{here}: {rule}")
            elif key in mapping:
                first = self.where((*path, key))
                self.problems.append(f"{here}: `{key}` is given twice, first at {first}")
            else:
                self.places[*path, key] = here
                mapping[key] = self.build(value_node, (*path, key))
        return mapping


def parse(text: str, source: str, *, numbered: bool = True) -> Document:
    """Reads one YAML document of any type.

    Raises:
        ConfigError: It is not YAML, or uses what a config may not.
    """
    document = Document(source, numbered)
    try:
        node = compose(text)
    except yaml.reader.ReaderError as error:
        raise ConfigError([f"{source}: not a text file: {error.reason}"]) from None
    except yaml.MarkedYAMLError as error:
        place = document.place(_find_cause(error, text))
        raise ConfigError([f"{place}: {_explain(error)}"]) from None
    if node is not None:
        document.data = document.build(node)
    return document


def parse_file(content: bytes, source: str) -> Document:
    """Reads a config file's bytes.

    Raises:
        ConfigError: They are too many, no UTF-8, no strict YAML, or no mapping.
    """
    if len(content) > MAX_BYTES:
        raise ConfigError([f"{source}: larger than {MAX_BYTES:,} bytes; is it a config?"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{source}: not a text file in UTF-8 (byte {error.start})"]) from None
    document = parse(text, source)
    if document.data is None:
        raise ConfigError([f"{source}: empty; a config needs at least a line like `dataset: xor`"])
    if not isinstance(document.data, Mapping):
        kind = "list" if isinstance(document.data, list) else "single value"
        rule = "must be a mapping, keys and values with a space after the colon: `dataset: xor`"
        raise ConfigError([f"{source}: {rule}; got a {kind}"])
    return document


def _find_cause(error: yaml.MarkedYAMLError, text: str) -> yaml.Mark | None:
    """Returns where a mistake is mended, which need not be where it is noticed."""
    problem = f"{error.problem}"
    if "could not find expected ':'" in problem or "end of stream" in problem:
        return error.context_mark
    if "<stream end>" in problem or "expected ',' or" in problem:
        return find_unclosed(text) or error.context_mark
    return error.problem_mark or error.context_mark


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "cannot be read"
    if isinstance(error, RefusedError):
        return problem
    if "'\\t'" in problem:
        return "a tab; YAML indents with spaces"
    if "expected a single document" in f"{error.context}":
        return "a second document begins here (---); a config is one"
    plain = next((words for sign, words in _IN_PLAIN_WORDS.items() if sign in problem), problem)
    return f"not valid YAML: {plain}"
