"""Encoding the columns of a table as numbers, and naming columns and rows in messages.

A category becomes its index and a missing value nan. Rows are counted from 0.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.dates import date_text, to_days
from nnscratch.data.tables import Notation
from nnscratch.errors import DataError, UsageError
from nnscratch.formatting import label_text, plural, some, typed

if TYPE_CHECKING:
    import pandas as pd


# The categories that training did not have, by the column's name.
Unseen = dict[str, set[str]]
# Returns how a message names rows, given their indices.
NameRows = Callable[[NDArray[np.intp]], str]
USUAL_NOTATION = Notation()
_EXAMPLE_DAY = 20483.625  # 2026-01-30, 15:00


def encode_column(
    source: str,
    feature: Feature,
    column: "pd.Series[Any]",
    *,
    notation: Notation = USUAL_NOTATION,
    name_rows: NameRows | None = None,
    unseen: Unseen | None = None,
    role: str = "",
) -> NDArray[np.float64]:
    """Returns a column's numbers, or the indices of its categories; `UNSEEN` for a new category.

    Args:
        source: The file, for messages.
        feature: The column.
        column: Numbers, or text.
        notation: How numbers are written.
        name_rows: Names rows in messages; they are counted from 0 unless given.
        unseen: Collects the new categories.
        role: The column's role in messages, unless it is an input.

    Raises:
        DataError: A value that should be a number is not, or is infinite.
    """
    if feature.categories is not None:
        values = column.astype(object).where(column.notna(), None)
        return _encode_categories(feature, values, unseen)
    kind = "finite number"
    if feature.date_format is None:
        numbers = notation.to_numbers(column)
    else:
        numbers = to_days(column, feature.date_format)
        kind = f"date like {date_text(_EXAMPLE_DAY, feature.date_format)}"
    wrong = np.flatnonzero((np.isnan(numbers) & column.notna().to_numpy()) | np.isinf(numbers))
    if len(wrong):
        value = label_text(column.iloc[wrong[0]])
        raise DataError(
            f"{column_text(source, feature.name, role)}: {value!r} is not a {kind} "
            f"({(name_rows or rows_text)(wrong)})"
        )
    return numbers


def encode_rows(
    features: Sequence[Feature],
    rows: Iterable[Sequence[Any]],
    unseen: Unseen | None = None,
    notation: Notation = USUAL_NOTATION,
) -> NDArray[np.float64]:
    """Returns rows of numbers and text, as a person types them, as a table (rows, columns).

    None, nan and the texts that stand for no value in this notation are missing values.

    Raises:
        ValueError: A row has more or fewer values than there are features, or a value that should
            be a number is not.
    """
    table = []
    for row in rows:
        if isinstance(row, str) or not isinstance(row, Sequence | np.ndarray):
            raise ValueError("each row must be a list")
        if len(row) != len(features):
            raise ValueError(f"a row has {plural(len(row), 'value')}, not {len(features)}")
        pairs = zip(features, row, strict=True)
        table.append([_encode_value(feature, value, unseen, notation) for feature, value in pairs])
    return np.array(table, dtype=np.float64).reshape(-1, len(features))


def split_values(text: str, count: int | None = None) -> list[str]:
    """Returns the values of a line as a person types it: `5.1,"a, b"`.

    Args:
        text: The line.
        count: How many values there should be; where commas do not part it into so many, but
            semicolons or blanks do, these part it.

    Raises:
        UsageError: The line is not a row of values.
    """
    try:
        values = next(csv.reader([text], skipinitialspace=True), [""])
        if count is not None and len(values) != count:
            by_semicolons = next(csv.reader([text], delimiter=";", skipinitialspace=True), [""])
            by_blanks = next(csv.reader([" ".join(text.split())], delimiter=" "), [""])
            others = (row for row in (by_semicolons, by_blanks) if len(row) == count)
            values = next(others, values)
    except csv.Error as error:
        raise UsageError(f"cannot be read as values: {error}") from None
    return values


def join_values(values: Iterable[str]) -> str:
    """Returns the line that `split_values` splits into these values."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def list_missing(
    source: str,
    features: Sequence[Feature],
    table: NDArray[Any],
    name_rows: NameRows | None = None,
) -> list[str]:
    """Returns a line for each column with missing values, nan, that names their rows."""
    if table.dtype.kind != "f":
        return []
    missing = np.isnan(table)
    return [
        f"{column_text(source, feature.name)}: no value in "
        f"{(name_rows or rows_text)(np.flatnonzero(missing[:, i]))}"
        for i, feature in enumerate(features)
        if missing[:, i].any()
    ]


