"""What is found in a table: how it is written, and what each column holds.

Only its first rows are looked at, so that a large table takes no longer than a small one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import column_text
from nnscratch.data.dataset import Dataset
from nnscratch.data.dates import find_formats, has_date
from nnscratch.data.ids import id_remark, is_id
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.tables import (
    MISSING_VALUES,
    Notation,
    Table,
    TableFile,
)
from nnscratch.data.tables.guessing import guess_notation
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, plural, some
from nnscratch.scaffold.first_rows import read_as_written, read_first_rows
from nnscratch.scaffold.table_notation import find_notation

if TYPE_CHECKING:
    import pandas as pd

_MIN_ROWS = 20
# More categories than this need twenty rows each, or they are left out.
_FEW_CATEGORIES = 50
_ROWS_A_CATEGORY = 20
# What is written about a column and its name have room for this many characters together.
_WIDTH = 88
# Larger numbers are shown as powers of ten.
_IN_FULL = 1e12
_LIKE_NAMES = "a different value in every row, like names"
_CODE_NAME = (
    r"(.*[ _.-])?(zip|zipcode|postal|postcode|plz|code|id|class|type|kind|category|group|month|mnth"
    r"|weekday|dow|region|district|state|county|season)([ _.-]?(id|code|no))?"
    r"|.*[a-z](Id|ID|Code|Class|Type)"
)
_LEADING_ZERO = r"0\d+"


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
    usable: bool = True


@dataclass(frozen=True)
class Survey:
    """What was found in a table.

    Attributes:
        source: The settings of the data set with which it is read.
        target: The column to predict.
        columns: All other columns that have a name.
        dataset: The rows that were looked at, as a training run would load them.
        is_whole: Whether these are all rows.
        notes: What was noticed in the file, and why settings differ from what is usual.
    """

    source: CsvSource
    target: str
    columns: tuple[Column, ...]
    dataset: Dataset
    is_whole: bool
    notes: dict[str, str]


def survey(path: str, target: str | None = None) -> Survey:
    """Returns what a table holds.

    Args:
        path: The file.
        target: The column to predict; by default the last one with a name.

    Raises:
        DataError: The table cannot be read or learned from.
        SettingError: The table has no such target.
    """
    notes: dict[str, str] = {}
    table, is_whole = read_first_rows(path)
    layout = table.file.layout
    names = [name for name in table.file.names if name]
    if not names:
        raise DataError(f"{path}: has no column with a name")
    target = target or names[-1]
    raw = read_as_written(table)
    notation = find_notation(raw, target, notes)
    codes = [name for name in names if name != target and _holds_codes(name, raw[name], notation)]
    if codes or notation != table.file.notation:
        table = Table.read(TableFile(path, layout, notation), codes, len(table.frame))
    others = [name for name in names if name != target]
    room = _WIDTH - max(map(len, others), default=0)
    columns = _keep_one(tuple(_describe(name, table, raw[name], codes, room) for name in others))
    if target in names:
        _check_learnable(table, target, columns)
    has_holes = target in names and bool(table.frame[target].isna().any())
    used = {column.name for column in columns if column.usable}
    source = CsvSource(
        path,
        target,
        ignore=[column.name for column in columns if not column.usable],
        categorical=[name for name in codes if name in used] or None,
        missing="impute",
        missing_target="drop" if has_holes or not is_whole else "error",
        missing_values=_changed(notation.missing_values, MISSING_VALUES),
        decimal=notation.decimal,  # type: ignore[arg-type]  # one of the two that are found out
        thousands=notation.thousands,  # type: ignore[arg-type]  # likewise
        strip=_changed(notation.strip, ()),
        header=layout.header,
    )
    dataset = source.assemble({"train": table})
    return Survey(source, target, columns, dataset, is_whole, notes)


def _changed(values: tuple[str, ...], usual: tuple[str, ...]) -> list[str] | None:
    return None if values == usual else list(values)


def _holds_codes(name: str, raw: "pd.Series[Any]", notation: Notation) -> bool:
    """Returns whether digits are codes: with leading zeros, or few and with the name of a code.

    What is different in every row names the rows, and is no code.
    """
    if raw.dtype.kind == "f":
        return False
    known = raw.dropna()
    known = known[~known.isin(notation.missing_values)]
    if not len(known) or not known.str.fullmatch(r"\d+").all():
        return False
    levels = int(known.nunique())
    if levels < 3 or levels > _most_categories(len(raw)) or levels == len(raw) >= _MIN_ROWS:
        return False
    if known.str.fullmatch(_LEADING_ZERO).any():
        return True
    is_code = re.fullmatch(_CODE_NAME, str(name)) or re.fullmatch(_CODE_NAME, str(name).lower())
    return is_code is not None


def _most_categories(rows: int) -> int:
    return max(_FEW_CATEGORIES, rows // _ROWS_A_CATEGORY)


def _describe(
    name: str, table: Table, raw: "pd.Series[Any]", codes: Sequence[str], room: int
) -> Column:
    file, column = table.file, table.frame[name]
    reading = "categorical" if name in codes else "auto"
    kind = column_type(name, column, file.notation, file.name_rows, reading)  # type: ignore[arg-type]  # one of the two
    missing = float(column.isna().mean())
    gaps = f", {missing:.0%} missing" if missing >= 0.005 else ", some missing" if missing else ""
    if isinstance(kind, ColumnProblem):
        return Column(name, kind.rule, usable=False)
    if kind.date_format is not None:
        formats = find_formats(column.dropna().unique().tolist())
        other = f" (or {formats[1]}?)" if len(formats) > 1 else ""
        what = "dates" if has_date(kind.date_format) else "times"
        return Column(name, f"{what}, read as {kind.date_format}{other}{gaps}")
    if kind.categories is not None:
        rows, is_code = len(column), name in codes
        return _describe_categories(name, kind.categories, rows, gaps, room, is_code=is_code)
    numbers = file.notation.to_numbers(column)
    span = f"numbers from {_shown(np.nanmin(numbers))} to {_shown(np.nanmax(numbers))}{gaps}"
    if is_id(name, column):
        return Column(name, f"{id_remark(name, column)}, like an id", usable=False)
    if raw.dtype.kind != "f" and raw.dropna().str.fullmatch(_LEADING_ZERO).any():
        return Column(name, f"codes with leading zeros, {column.nunique():,} of them", usable=False)
    remark = id_remark(name, column)
    return Column(name, f"{span}; {remark}: an id?" if remark else span)


def _shown(value: float) -> str:
    """Returns a number with seven digits, or all of a whole number such as 20240131."""
    is_exact = value == value // 1 and abs(value) < _IN_FULL
    return f"{value:z.0f}" if is_exact else f"{value:.7g}"


def _describe_categories(
    name: str, categories: tuple[str, ...], rows: int, gaps: str, room: int, *, is_code: bool
) -> Column:
    if len(categories) == rows >= _MIN_ROWS:
        return Column(name, _LIKE_NAMES, usable=False)
    if len(categories) > _most_categories(rows):
        about = f"{len(categories):,} categories in {rows:,} rows, too many to learn from"
        return Column(name, about, usable=False)
    count = "1 category" if len(categories) == 1 else f"{len(categories):,} categories"
    what = plural(len(categories), "code") if is_code else count
    shown = sorted(categories, key=int) if is_code else categories
    return Column(name, f"{what}: {some(shown, room=room - len(f'{what}: {gaps}'))}{gaps}")


def _keep_one(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Returns the columns, of which the only one that holds numbers is never left out as an id."""
    if any(column.usable for column in columns):
        return columns
    kept = [
        replace(column, about=f"{column.about}?", usable=True)
        if column.about.endswith("like an id")
        else column
        for column in columns
    ]
    return tuple(kept)


def _check_learnable(table: Table, target: str, columns: Sequence[Column]) -> None:
    """Raises DataError if the target cannot be learned, or from no column."""
    if not any(column.usable for column in columns):
        reasons = [f"{column_text(table.source, c.name)}: {c.about}" for c in columns]
        rule = f"{table.source}: has no column that {label_text(target)} could be predicted from"
        raise DataError("\n".join([*reasons, rule]))
    column = table.frame[target]
    is_text = column.dtype.kind not in "fiub"
    numbers = table.file.notation.to_numbers(column)
    if is_text and np.isnan(numbers).any() and column.nunique() == len(column) >= _MIN_ROWS:
        where = column_text(table.source, target, "the target")
        notation = guess_notation(column.tolist(), table.file.notation)
        rule = f"has {_LIKE_NAMES}"
        if notation is not None:  # which does not read the numbers of other columns
            shown = label_text(column.iloc[0])
            rule = f"has numbers such as {shown}; write the decimals of all columns in one way"
        raise DataError(f"{where}: {rule}")
