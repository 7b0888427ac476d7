"""A first look at a table: what each column holds, and which cannot be learnt from as it stands."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.column_types import name_kind
from nnscratch.data.columns import to_numbers
from nnscratch.data.csv_files import read_table
from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.table_dataset import MANY_ROWS, counts_rows
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, plural, some

if TYPE_CHECKING:
    import pandas as pd

    from nnscratch.data.sources.base import Missing

# So many different words, but one, are no classes if they look like numbers.
_MANY_NUMBERS = 10
_LIKE_NAMES = "a different word in every row, like names"
# What an error tells someone to do who has a config already.
_REMEDY = re.compile(r"(; leave it out: |; make numbers of them, |; leave a missing value ).*$")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: What its header says.
        about: What it holds, or why it is left out.
        usable: Whether a network can learn from it.
    """

    name: str
    about: str
    usable: bool


@dataclass(frozen=True)
class Survey:
    """A table as it was found.

    Attributes:
        target: The column to predict.
        columns: The others that have a name.
        holes: The names of the usable columns in which values are missing.
        dataset: The rows, as a training would load them.
    """

    target: str
    columns: tuple[Column, ...]
    holes: tuple[str, ...]
    dataset: Dataset


def survey(path: str, target: str | None = None) -> Survey:
    """Looks at a table.

    Args:
        path: The CSV file.
        target: The column to predict; the last one unless given.

    Raises:
        DataError: The table cannot be read or learnt from.
        SettingError: There is no such target.
    """
    frame = read_table(path)
    names = [str(name) for name in frame.columns if name]
    if not names:
        raise DataError(f"{path}: has no column with a name")
    wanted = target or names[-1]
    columns = tuple(_look(path, frame[name]) for name in names if name != wanted)
    left_out = [column.name for column in columns if not column.usable]
    if wanted in names and len(left_out) == len(columns):
        reasons = [f"{path}: column {label_text(c.name)}: {c.about}" for c in columns]
        last = f"{path}: has no column that {label_text(wanted)} could be predicted from"
        raise DataError("\n".join([*reasons, last]))
    if wanted in names and _are_names(frame[wanted]):
        raise DataError(f"{path}: column {label_text(wanted)}, the target: {_LIKE_NAMES}")
    holes = tuple(c.name for c in columns if c.usable and frame[c.name].isna().any())
    missing: Missing = "impute" if holes else "error"
    dataset = CsvSource(path, wanted, ignore=left_out, missing=missing).load()
    return Survey(wanted, columns, holes, dataset)


def _look(path: str, column: "pd.Series[Any]") -> Column:
    name = str(column.name)
    try:
        kind = name_kind(path, name, column)
        if kind.words is not None:
            about, usable = _look_at_words(kind.words, len(column))
            return Column(name, about, usable)
        numbers = to_numbers(path, kind, column)
    except DataError as error:
        reason = str(error).removeprefix(f"{path}: column {label_text(name)}: ")
        return Column(name, _REMEDY.sub("", reason), usable=False)
    known = numbers[~np.isnan(numbers)]
    if counts_rows(known):
        return Column(name, "counts the rows, like an id", usable=False)
    return Column(name, f"numbers from {known.min():g} to {known.max():g}", usable=True)


def _are_names(column: "pd.Series[Any]") -> bool:
    words = column.dtype.kind not in "fiub"
    return words and column.nunique() == len(column) >= MANY_ROWS


def _look_at_words(words: tuple[str, ...], rows: int) -> tuple[str, bool]:
    """Returns what a column of words holds, and whether rows can be told apart by it."""
    import pandas as pd

    if len(words) == rows >= MANY_ROWS:
        return _LIKE_NAMES, False
    numbers = pd.to_numeric(pd.Series(words), errors="coerce")
    others = [word for word, is_other in zip(words, numbers.isna(), strict=True) if is_other]
    if len(others) == 1 and len(words) > _MANY_NUMBERS:
        return f"numbers, and '{label_text(others[0])}' where one is missing: leave it empty", False
    return f"{plural(len(words), 'word')}: {some(words)}", True