def refuse_missing(
    source: str,
    features: Sequence[Feature],
    table: NDArray[Any],
    name_rows: NameRows | None = None,
) -> None:
    """Raises DataError, with a line for each column with missing values, if there are any."""
    lines = list_missing(source, features, table, name_rows)
    if lines:
        lines.append(
            "dataset.missing=impute fills in the median of numbers, and makes a missing category "
            "one of its own"
        )
        raise DataError("\n".join(lines))


def ignore_override(names: Iterable[str]) -> str:
    """Returns the override of a config that leaves columns out, quoted for a shell."""
    return override("ignore", list(names))


def override(key: str, value: str | Sequence[str]) -> str:
    """Returns the override of a setting of the data set, text or a list of it, quoted for a shell.

    `dataset.ignore=[id,name]`
    """
    if isinstance(value, str):
        return typed(f"dataset.{key}={_plain_or_quoted(value)}")
    return typed(f"dataset.{key}=[{','.join(map(_plain_or_quoted, value))}]")


def notation_overrides(notation: Notation, usual: Notation) -> str:
    """Returns the overrides of a config that make another notation of the usual one."""
    changes = {
        name: value
        for name, value in asdict(notation).items()
        if value != getattr(usual, name) and value is not None
    }
    return " ".join(override(name, value) for name, value in changes.items())


def _plain_or_quoted(text: str) -> str:
    """Returns a text as an item of a list in YAML."""
    is_plain = re.fullmatch(r"(?!(true|false|null|yes|no|on|off|nan|none)$)[^\W\d]\w*", text, re.I)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def column_text(source: str, name: str, role: str = "") -> str:
    """Returns `data.csv: column age`, or `data.csv: column price, the target` with a role."""
    column = f"{source}: column {label_text(name)}"
    return f"{column}, {role}" if role else column


def rows_text(rows: NDArray[np.intp]) -> str:
    """Returns `row 3, counted from 0`, or `rows 3, 5, 8, 9, 12 and 20 more, counted from 0`."""
    noun = "row" if len(rows) == 1 else "rows"
    return f"{noun} {some(rows.tolist())}, counted from 0"


def _encode_categories(
    feature: Feature, values: Iterable[object], unseen: Unseen | None
) -> NDArray[np.float64]:
    """Returns each value's index among the categories; nan for None, `UNSEEN` for a new one."""
    codes: dict[object, float] = {c: float(i) for i, c in enumerate(feature.categories or ())}
    codes[None] = np.nan
    values = list(values)
    new = {str(value) for value in set(values) - codes.keys()}
    if new and unseen is not None:
        unseen.setdefault(feature.name, set()).update(new)
    return np.array([codes.get(value, UNSEEN) for value in values], dtype=np.float64)


def _encode_value(feature: Feature, value: Any, unseen: Unseen | None, notation: Notation) -> float:
    text = str(value).strip()
    if value is None or notation.is_missing(text):
        return float("nan")
    if feature.categories is not None:
        return float(_encode_categories(feature, [text], unseen)[0])
    if feature.date_format is not None:
        return _encode_date(feature, feature.date_format, value)
    try:
        return notation.to_number(value) if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"column {label_text(feature.name)}: {label_text(value)!r} is not a finite number"
        ) from None


def _encode_date(feature: Feature, date_format: str, value: Any) -> float:
    """Returns the days of a date that is typed, or given as a number of days."""
    if isinstance(value, int | float | np.number):
        return float(value)
    days = float(to_days([str(value).strip()], date_format)[0])
    if np.isnan(days):
        example = date_text(_EXAMPLE_DAY, date_format)
        raise ValueError(
            f"column {label_text(feature.name)}: {label_text(value)!r} is not a date like {example}"
        )
    return days
