"""Writing a config for a table, with what was found in its columns as comments.

A config is only written if the table can be trained on with it.
"""

import os
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.reading.document import parse_file
from nnscratch.config.reading.problems import find_problems
from nnscratch.config.reading.yaml import dump_inline
from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import USUAL_NOTATION, column_text
from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.csv import MANY_ROWS, CsvSource, counts_rows
from nnscratch.data.tables import TableFile
from nnscratch.errors import ConfigError, DataError, Place, UsageError
from nnscratch.experiment.prepare import prepare
from nnscratch.formatting import label_text, plural, some
from nnscratch.scaffold.templates import TABLE

if TYPE_CHECKING:
    import pandas as pd

    from nnscratch.data.sources.base import Missing

# Up to this many columns are listed, so that a user can choose from them.
_MAX_LISTED = 40
# Tables with fewer rows than this are trained on for more epochs.
_FEW_ROWS = 5000
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


def from_table(table: Path, output: Path, target: str | None = None) -> str:
    """Returns the text of a config for a table.

    Args:
        table: The CSV file.
        output: Where the config will be written; it names the table relative to its folder.
        target: The column to predict; by default the last one.

    Raises:
        DataError: The table cannot be read or learned from, or a column's name fits no config.
        UsageError: The table has no such target, or its file name is not text.
    """
    try:
        str(table).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{table!r}: the file name is not valid text; rename the file") from None
    path = Path(os.path.relpath(table.resolve(), output.parent.resolve())).as_posix()
    text = _compose(table.name, path, survey(str(table), target), chosen=target is not None)
    _check_trainable(text, table)
    return text


def _compose(title: str, path: str, found: Survey, *, chosen: bool) -> str:
    """Returns the config; `chosen` says whether the user chose the target."""
    rows = len(found.dataset.splits["train"])
    usable = sum(column.usable for column in found.columns)
    size = f"{plural(rows, 'row')}, {plural(usable, 'column')}"
    lines = [
        f"# {label_text(title)}: {size} to predict from.",
        "dataset:",
        f"  name: {TABLE}",
        f"  path: {dump_inline(path)}",
        f"  target: {dump_inline(found.target)}  # {_describe_target(found, chosen=chosen)}",
        f"  task: {'regression' if found.dataset.classes is None else 'classification'}",
        *_list_columns(found.columns),
    ]
    if found.incomplete:
        names = some(found.incomplete)
        lines.append(f"  missing: impute  # missing values in {names} are filled in")
    lines += [
        f"  scaling: {'minmax' if found.dataset.image else 'standardize'}",
        "  test: 0.2  # share of the rows held out to measure the result",
        "  validation: 0.1  # share of the rows held out to choose the best epoch",
        "architecture: [16]",
        "learning_rate: 0.01",
        f"epochs: {100 if rows < _FEW_ROWS else 20}",
        "",
    ]
    return "\n".join(lines)


def _describe_target(found: Survey, *, chosen: bool) -> str:
    classes = found.dataset.classes
    about = "numbers" if classes is None else f"{plural(len(classes), 'class')}: {some(classes)}"
    return about if chosen else f"{about} (the last column, unless you choose another)"


def _list_columns(columns: tuple[Column, ...]) -> list[str]:
    """Returns the lines that choose the columns to predict from."""
    if len(columns) > _MAX_LISTED:
        names = [column.name for column in columns if not column.usable]
        return [f"  ignore: {dump_inline(names)}  # cannot be learned from"] if names else []
    names = [dump_inline(column.name) for column in columns]
    width = max(map(len, names))
    return [
        "  features:",
        *(
            f"    {'' if column.usable else '# '}- {name:{width}}  # {column.about}"
            for name, column in zip(names, columns, strict=True)
        ),
    ]


def _check_trainable(text: str, table: Path) -> None:
    """Raises DataError if what the config describes cannot be prepared for training."""
    document = parse_file(text.encode(), str(table))
    document.data["dataset"]["path"] = str(table.absolute())
    try:
        prepare(Config.model_validate(document.data))
    except ValidationError as error:
        problems = find_problems(error, document)
    except ConfigError as error:
        problems = list(error.problems)
    else:
        return
    # The user has not seen the config whose lines the problems name.
    raise DataError("\n".join(str(replace(p, place=Place(str(table)))) for p in problems))


def survey(path: str, target: str | None = None) -> Survey:
    """Returns what a table holds.

    Args:
        path: The CSV file.
        target: The column to predict; by default the last one with a name.

    Raises:
        DataError: The table cannot be read or learned from.
        SettingError: The table has no such target.
    """
    frame = TableFile(path).read()
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
    numbers = USUAL_NOTATION.to_numbers(column)
    known = numbers[~np.isnan(numbers)]
    if counts_rows(known):
        return Column(name, "counts the rows, like an id", usable=False)
    return Column(name, f"numbers from {known.min():g} to {known.max():g}", usable=True)


def _describe_categories(name: str, categories: tuple[str, ...], rows: int) -> Column:
    import pandas as pd

    if len(categories) == rows >= MANY_ROWS:
        return Column(name, _LIKE_NAMES, usable=False)
    is_text = np.isnan(USUAL_NOTATION.to_numbers(pd.Series(categories)))
    texts = list(compress(categories, is_text))
    if len(texts) == 1 and len(categories) > _MANY_NUMBERS:
        about = f"numbers, with {label_text(texts[0])!r} for missing values: leave those empty"
        return Column(name, about, usable=False)
    count = "1 category" if len(categories) == 1 else f"{len(categories):,} categories"
    return Column(name, f"{count}: {some(categories)}", usable=True)


def _is_like_names(column: "pd.Series[Any]") -> bool:
    is_text = column.dtype.kind not in "fiub"
    return is_text and column.nunique() == len(column) >= MANY_ROWS
