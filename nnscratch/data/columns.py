"""A table's columns as numbers, and what is missing or wrong in them.

A column of words becomes the index of each word, a missing value nan; rows are counted from 0.
"""

import csv
import io
import json
import re
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.errors import DataError, UsageError
from nnscratch.formatting import label_text, plural, some

if TYPE_CHECKING:
    import pandas as pd


# The words of a column that training did not have, by the column's name.
Unseen = dict[str, set[str]]


def to_numbers(
    source: str,
    feature: Feature,
    column: "pd.Series[Any]",
    first_row: int = 0,
    unseen: Unseen | None = None,
    role: str = "",
) -> NDArray[np.float64]:
    """Returns a column's numbers, or the codes of its words; `UNSEEN` for a word that is new.

    Args:
        source: The file, for messages.
        feature: The column.
        column: Numbers, or text.
        first_row: What messages call its first row.
        unseen: Takes the words that are new.
        role: What the column is, if it is not one to predict from.

    Raises:
        DataError: A number is none, or is infinite.
    """
    import pandas as pd

    if feature.categories is not None:
        return _code_words(feature, column.astype(object).where(column.notna(), None), unseen)
    if column.dtype.kind == "b":  # which pandas would count as 0 and 1
        column = column.astype(str)
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero((np.isnan(values) & column.notna().to_numpy()) | np.isinf(values))
    if len(wrong):
        where = f"{source}: column {label_text(feature.name)}{role and f', {role}'}"
        raise DataError(
            f"{where}: {label_text(column.iloc[wrong[0]])!r} "
            f"is no finite number ({rows_text(wrong + first_row)})"
        )
    return values


def encode_rows(
    features: Sequence[Feature], rows: Iterable[Sequence[Any]], unseen: Unseen | None = None
) -> NDArray[np.float64]:
    """Returns the table (rows, columns) of rows of numbers and words, as a person writes them.

    None, nan and an empty text are missing values.

    Raises:
        ValueError: A row is not as long as there are features, or a number is none.
    """
    table = []
    for row in rows:
        if isinstance(row, str) or not isinstance(row, Sequence | np.ndarray):
            raise ValueError("each row must be a list")
        if len(row) != len(features):
            raise ValueError(f"a row has {plural(len(row), 'value')}, not {len(features)}")
        pairs = zip(features, row, strict=True)
        table.append([_encode_value(feature, value, unseen) for feature, value in pairs])
    return np.array(table, dtype=np.float64).reshape(-1, len(features))


def split_values(text: str) -> list[str]:
    """Returns the values of a line as it is typed, `5.1,"a, b"`.

    Raises:
        UsageError: It is no line of values.
    """
    try:
        return next(csv.reader([text], skipinitialspace=True), [""])
    except csv.Error as error:
        raise UsageError(f"cannot be read as values: {error}") from None


def join_values(values: Iterable[str]) -> str:
    """Returns the line that `split_values` takes apart into these values."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def holes(
    source: str, features: Sequence[Feature], table: NDArray[Any], first_row: int = 0
) -> list[str]:
    """Returns a line for each column that has missing values, nan, with the rows they are in."""
    if table.dtype.kind != "f":
        return []
    missing = np.isnan(table)
    return [
        f"{source}: column {label_text(feature.name)}: no value in "
        f"{rows_text(np.flatnonzero(missing[:, i]) + first_row)}"
        for i, feature in enumerate(features)
        if missing[:, i].any()
    ]


def refuse_holes(source: str, features: Sequence[Feature], table: NDArray[Any]) -> None:
    """Does nothing if no value is missing.

    Raises:
        DataError: With a line for each column that has a hole.
    """
    lines = holes(source, features, table)
    if lines:
        lines.append("dataset.missing=impute fills holes with a column's median or commonest word")
        raise DataError("\n".join(lines))


def ignoring(names: Iterable[str]) -> str:
    """Returns the override that leaves columns out, as it can be typed into a shell."""
    plain = re.compile(r"(?!(true|false|null)$)[^\W\d]\w*")
    items = [n if plain.fullmatch(n) else json.dumps(n, ensure_ascii=False) for n in names]
    return shlex.quote(f"dataset.ignore=[{','.join(items)}]")


def rows_text(rows: NDArray[np.intp]) -> str:
    """Returns `row 3`, or `rows 3, 5, 8, 9, 12 and 20 more`."""
    return f"row{'s' if len(rows) > 1 else ''} {some(rows.tolist())}, counted from 0"


def _code_words(
    feature: Feature, values: Iterable[object], unseen: Unseen | None
) -> NDArray[np.float64]:
    """Returns each value's index among the words; nan for None, `UNSEEN` for what is not there."""
    position: dict[object, float] = {
        word: float(i) for i, word in enumerate(feature.categories or ())
    }
    position[None] = np.nan
    values = list(values)
    new = {str(value) for value in set(values) - position.keys()}
    if new and unseen is not None:
        unseen.setdefault(feature.name, set()).update(new)
    return np.array([position.get(value, UNSEEN) for value in values], dtype=np.float64)


def _encode_value(feature: Feature, value: Any, unseen: Unseen | None) -> float:
    text = str(value).strip()
    if value is None or text.lower() in ("", "nan"):
        return float("nan")
    if feature.categories is not None:
        return float(_code_words(feature, [text], unseen)[0])
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"column {label_text(feature.name)}: {label_text(value)!r} is no number"
        ) from None
