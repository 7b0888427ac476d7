"""CSV files: a header, then rows; read by pandas, with every way it fails made one clear error.

Which character separates the columns is told by the header. Rows are counted from 0.
"""

import csv
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import Unseen, to_numbers
from nnscratch.data.dataset import Feature
from nnscratch.errors import DataError
from nnscratch.formatting import plural, some_names

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = ",;\t|"
_ROWS_AT_ONCE = 16_384


def read_table(path: str, texts: Sequence[str] = ()) -> "pd.DataFrame":
    """Returns a whole file: columns of numbers, and all others as the text that they are.

    Args:
        path: The file.
        texts: Columns that are text even where they look like numbers.

    Raises:
        DataError: It cannot be read, has no rows, or two columns have one name.
    """
    file = Path(path)
    names = read_header(file)
    as_text = dict.fromkeys([name for name in texts if name in names], str)
    (frame,) = _read(file, header=0, names=names, dtype=as_text)
    if not len(frame):
        raise DataError(f"{path}: has a header but no rows")
    # pandas makes true of True and keeps numbers among words; read as text they are as written.
    others = [name for name in names if frame[name].dtype.kind not in "fiu"]
    if others:
        (words,) = _read(file, header=0, names=names, dtype=dict.fromkeys(others, str))
        for name in others:
            frame[name] = _words(words[name])
    return frame


def read_rows(
    path: Path, features: Sequence[Feature], unseen: Unseen
) -> Iterator[NDArray[np.float64]]:
    """Yields the rows of a file, some at a time, as a model of these features takes them.

    Other columns are ignored; a missing value is nan.

    Args:
        path: The file.
        features: The columns wanted.
        unseen: Takes the words that are not among the features'.

    Raises:
        DataError: The file cannot be read, a column is not there, or a value is no number.
    """
    names = [feature.name for feature in features]
    header = read_header(path)
    absent = [name for name in names if name not in header]
    if absent:
        raise DataError(
            f"{path}: has no column {some_names(absent)}, which the network was trained on; "
            f"it has {some_names(header)}"
        )
    # All columns are read, for pandas counts the values of a row only then.
    numbers = {feature.name for feature in features if feature.categories is None}
    texts = {name: str for name in header if name not in numbers}
    first = 0
    for piece in _read(path, header=0, names=header, dtype=texts, chunksize=_ROWS_AT_ONCE):
        columns = [
            piece[f.name] if f.categories is None else _words(piece[f.name]) for f in features
        ]
        pairs = zip(features, columns, strict=True)
        if len(piece):
            yield np.column_stack([to_numbers(str(path), *pair, first, unseen) for pair in pairs])
        first += len(piece)
    if not first:
        raise DataError(f"{path}: has a header but no rows")


def read_header(path: Path) -> list[str]:
    """Returns the names of a file's columns.

    Raises:
        DataError: It cannot be read, is empty, or two columns have one name.
    """
    (frame,) = _read(path, header=None, nrows=1, dtype=str, keep_default_na=False)
    names = [str(name).strip() for name in frame.iloc[0]]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"{path}: has two columns called {some_names(twice)}")
    return names


def _read(path: Path, **options: Any) -> "Iterator[pd.DataFrame]":
    """Yields the file in one piece, or in pieces of `chunksize` rows."""
    import pandas as pd

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            options |= {"sep": _separator(file), "index_col": False, "low_memory": False}
            read = _strictly(lambda: pd.read_csv(file, skipinitialspace=True, **options))
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
        long_row = _find_long_row(path)
        raise DataError(long_row or f"{path}: no table: {' '.join(str(error).split())}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def _strictly(read: Callable[[], Any]) -> Any:
    """Returns what `read` does; a row too long, for pandas a warning and lost data, is an error."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return read()


def _words(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Returns text without the blanks around it; of blanks alone nothing is left."""
    text = column.str.strip()
    return text.where(text != "")


def _separator(file: TextIO) -> str:
    """Returns the character that parts the header into the most names; the file is read anew.

    Names in quotes may hold other separators: those that leave a quote inside a name are none.
    """
    header = next((line for line in file if line.strip()), "")
    file.seek(0)
    names = {s: next(csv.reader([header], delimiter=s), [""]) for s in _SEPARATORS}
    whole = [s for s in _SEPARATORS if not any('"' in name for name in names[s])]
    return max(whole or _SEPARATORS, key=lambda separator: len(names[separator]))


def _find_long_row(path: Path) -> str:
    """Returns what is wrong with the first row that has more values than the header has names."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=_separator(file))
            names = next((row for row in rows if row), [])
            for row in rows:
                if len(row) > len(names):
                    there = f"line {rows.line_num} has {plural(len(row), 'value')}"
                    return f"{path}: {there}, the header {plural(len(names), 'name')}"
    except (csv.Error, ValueError):
        pass  # then there is another reason, which pandas gave
    return ""
