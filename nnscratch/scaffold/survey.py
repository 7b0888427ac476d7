"""A first look at a table: what each column holds, and which cannot be learned from as it stands.

`init` writes what is found here into the config as comments.
"""

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import as_numbers, column_text
from nnscratch.data.csv_files import read_table
from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.csv import MANY_ROWS, CsvSource, counts_rows
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

    from nnscratch.data.sources.base import Missing

# A column with more different numbers than this, and a single text, holds numbers.
_MANY_NUMBERS = 10
_LIKE_NAMES = "a different value in every row, like names"


@dataclass(frozen=True)
class Column:
    """What was found in one column.

    Attributes:
        name: Its name in the header.
        about: What it holds, or why it is left out.
        usable: Whether a network can learn from it.
    """

    name: str
    about: str
    usable: bool


@dataclass(frozen=True)
class Survey:
    """What was found in a table.

    Attributes:
        target: The column to predict.
        columns: All other columns that have a name.
        incomplete: The names of the usable columns with missing values.
        dataset: The rows, as a training run would load them.
    """

    target: str
    columns: tuple[Column, ...]
    incomplete: tuple[str, ...]
    dataset: Dataset


def survey(path: str, target: str | None = None) -> Survey:
    """Returns what a table holds.

    Args:
        path: The CSV file.
        target: The column to predict; by default the last one with a name.

    Raises:
        DataError: The table cannot be read or learned from.
        SettingError: The table has no such target.
    """
    frame = read_table(path)
    names = [str(name) for name in frame.columns if name]
    if not names:
        raise DataError(f"{path}: has no column with a name")
    target = target or names[-1]
    columns = tuple(_describe(name, frame[name]) for name in names if name != target)
    unusable = [column for column in columns if not column.usable]
    if target in names:
        if len(unusable) == len(columns):
            reasons = [f"{column_text(path, c.name)}: {c.about}" for c in unusable]
            rule = f"{path}: has no column that {label_text(target)} could be predicted from"
            raise DataError("\n".join([*reasons, rule]))
        if _is_like_names(frame[target]):
            raise DataError(f"{column_text(path, target, 'the target')}: has {_LIKE_NAMES}")
    incomplete = tuple(c.name for c in columns if c.usable and frame[c.name].isna().any())
    missing: Missing = "impute" if incomplete else "error"
    dataset = CsvSource(path, target, ignore=[c.name for c in unusable], missing=missing).load()
    return Survey(target, columns, incomplete, dataset)


def _describe(name: str, column: "pd.Series[Any]") -> Column:
    kind = column_type(name, column)
    if isinstance(kind, ColumnProblem):
        return Column(name, kind.rule, usable=False)
    if kind.categories is not None:
        return _describe_categories(name, kind.categories, len(column))
    numbers = as_numbers(column)
    known = numbers[~np.isnan(numbers)]
    if counts_rows(known):
        return Column(name, "counts the rows, like an id", usable=False)
    return Column(name, f"numbers from {known.min():g} to {known.max():g}", usable=True)


def _describe_categories(name: str, categories: tuple[str, ...], rows: int) -> Column:
    import pandas as pd

    if len(categories) == rows >= MANY_ROWS:
        return Column(name, _LIKE_NAMES, usable=False)
    is_text = np.isnan(as_numbers(pd.Series(categories)))
    texts = list(compress(categories, is_text))
    if len(texts) == 1 and len(categories) > _MANY_NUMBERS:
        about = f"numbers, with {label_text(texts[0])!r} for missing values: leave those empty"
        return Column(name, about, usable=False)
    count = "1 category" if len(categories) == 1 else f"{len(categories):,} categories"
    return Column(name, f"{count}: {some(categories)}", usable=True)


def _is_like_names(column: "pd.Series[Any]") -> bool:
    is_text = column.dtype.kind not in "fiub"
    return is_text and column.nunique() == len(column) >= MANY_ROWS
