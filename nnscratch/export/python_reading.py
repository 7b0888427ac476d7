"""How an exported Python file reads rows; like python_runtime.py it takes over what it needs.

It needs the standard library only.
"""

import csv
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from itertools import chain
from typing import IO, NamedTuple

from nnscratch.export.python_runtime import Numbers, RowError

Row = Mapping[str, object] | Sequence[object]


class Column(NamedTuple):
    """A column of a row: numbers, or categories, or dates in a format of strptime."""

    name: str
    categories: tuple[str, ...] | None = None
    date_format: str | None = None


class Notation(NamedTuple):
    """How values are written: which texts stand for no value, and how numbers look."""

    missing: frozenset[str]
    decimal: str = "."
    thousands: str = ""
    strip: tuple[str, ...] = ()


def read_row(
    row: Row, columns: Sequence[Column], notation: Notation, *, may_be_missing: bool
) -> Numbers:
    """Returns a row as numbers: a category's index, -1 if it is not listed, nan for no value."""
    if isinstance(row, Mapping):
        absent = [column.name for column in columns if column.name not in row]
        if absent:
            raise RowError(f"has no column {', '.join(map(ascii, absent[:8]))}")
        values = [row[column.name] for column in columns]
    elif isinstance(row, str) or len(row) != len(columns):
        raise RowError(f"must have {len(columns)} values")
    else:
        values = list(row)
    numbers = [
        read_value(value, column, notation) for value, column in zip(values, columns, strict=True)
    ]
    for column, number in zip(columns, numbers, strict=True):
        if number != number and not may_be_missing:
            raise RowError(
                f"column {column.name!a}: no value; the network was trained on rows without "
                "missing values, so it cannot fill them in"
            )
    return numbers


def read_value(value: object, column: Column, notation: Notation) -> float:
    """Returns a value as a number."""
    text = str(value).strip()
    if value is None or not text or text in notation.missing:
        return math.nan
    if column.categories is not None:
        return float(category_codes(column.categories).get(text, -1))
    try:
        if isinstance(value, int | float):
            number = float(value)
        elif column.date_format is not None:
            number = read_date(text, column.date_format)
        elif isinstance(value, str):
            number = read_number(value, notation)
        else:
            number = float(value)  # type: ignore[arg-type]  # what cannot be a number raises
        if math.isinf(number):
            raise ValueError
        return number
    except (TypeError, ValueError, OverflowError):
        kind = "finite number" if column.date_format is None else f"date like {column.date_format}"
        raise RowError(f"column {column.name!a}: {value!a} is not a {kind}") from None


@cache
def category_codes(categories: tuple[str, ...]) -> dict[str, int]:
    """Returns the index of each category."""
    return {category: code for code, category in enumerate(categories)}


def read_number(text: str, notation: Notation) -> float:
    """Returns the number that a text stands for: `1,234.50`, `(12)` for -12, `1e-3`."""
    number = text.strip()
    negative = number.startswith("(") and number.endswith(")")
    if negative:
        number = number[1:-1].strip()
    sign = number[0] if number[:1] in ("+", "-", "\u2212", "\u2013", "\u2012") else ""
    number = number.removeprefix(sign).strip()
    for part in notation.strip:
        number = number.removeprefix(part).removesuffix(part).strip()
    digits = r"\d+"
    if notation.thousands:
        mark = f"[{re.escape(notation.thousands)}]"
        digits = rf"(\d+|\d{{1,3}}({mark}\d{{3}})+)"
    point = re.escape(notation.decimal)
    if not re.fullmatch(rf" ?({digits}({point}\d*)?|{point}\d+)([eE][-+]?\d+)?", number, re.ASCII):
        raise ValueError(text)
    for mark in notation.thousands:
        number = number.replace(mark, "")
    value = float(number.replace(notation.decimal, "."))
    return -value if negative != (sign not in ("", "+")) else value


def read_date(text: str, date_format: str) -> float:
    """Returns the days since 1970-01-01, the time as a fraction; of a time only the fraction."""
    date = datetime.strptime(text, date_format).replace(tzinfo=timezone.utc)
    since = date - datetime(1970, 1, 1, tzinfo=timezone.utc)
    days = 0 if "%d" not in date_format else since.days
    return days + (since.seconds * 10**6 + since.microseconds) / (24 * 3600 * 10**6)


def cast(x: Numbers, row: Numbers, columns: Sequence[Column], largest: float) -> Numbers:
    """Returns the network's inputs, after refusing numbers that its precision does not have."""
    inputs = [math.copysign(math.inf, number) if abs(number) > largest else number for number in x]
    if not all(map(math.isfinite, inputs)):
        for number, column in zip(row, columns, strict=True):
            if abs(number) > largest:
                raise RowError(f"column {column.name!a}: {number:g} is too large for the network")
    return inputs


def read_table(file: IO[str], names: Sequence[str] | None) -> Iterable[dict[str, str]]:
    """Yields the rows of a CSV file; names are those of a file that has no line with names."""
    first = file.readline()
    separator = max(",;\t|", key=first.count)
    lines = csv.reader(chain([first], file), delimiter=separator)
    header = list(names) if names else next(lines, [])
    for number, line in enumerate(line for line in lines if line):
        if len(line) != len(header):
            raise RowError(f"row {number} has {len(line)} values, not {len(header)}")
        yield dict(zip(header, line, strict=True))


def print_predictions(
    rows: Iterable[dict[str, str]],
    header: Sequence[str],
    predict_row: Callable[[dict[str, str]], Sequence[object]],
) -> None:
    """Prints a CSV file of predictions; ends the program with a message if a row is wrong."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["row", *header])
    number = 0
    try:
        for number, row in enumerate(rows):
            writer.writerow([number, *predict_row(row)])
    except RowError as error:
        sys.exit(f"error: row {number}, counted from 0: {error}")
