"""A table's columns as numbers: what is a number, a word, a date, or missing.

A column of words becomes the index of each word, a missing value nan; rows are counted from 0.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.errors import DataError
from nnscratch.wording import label_text

if TYPE_CHECKING:
    import pandas as pd

_DATE = re.compile(
    r"\d{4}([./-])\d{1,2}\1\d{1,2}([T ].*)?"  # 2024-01-31, perhaps with a time
    r"|\d{1,2}([./-])\d{1,2}\3(\d{4}|\d\d)([T ].*)?"  # 31.01.2024 or 1/31/24
    r"|\d{1,2}:\d\d(:\d\d.*)?"  # 23:59
)
_MOSTLY = 0.8
_FEW_WORDS, _MANY_WORDS = 50, 5000
_SHOWN = 5

# The words of a column that training did not have, by the column's name.
Unseen = dict[str, set[str]]


def name_kind(source: str, name: str, column: "pd.Series[Any]", *, role: str = "") -> Feature:
    """Returns a column's feature: numbers, or the words in it, in order.

    Args:
        source: The file, for messages.
        name: The column's name.
        column: Numbers as pandas found them, or else text as it is written.
        role: What the column is, if it is not one to predict from.

    Raises:
        DataError: It holds dates, words too many to tell rows apart by, or numbers among which
            something else strayed.
    """
    if column.dtype.kind in "fiu":
        return Feature(name)
    known = column.dropna()
    where = f"{source}: column {label_text(name)}{role and f', {role}'}"
    remedy = "choose another" if role else f"leave it out: dataset.ignore=[{label_text(name)}]"
    words = sorted(set(known))
    if words and all(_DATE.fullmatch(word.strip()) for word in words):
        raise DataError(
            f"{where}: holds dates or times such as {label_text(words[0])}; make numbers of them, "
            f"such as the year or the days since then, or {remedy}"
        )
    strays = np.flatnonzero([not _is_number(v) for v in column.where(column.notna(), "0")])
    if len(strays) < (1 - _MOSTLY) * len(known):
        raise DataError(
            f"{where}: numbers, but {label_text(column.iloc[strays[0]])!r} is none "
            f"({rows_text(strays)}); leave a missing value empty"
        )
    if len(words) > _MANY_WORDS or len(words) > max(_FEW_WORDS, len(known) / 2):
        raise DataError(
            f"{where}: {len(words):,} different words in {len(known):,} rows, like names; {remedy}"
        )
    return Feature(name, tuple(words))


def to_numbers(
    source: str,
    feature: Feature,
    column: "pd.Series[Any]",
    first_row: int = 0,
    unseen: Unseen | None = None,
) -> NDArray[np.float64]:
    """Returns a column's numbers, or the codes of its words; `UNSEEN` for a word that is new.

    Args:
        source: The file, for messages.
        feature: The column.
        column: Numbers, or text.
        first_row: What messages call its first row.
        unseen: Takes the words that are new.

    Raises:
        DataError: A number is none, or is infinite.
    """
    import pandas as pd

    if feature.words is not None:
        return _code_words(feature, column.astype(object).where(column.notna(), None), unseen)
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero((np.isnan(values) & column.notna().to_numpy()) | np.isinf(values))
    if len(wrong):
        raise DataError(
            f"{source}: column {label_text(feature.name)}: {label_text(column.iloc[wrong[0]])!r} "
            f"is no finite number ({rows_text(wrong + first_row)})"
        )
    return values


def encode_rows(
    features: Sequence[Feature], rows: Iterable[Sequence[Any]], unseen: Unseen | None = None
) -> NDArray[np.float64]:
    """Returns the table (rows, columns) of rows of numbers and words, as a person writes them.

    None and an empty text are missing values.

    Raises:
        ValueError: A row is not as long as there are features, or a number is none.
    """
    table = []
    for row in rows:
        if len(row) != len(features):
            raise ValueError(f"{len(row)} values")
        pairs = zip(features, row, strict=True)
        table.append([_encode_value(feature, value, unseen) for feature, value in pairs])
    return np.array(table, dtype=np.float64).reshape(-1, len(features))


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


def rows_text(rows: Sequence[int] | NDArray[np.intp]) -> str:
    """Returns `row 3`, or `rows 3, 5, 8, 9, 12 and 20 more`."""
    shown = ", ".join(f"{row}" for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}, counted from 0"


def _code_words(
    feature: Feature, values: Iterable[object], unseen: Unseen | None
) -> NDArray[np.float64]:
    """Returns each value's index among the words; nan for None, `UNSEEN` for what is not there."""
    position: dict[object, float] = {word: float(i) for i, word in enumerate(feature.words or ())}
    position[None] = np.nan
    values = list(values)
    new = {str(value) for value in set(values) - position.keys()}
    if new and unseen is not None:
        unseen.setdefault(feature.name, set()).update(new)
    return np.array([position.get(value, UNSEEN) for value in values], dtype=np.float64)


def _encode_value(feature: Feature, value: Any, unseen: Unseen | None) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        return float("nan")
    if feature.words is None:
        return float(value)
    return float(_code_words(feature, [str(value).strip()], unseen)[0])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
