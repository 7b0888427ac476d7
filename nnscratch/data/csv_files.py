"""Reading CSV files: a header, then rows, read by pandas; every failure becomes one clear error.

The header decides which character separates the columns. Rows are counted from 0.
"""

import csv
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import Unseen, encode_column
from nnscratch.data.dataset import Feature
from nnscratch.errors import DataError
from nnscratch.formatting import plural, some_names

if TYPE_CHECKING:
    import pandas as pd

# Besides empty and blank text. These are what pandas takes for missing by default.
MISSING_VALUES = (
    *("#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)
_SEPARATORS = ",;\t|"
_ROWS_AT_ONCE = 16_384


class Table(NamedTuple):
    """The rows of a file, and the file's name for messages."""

    source: str
    frame: "pd.DataFrame"


def read_table(path: str, texts: Sequence[str] = ()) -> "pd.DataFrame":
    """Returns a whole file: columns of numbers as such, all others as the text in the file.

    Args:
        path: The file.
        texts: Columns that are text even if they look like numbers.

    Raises:
        DataError: The file cannot be read, has no rows, or two of its columns have the same name.
    """
    file = Path(path)
    names = read_header(file)
    dtypes = {name: str for name in texts if name in names}
    (frame,) = _read(file, header=0, names=names, dtype=dtypes)
    if not len(frame):
        raise DataError(f"{path}: has a header but no rows")
    # pandas turns `True` into a bool and `07` among text into 7; read as text, both stay.
    others = [name for name in names if frame[name].dtype.kind not in "fiu"]
    if others:
        (as_text,) = _read(file, header=0, names=names, dtype=dict.fromkeys(others, str))
        for name in others:
            frame[name] = _clean(as_text[name])
    return frame


def read_rows(
    path: Path, features: Sequence[Feature], unseen: Unseen
) -> Iterator[NDArray[np.float64]]:
    """Yields the rows of a file, up to 16,384 at a time, encoded for a model with these features.

    Other columns are ignored; a missing value is nan.

    Args:
        path: The file.
        features: The columns to read.
        unseen: Collects categories that the features do not have.

    Raises:
        DataError: The file cannot be read, lacks a column, or a value that should be a number is
            not.
    """
    header = read_header(path)
    absent = [feature.name for feature in features if feature.name not in header]
    if absent:
        raise DataError(
            f"{path}: has no column {some_names(absent)}, which the network was trained on; "
            f"it has {some_names(header)}"
        )
    # All columns are read, because only then does pandas check the number of values in a row.
    numeric = {feature.name for feature in features if feature.categories is None}
    texts = {name: str for name in header if name not in numeric}
    first_row = 0
    for piece in _read(path, header=0, names=header, dtype=texts, chunksize=_ROWS_AT_ONCE):
        columns = []
        for feature in features:
            column = piece[feature.name]
            if feature.categories is not None:
                column = _clean(column)
            columns.append(encode_column(str(path), feature, column, first_row, unseen))
        if len(piece):
            yield np.column_stack(columns)
        first_row += len(piece)
    if not first_row:
        raise DataError(f"{path}: has a header but no rows")


def read_header(path: Path) -> list[str]:
    """Returns the names of a file's columns.

    Raises:
        DataError: The file cannot be read, is empty, or two of its columns have the same name.
    """
    (frame,) = _read(path, header=None, nrows=1, dtype=str, na_values=[])
    names = [str(name).strip() for name in frame.iloc[0]]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(f"{path}: has two columns called {some_names(repeated)}")
    return names


def _read(path: Path, **options: Any) -> "Iterator[pd.DataFrame]":
    """Yields the file in one piece, or in pieces of `chunksize` rows; options are pandas's."""
    import pandas as pd

    options.setdefault("na_values", ["", *MISSING_VALUES])
    options |= {"keep_default_na": False, "index_col": False}
    options |= {"skipinitialspace": True, "low_memory": False}
    try:
        with _open(path) as file:
            separator = _find_separator(file)
            read = _strictly(lambda: pd.read_csv(file, sep=separator, **options))
            if isinstance(read, pd.DataFrame):
                yield read
                return
            while (piece := _strictly(lambda: next(read, None))) is not None:
                yield piece
    except UnicodeDecodeError:
        raise DataError(f"{path}: not a text file in UTF-8; save it as UTF-8") from None
    except pd.errors.EmptyDataError:
        raise DataError(f"{path}: is empty") from None
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError, csv.Error) as error:
        reason = _find_long_row(path) or f"is not a table: {' '.join(str(error).split())}"
        raise DataError(f"{path}: {reason}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _strictly(read: Callable[[], Any]) -> Any:
    """Returns what `read` returns; a row that is too long is an error.

    pandas would only warn of it, and lose the values that are too many.
    """
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return read()


def _clean(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Returns text without the blanks around it; text that is all blanks is missing."""
    text = column.str.strip()
    return text.where(text != "")


def _find_separator(file: TextIO) -> str:
    """Returns the character that splits the header into the most names; rewinds the file.

    Quoted names may contain other separators: a split that leaves a quote inside a name is wrong.
    """
    header = next((line for line in file if line.strip()), "")
    file.seek(0)
    names = {s: next(csv.reader([header], delimiter=s), [""]) for s in _SEPARATORS}
    whole = [s for s in _SEPARATORS if not any('"' in name for name in names[s])]
    return max(whole or _SEPARATORS, key=lambda separator: len(names[separator]))


def _find_long_row(path: Path) -> str | None:
    """Returns the problem with the first row that has more values than there are columns."""
    try:
        with _open(path) as file:
            rows = csv.reader(file, delimiter=_find_separator(file))
            names = next((row for row in rows if row), [])
            for row in rows:
                if len(row) > len(names):
                    values = plural(len(row), "value")
                    columns = plural(len(names), "name")
                    return f"line {rows.line_num} has {values}, the header {columns}"
    except (csv.Error, ValueError):
        pass  # then the file has another problem, which pandas has reported
    return None
