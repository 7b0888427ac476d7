"""Tables in files: what was found in them, in one form for all kinds of files.

Rows are counted from 0, but in messages by the line in which they begin, as an editor or a
spreadsheet counts.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.tables.kinds import open_reader
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.notation import Notation
from nnscratch.data.tables.table_format import TableFormat
from nnscratch.errors import DataError
from nnscratch.formatting import some_names

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 16_384
_SHOWN_ROWS = 5
_UNKNOWN = Layout()
_USUAL = Notation()


class RepeatedNamesError(DataError):
    """Columns of a table have the same name; the first row may hold values, not names.

    Args:
        path: The file.
        repeated: These names.

    Attributes:
        hold_values: Whether one of them is a number, which is likelier a value.
    """

    def __init__(self, path: str | Path, repeated: Sequence[str]) -> None:
        self.hold_values = any(re.fullmatch(r"[-+]?[\d.,]*\d", name) for name in repeated)
        remedy = "; dataset.header=false takes the first row as values" if self.hold_values else ""
        super().__init__(f"{path}: has two columns called {some_names(repeated)}{remedy}")


class TableFile:
    """A table in a file.

    Args:
        path: The file.
        layout: What is known of it already.
        notation: How it writes its values.

    Attributes:
        source: The file's name as it was given, for messages.
        names: The names of its columns.

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
        self._reader = open_reader(self.path, layout)
        self.names = list(self._reader.names)
        repeated = sorted(name for name, count in Counter(self.names).items() if count > 1)
        if repeated:
            raise RepeatedNamesError(path, repeated)

    @property
    def format(self) -> TableFormat:
        """How the table is written; of a file without a header, its columns' names too."""
        layout = self.layout
        if not layout.header:
            layout = replace(layout, names=tuple(self.names))
        return TableFormat(layout, self.notation)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided about the file, a sentence each; more may be found out by reading."""
        return self._reader.notes

    def __str__(self) -> str:
        """Returns the file's name as it was given."""
        return self.source

    def read(self, texts: Collection[str] = (), rows: int | None = None) -> "pd.DataFrame":
        """Returns the whole table: columns of plain numbers as such, all others as text.

        Text is without the blanks around it; nan stands for a missing value.

        Args:
            texts: Columns that are text even if they look like numbers.
            rows: The number of rows to read from the beginning; all unless given.

        Raises:
            DataError: The file cannot be read, or has no rows.
        """
        as_text = self._find_texts(texts)
        frame = self._read(as_text, rows)
        # pandas turns `True` into a bool and `07` among text into 7; read as text, both stay.
        others = _other_columns(frame, "fiu")
        if not set(others) <= as_text:
            frame = self._read({*as_text, *others}, rows)
        return self._clean(frame, others)

    def pieces(self, texts: Collection[str] = ()) -> "Iterator[pd.DataFrame]":
        """Yields the table up to 16,384 rows at a time, in the form that `read` returns.

        A column that is neither numbers nor one of `texts` may be either in a piece.

        Raises:
            DataError: The file cannot be read, or has no rows.
        """
        has_rows = False
        frames = self._reader.frames(
            self._find_texts(texts), self._missing_values, at_once=_ROWS_AT_ONCE
        )
        for frame in frames:
            has_rows = has_rows or len(frame) > 0
            yield self._clean(frame, _other_columns(frame, "fiub"))
        if not has_rows:
            raise self._without_rows()

    def name_rows(self, rows: NDArray[np.intp]) -> str:
        """Returns `line 5`, or `lines 5, 7, 10, 11, 14 and 20 more`, of rows counted from 0."""
        shown = rows[:_SHOWN_ROWS].tolist()
        places = self._reader.places(shown)
        noun = self._reader.noun if len(rows) == 1 else f"{self._reader.noun}s"
        more = f" and {len(rows) - len(shown):,} more" if len(rows) > len(shown) else ""
        return f"{noun} {', '.join(str(places[row]) for row in shown)}{more}"

    @property
    def _missing_values(self) -> list[str]:
        return ["", *self.notation.missing_values, *self._reader.missing_values]

    def _find_texts(self, texts: Collection[str]) -> set[str]:
        """Returns the columns that are read as text."""
        if not self.notation.is_plain and not self._reader.has_types:
            return set(self.names)
        return {*self._reader.texts, *set(texts).intersection(self.names)}

    def _read(self, texts: Collection[str], rows: int | None) -> "pd.DataFrame":
        for frame in self._reader.frames(texts, self._missing_values, rows=rows):
            if len(frame):
                return frame
        raise self._without_rows()

    def _without_rows(self) -> DataError:
        return DataError(f"{self}: has a header but no rows")

    def _clean(self, frame: "pd.DataFrame", columns: Collection[str]) -> "pd.DataFrame":
        """Returns text without the blanks around it; text that stands for no value is missing."""
        import pandas as pd

        if not columns:
            return frame
        missing = set(self._missing_values)
        cleaned = {str(name): column for name, column in frame.items()}
        for name in columns:
            # Many times faster than the methods of pandas where there are many columns.
            cleaned[name] = pd.Series(
                [
                    text
                    if isinstance(value, str) and (text := value.strip()) not in missing
                    else None
                    for value in cleaned[name].tolist()
                ],
                index=frame.index,
                dtype="str",
            )
        return pd.DataFrame(cleaned, index=frame.index, copy=False)


def _other_columns(frame: "pd.DataFrame", kinds: str) -> list[str]:
    """Returns the columns whose types are not of these kinds, which are NumPy's letters."""
    return [str(name) for name, dtype in frame.dtypes.items() if dtype.kind not in kinds]
