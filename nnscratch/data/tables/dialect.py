"""The dialect of a text file with a table: what stands above the rows and between values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.separators import (
    BLANKS,
    Split,
    find_separator,
    is_number,
    separator_name,
    split_rows,
)
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, plural, some_names

_COMMENT = re.compile(r"\s*[#%]")
_EXCEL = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_NEARLY_ALL = 0.9
_SHOWN = 40


@dataclass(frozen=True)
class Dialect:
    """How a text holds a table.

    Attributes:
        names: The names of the columns.
        separator: What stands between two values: a character, or `BLANKS`.
        skip: The number of lines before the first row, with the header.
        quote: The character around values that hold separators.
        escape: The character before a quote inside of quotes, instead of a second quote.
        comment: The character that begins lines that are no rows.
        has_row_names: Whether a value without a name, the name of the row, begins each row.
        has_header: Whether the names stand in the file.
        notes: What was decided, a sentence each.
    """

    names: list[str]
    separator: str
    skip: int
    quote: str = '"'
    escape: str | None = None
    comment: str | None = None
    has_row_names: bool = False
    has_header: bool = True
    notes: tuple[str, ...] = ()

    def wrong_length(self, line: int, values: int) -> str:
        """Returns what is wrong with a row that has more or fewer values than there are names."""
        names = len(self.names) + self.has_row_names
        separated = f" separated by {separator_name(self.separator)}"
        others = f"the header {plural(names, 'name')}"
        if not self.has_header:
            others = f"the first row {names:,}"
        return f"line {line} has {plural(values, 'value')}{separated}, {others}"


def is_blank_or_comment(line: str) -> bool:
    """Returns whether a line may stand above a table without belonging to it."""
    return not line.strip() or _COMMENT.match(line) is not None


def find_dialect(lines: Sequence[str], layout: Layout, *, complete: bool) -> Dialect:
    """Returns the dialect of a text.

    Args:
        lines: Its first lines.
        layout: What is known of it already.
        complete: Whether these are all of its lines.

    Raises:
        DataError: There is nothing in the text, nearly all rows are shorter than the header, or
            there are not as many columns as the layout has names.
        SettingError: The layout's separator cannot be one.
    """
    start, separator = _find_start(lines)
    if start == len(lines):
        raise DataError("is empty")
    separator = _check_separator(layout.separator) if layout.separator else separator
    lines = list(lines)
    split = _split(lines[start:], separator, complete=complete)
    comments = [index for index in range(start) if _COMMENT.match(lines[index])]
    header = _commented_header(lines[comments[-1]], split) if comments and layout.header else None
    if header:
        start = comments.pop()
        lines[start] = header
        split = _split(lines[start:], separator, complete=complete)
    return _dialect_of(split, layout, start=start, lines=len(lines), comments=len(comments))


def find_dialect_of_rows(rows: Sequence[list[str]], layout: Layout) -> Dialect:
    """Returns the dialect of a table whose rows are separated already; lines are rows.

    Raises:
        DataError: There are not as many columns as the layout has names.
    """
    shortened = [row if any(row[1:]) else row[:1] for row in rows]  # a title is one value
    split = Split(",", list(enumerate(shortened, 1)))
    return _dialect_of(split, layout, start=0, lines=len(rows), comments=0)


def _dialect_of(split: Split, layout: Layout, *, start: int, lines: int, comments: int) -> Dialect:
    notes = _notes(split, comments, split.header if layout.header else split.first_row)
    if layout.header:
        return _dialect_with_header(split, start, lines, notes)
    names = _name_columns(split.columns, layout.names)
    skip = start + split.rows[split.first_row][0] - 1
    return Dialect(names, split.separator, skip, has_header=False, notes=notes)


def _dialect_with_header(split: Split, start: int, lines: int, notes: tuple[str, ...]) -> Dialect:
    line, header = split.rows[split.header]
    names = [name.strip() for name in header]
    rows = split.rows[split.header + 1 :]
    if not rows and "\n" in header[-1]:
        raise DataError(f"line {start + line} has a quote that is opened but not closed")
    if rows and all(len(row) == len(names) + 1 and not row[-1].strip() for _, row in rows):
        names.append("")  # a separator at the end of each row, but not of the header
    skip = start + rows[0][0] - 1 if rows else lines
    has_row_names = split.has_row_names
    dialect = Dialect(names, split.separator, skip, has_row_names=has_row_names, notes=notes)
    named = max((i for i, name in enumerate(names, 1) if name), default=0)
    short = [(line, len(values)) for line, values in rows if len(values) < named]
    if len(rows) > 1 and len(short) >= _NEARLY_ALL * len(rows):
        line, values = short[0]
        raise DataError(dialect.wrong_length(start + line, values))
    return dialect


def _notes(split: Split, comments: int, titles: int) -> tuple[str, ...]:
    """Returns the notes for the user on the lines above the table and on names of rows."""
    notes = []
    if comments:
        lines = plural(comments, "line")
        notes.append(f"{lines} of comments above the table {_were(comments)} skipped")
    if titles:
        shown = label_text(" ".join(split.rows[0][1]).strip()[:_SHOWN])
        lines = plural(titles, "line")
        notes.append(f"{lines} above the table, {shown!r}, {_were(titles)} skipped")
    if split.has_row_names:
        notes.append(
            "the rows have one value more than the header has names: the first, different in each "
            "row, names the row and is left out"
        )
    return tuple(notes)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _find_start(lines: Sequence[str]) -> tuple[int, str | None]:
    """Returns the index of the first line that is neither blank nor a comment.

    Excel's line that names the separator is skipped too, and the separator returned.
    """
    separator = None
    for index, line in enumerate(lines):
        match = _EXCEL.fullmatch(line)
        if match and separator is None:
            separator = match[1]
        elif not is_blank_or_comment(line):
            return index, separator
    comments = [index for index, line in enumerate(lines) if _COMMENT.match(line)]
    return (comments[-1] if comments else len(lines)), separator


def _split(lines: Sequence[str], separator: str | None, *, complete: bool) -> Split:
    split = find_separator(lines) if separator is None else split_at(lines, separator)
    if not complete and len(split.rows) > 2:  # the last row may go on
        return Split(split.separator, split.rows[:-1])
    return split


def split_at(lines: Sequence[str], separator: str) -> Split:
    """Returns the rows of a sample, split at a separator."""
    return Split(separator, list(split_rows(lines, separator)))


def _check_separator(separator: str) -> str:
    """Returns a separator that was given; a blank stands for a run of them."""
    separator = {"\\t": "\t", " ": BLANKS}.get(separator, separator)
    is_possible = len(separator) == 1 and not separator.isalnum() and separator not in '"\r\n\0'
    if separator != BLANKS and not is_possible:
        raise SettingError(
            "separator",
            f"cannot be {separator!r}",
            r"it is one character such as ';', '\t' for tabs, or ' ' for runs of blanks",
        )
    return separator


def _commented_header(comment: str, split: Split) -> str | None:
    """Returns a comment right above the rows if it is the header, as NumPy writes it."""
    bare = comment[1:].strip() if comment[1:2].isspace() else comment
    rows = [values for _, values in split.rows]
    names = next((values for _, values in split_rows([bare], split.separator)), [])
    if not rows or len(names) < 2 or any(map(is_number, names)):
        return None
    fits = len(names) == split.columns == len(rows[0])
    return f"{bare}\n" if fits and (bare == comment or any(map(is_number, rows[0]))) else None


def _name_columns(count: int, names: Sequence[str]) -> list[str]:
    """Returns the names of the columns of a file without a header."""
    if not names:
        return [f"column_{i}" for i in range(1, count + 1)]
    if len(names) != count:
        raise DataError(
            f"has {plural(count, 'column')}, but {plural(len(names), 'name')} "
            f"{'is' if len(names) == 1 else 'are'} given: {some_names(names)}"
        )
    return list(names)
