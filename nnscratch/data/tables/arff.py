"""ARFF, the format of Weka and OpenML: attributes with their types, then rows of values."""

import re
from collections.abc import Sequence
from itertools import islice

from nnscratch.data.tables.delimited import SAMPLED_LINES, Delimited
from nnscratch.data.tables.dialect import Dialect
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.separators import BLANKS
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

_BEGINNING = re.compile(r"(?:[^\S\n]*(?:%[^\n]*)?\n)*\s*@relation\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""\s*@attribute\s+(?P<name>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(?P<type>\{|\w+)""",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"""(?:^|[,\t])\s*(['"])""")
_NUMBERS = ("numeric", "real", "integer")
_TEXTS = ("string", "date", "{")


def is_arff(beginning: str) -> bool:
    """Returns whether a text is ARFF: comments, then the relation's name."""
    return _BEGINNING.match(beginning) is not None


class Arff(Delimited):
    """A table in an ARFF file.

    A column is what its attribute says: numbers, or text if it is a category, a string or a date.
    """

    has_types = True
    missing_values = ("?",)

    def _sample(self) -> tuple[list[str], bool]:
        lines = []
        with self.text.open() as file:
            for line in file:
                lines.append(line)
                if line.strip().lower() == "@data":
                    break
            rows = list(islice(file, SAMPLED_LINES))
        return [*lines, *rows], len(rows) < SAMPLED_LINES

    def _dialect_of(self, lines: Sequence[str], layout: Layout, *, complete: bool) -> Dialect:
        names: list[str] = []
        texts: set[str] = set()
        for number, line in enumerate(lines, 1):
            word = line.split(maxsplit=1)[0].lower() if line.strip() else ""
            if word == "@data":
                self.texts = texts
                return _dialect_of_rows(names, lines[number:], number)
            if word == "@attribute":
                name, kind = _parse_attribute(line, number)
                names.append(name)
                if kind in _TEXTS:
                    texts.add(name)
            elif word and not word.startswith(("%", "@relation")):
                raise DataError(f"line {number} is neither an attribute nor a comment")
        raise DataError("is an ARFF file without @data")


def _parse_attribute(line: str, number: int) -> tuple[str, str]:
    """Returns an attribute's name, and its type in lower case or `{`."""
    match = _ATTRIBUTE.match(line)
    if match is None:
        raise DataError(f"line {number} is an attribute without a name or a type")
    name = match["name"]
    if name[0] in "'\"":
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    kind = match["type"].lower()
    if kind not in (*_NUMBERS, *_TEXTS):
        raise DataError(
            f"line {number}: the attribute {label_text(name)} is of type {label_text(kind)}, "
            "which is not read"
        )
    return name.strip(), kind


def _dialect_of_rows(names: list[str], lines: Sequence[str], skip: int) -> Dialect:
    rows = [line for line in lines if line.strip() and not line.lstrip().startswith("%")]
    if not names:
        raise DataError("is an ARFF file without attributes")
    if rows and rows[0].lstrip().startswith("{"):
        raise DataError("is a sparse ARFF file, which is not read; save it with all its values")
    quotes = [match[1] for line in rows for match in _QUOTE.finditer(line)]
    has_commas = len(names) == 1 or not rows or any("," in line for line in rows)
    return Dialect(
        names,
        "," if has_commas else BLANKS,
        skip,
        quote=quotes[0] if quotes else "'",
        escape="\\",
        comment="%",
    )
