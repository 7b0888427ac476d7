"""Which character separates the values of a row: the one that gives the rows one length.

All rows of a sample count, not only the header: `size;price, EUR` has a comma, its rows have none.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

SEPARATORS = ",;\t|"
BLANKS = r"\s+"
NAMES = {",": "','", ";": "';'", "\t": "tabs", "|": "'|'", BLANKS: "blanks"}
_NUMBER = re.compile(r"[-+]?[\d.,]*\d[.,]?([eE][-+]?\d+)?")
_QUOTED_NAMES = re.compile(r'"[^"]*"(\s+"[^"]*")+')
_COMPARED_VALUES = 10_000


def separator_name(separator: str) -> str:
    """Returns a separator as messages show it: `';'`, or `tabs`."""
    return NAMES.get(separator, repr(separator))


def is_number(value: str) -> bool:
    """Returns whether a value may be a number, with a decimal point or comma."""
    return _NUMBER.fullmatch(value.strip()) is not None


def split_rows(
    lines: Iterable[str],
    separator: str,
    *,
    quote: str = '"',
    escape: str | None = None,
    strict: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """Yields each row that is not blank, with the line in which it begins, counted from 1.

    Quoted values may hold separators and line ends.

    Raises:
        csv.Error: `strict`, and a quoted value does not end, or does not end at a separator.
    """
    if separator == BLANKS:
        lines = (line.strip().replace("\t", " ") + "\n" for line in lines)
    line = ""

    def remember() -> Iterator[str]:
        nonlocal line
        for text in lines:
            line = text
            yield text

    reader = csv.reader(
        remember(),
        delimiter=" " if separator == BLANKS else separator,
        quotechar=quote,
        escapechar=escape,
        skipinitialspace=True,
        strict=strict,
    )
    # A header of 10,000 names is one value for each separator that it does not have.
    usual_limit = csv.field_size_limit(sys.maxsize)
    try:
        begin = 1
        for values in reader:
            if len(values) > 1 or line.strip():  # a lone `""` is a value that is missing
                yield begin, values
            begin = reader.line_num + 1
    finally:
        csv.field_size_limit(usual_limit)


@dataclass(frozen=True)
class Split:
    """The rows of a sample, split at a separator.

    Attributes:
        separator: The separator, or `BLANKS` for runs of blanks.
        rows: The values of each row, with the line in which it begins.
    """

    separator: str
    rows: Sequence[tuple[int, list[str]]]

    @cached_property
    def columns(self) -> int:
        """The number of values that most rows have; of equally many the first."""
        lengths = Counter(len(values) for _, values in self.rows)
        return lengths.most_common(1)[0][0] if lengths else 0

    @cached_property
    def header(self) -> int:
        """The index of the row that holds the names: behind titles, which are shorter.

        A table with row names has one name less than values.
        """
        lengths = [len(values) for _, values in self.rows]
        full = next((i for i, length in enumerate(lengths) if length >= self.columns), 0)
        while full < len(self.rows) - 1 and self._is_title(full):
            full += 1
        return full if full and self._are_titles(full) else 0

    @cached_property
    def first_row(self) -> int:
        """The index of the first row if there is no header: behind titles."""
        lengths = [len(values) for _, values in self.rows]
        full = next((i for i, length in enumerate(lengths) if length >= self.columns), 0)
        return full if max(lengths[:full], default=0) == 1 else 0

    @property
    def has_row_names(self) -> bool:
        """Whether the rows have a first value that no name belongs to, different in each row."""
        return self._has_row_names(self.header)

    @cached_property
    def agreement(self) -> float:
        """The share of the rows, from the header on, that are as long as most are."""
        lengths = [len(values) for _, values in self.rows[self.header :]]
        header = lengths[0] + self.has_row_names
        fitting = lengths[1:].count(self.columns) + (header == self.columns)
        return fitting / len(lengths)

    @cached_property
    def number_share(self) -> float:
        """The share of the values that are numbers, with a decimal point or comma."""
        values = [value for _, row in self.rows[self.header + 1 :] for value in row[:1000]]
        values = values[:_COMPARED_VALUES]
        return sum(map(is_number, values)) / len(values) if values else 0.0

    def _has_row_names(self, header: int) -> bool:
        rows = [values for _, values in self.rows[header + 1 :]]
        length = len(self.rows[header][1]) + 1
        return (
            len(rows) > 1
            and length > 2
            and all(len(values) == length for values in rows)
            and len({values[0] for values in rows}) == len(rows)
            and any(values[-1].strip() for values in rows)
        )

    def _is_title(self, index: int) -> bool:
        """Returns whether a row is a title that a spreadsheet filled up with empty values."""
        return self.columns > 2 and not any(map(str.strip, self.rows[index][1][1:]))

    def _are_titles(self, header: int) -> bool:
        """Returns whether the rows before one are titles, and that one holds names."""
        names = [name.strip() for name in self.rows[header][1]]
        longest = max(sum(map(bool, map(str.strip, row))) for _, row in self.rows[:header])
        if any(map(is_number, names)):  # such as years
            is_short = longest <= self.columns // 3
            return is_short and not is_number(names[0]) and len(set(names)) == len(names)
        below = [value for _, row in self.rows[header + 1 :] for value in row]
        is_header = "NA" not in names and any(map(is_number, below))
        return is_header or (longest == 1 and self.columns > 2)


def find_separator(lines: Sequence[str]) -> Split:
    """Returns the rows of a sample, split at the character that separates their values.

    That is the one by which the most rows are of one length, then the one that leaves the most
    numbers, then the one that gives the most columns. Blanks must give all rows one length, half of
    it numbers, unless the names are in quotes, as R writes them. Lines of which no character makes
    rows of several values are one column.
    """
    splits = [Split(separator, list(split_rows(lines, separator))) for separator in SEPARATORS]
    candidates = [split for split in splits if split.columns > 1 and split.agreement > 0.5]
    blanks = Split(BLANKS, list(split_rows(lines, BLANKS)))
    if _are_separated_by_blanks(blanks, lines):
        candidates.append(blanks)
    if candidates:
        return max(candidates, key=_quality)
    # Too few rows agree, so that the header must decide.
    whole = [split for split in splits if split.rows and '"' not in "".join(split.rows[0][1])]
    return max(whole or splits, key=lambda split: len(split.rows[0][1]) if split.rows else 0)


def _quality(split: Split) -> tuple[float, float, bool, int]:
    agreement = round(split.agreement, 2)
    return agreement, round(split.number_share, 2), split.separator != BLANKS, split.columns


def _are_separated_by_blanks(split: Split, lines: Sequence[str]) -> bool:
    if split.columns < 2 or split.header or split.agreement < 1:
        return False
    header = lines[split.rows[0][0] - 1]
    return split.number_share >= 0.5 or _QUOTED_NAMES.fullmatch(header.strip()) is not None
