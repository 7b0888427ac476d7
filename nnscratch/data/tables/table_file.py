"""Tables in files: a header, then rows, read by pandas; every failure becomes one clear error.

The header decides which character separates the columns. Rows are counted from 0, but in messages
by the line in which they begin, as an editor or a spreadsheet counts.
"""

import csv
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.notation import Notation
from nnscratch.errors import DataError
from nnscratch.formatting import plural, some_names

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = ",;\t|"
_ROWS_AT_ONCE = 16_384
_SHOWN_ROWS = 5
_UNKNOWN = Layout()
_USUAL = Notation()


class TableFile:
    """A table in a file.

    Args:
        path: The file.
        layout: What is known of it already.
        notation: How it writes its values.

    Attributes:
        source: The file's name as it was given, for messages.
        names: The names of its columns.
        notes: What was decided about the file, a sentence each.

    Raises:
        DataError: The file cannot be read, is empty, does not have as many columns as the layout
            has names, or two of its columns have the same name.
    """

    def __init__(
        self, path: str | Path, layout: Layout = _UNKNOWN, notation: Notation = _USUAL
    ) -> None:
        self.source = str(path)
        self.path = Path(path)
        self.layout = layout
        self.notation = notation
        self.notes: tuple[str, ...] = ()
        (frame,) = _read(self.path, header=None, nrows=1, dtype=str, na_values=[])
        self.names = self._name_columns([str(name).strip() for name in frame.iloc[0]])
        repeated = sorted(name for name, count in Counter(self.names).items() if count > 1)
        if repeated:
            raise DataError(f"{path}: has two columns called {some_names(repeated)}")

    def __str__(self) -> str:
        """Returns the file's name as it was given."""
        return self.source

    def _name_columns(self, first: list[str]) -> list[str]:
        """Returns the names of the columns, of which the first row may be a header."""
        if self.layout.header:
            return first
        names = list(self.layout.names) or [f"column_{i}" for i in range(1, len(first) + 1)]
        if len(names) != len(first):
            raise DataError(
                f"{self}: has {plural(len(first), 'column')}, but {plural(len(names), 'name')} "
                f"{'is' if len(names) == 1 else 'are'} given: {some_names(names)}"
            )
        return names

    def read(self, texts: Collection[str] = (), rows: int | None = None) -> "pd.DataFrame":
        """Returns the whole table: columns of plain numbers as such, all others as text.

        Text is without the blanks around it; nan stands for a missing value.

        Args:
            texts: Columns that are text even if they look like numbers.
            rows: The number of rows to read from the beginning; all unless given.

        Raises:
            DataError: The file cannot be read, or has no rows.
        """
        as_text = {name for name in self.names if name in texts or not self.notation.is_plain}
        (frame,) = self._read(dtype=dict.fromkeys(as_text, str), nrows=rows)
        if not len(frame):
            raise DataError(f"{self}: has a header but no rows")
        # pandas turns `True` into a bool and `07` among text into 7; read as text, both stay.
        others = [name for name in self.names if frame[name].dtype.kind not in "fiu"]
        if set(others) - as_text:
            (again,) = self._read(dtype=dict.fromkeys(others, str), nrows=rows)
            frame = again
        return frame.assign(**{name: self._clean(frame[name]) for name in others})

    def pieces(self, texts: Collection[str] = ()) -> "Iterator[pd.DataFrame]":
        """Yields the table up to 16,384 rows at a time, in the form that `read` returns.

        A column that is neither numbers nor one of `texts` may be either in a piece.

        Raises:
            DataError: The file cannot be read, or has no rows.
        """
        as_text = {name for name in self.names if name in texts or not self.notation.is_plain}
        dtypes = dict.fromkeys(as_text, str)
        has_rows = False
        for frame in self._read(dtype=dtypes, chunksize=_ROWS_AT_ONCE):
            has_rows = has_rows or len(frame) > 0
            others = [name for name in self.names if frame[name].dtype.kind not in "fiub"]
            yield frame.assign(**{name: self._clean(frame[name]) for name in others})
        if not has_rows:
            raise DataError(f"{self}: has a header but no rows")

    def name_rows(self, rows: NDArray[np.intp]) -> str:
        """Returns `line 5`, or `lines 5, 7, 10, 11, 14 and 20 more`, of rows counted from 0."""
        shown = rows[:_SHOWN_ROWS].tolist()
        lines = self._lines_of(shown)
        noun = "line" if len(rows) == 1 else "lines"
        more = f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else ""
        return f"{noun} {', '.join(str(lines[row]) for row in shown)}{more}"

    def _lines_of(self, rows: Sequence[int]) -> dict[int, int]:
        """Returns the line of the file in which each row begins; the first line is 1."""
        lines = {row: row + (2 if self.layout.header else 1) for row in rows}
        left = set(rows)
        with suppress(csv.Error, UnicodeDecodeError), _open(self.path) as file:
            reader = csv.reader(file, delimiter=_find_separator(file))
            row = -1 if self.layout.header else 0
            begin = 1
            for values in reader:
                if values:
                    if row in left:
                        lines[row] = begin
                        left.remove(row)
                    row += 1
                begin = reader.line_num + 1
                if not left:
                    break
        return lines

    def _read(self, **options: Any) -> "Iterator[pd.DataFrame]":
        options["header"] = 0 if self.layout.header else None
        missing = ["", *self.notation.missing_values]
        return _read(self.path, names=self.names, na_values=missing, **options)

    def _clean(self, column: "pd.Series[Any]") -> "pd.Series[Any]":
        """Returns text without the blanks around it; text that stands for no value is missing."""
        text = column.str.strip()
        return text.mask(text.isin(["", *self.notation.missing_values]))


class Table(NamedTuple):
    """The rows of a file."""

    file: TableFile
    frame: "pd.DataFrame"

    @classmethod
    def read(cls, file: TableFile, texts: Collection[str] = ()) -> "Table":
        """Reads a whole file; see `TableFile.read`."""
        return cls(file, file.read(texts))

    @property
    def source(self) -> str:
        """The file's name, for messages."""
        return self.file.source

    def name_rows(self, rows: NDArray[np.intp]) -> str:
        """Returns the lines of rows of the frame, from which others may have been dropped."""
        return self.file.name_rows(self.frame.index.to_numpy()[rows])


def _read(path: Path, **options: Any) -> "Iterator[pd.DataFrame]":
    """Yields the file in one piece, or in pieces of `chunksize` rows; options are pandas's."""
    import pandas as pd

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
