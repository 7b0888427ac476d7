"""Tables in text: rows of values with separators between them, read by pandas."""

import csv
import io
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from nnscratch.data.tables.dialect import Dialect, find_dialect, is_blank_or_comment
from nnscratch.data.tables.encodings import TextFile
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.reader import Reader
from nnscratch.data.tables.separators import split_rows
from nnscratch.errors import DataError
from nnscratch.formatting import size_text

if TYPE_CHECKING:
    import pandas as pd

SAMPLED_LINES = 200
_SAMPLED_CHARACTERS = 1 << 20
_FEWEST_LINES = 3
_ROW_NAME = "\0"  # no column can be called so


class Delimited(Reader):
    """A table in a text file.

    Args:
        text: The file.
        layout: What is known of it already.

    Raises:
        DataError: The file cannot be read, or its first lines are not those of a table.
        SettingError: The layout cannot be that of a table.
    """

    def __init__(self, text: TextFile, layout: Layout) -> None:
        self.text = text
        self.path = text.opened.path
        try:
            self.dialect = self._find_dialect(layout)
        except UnicodeError:
            text.use_legacy_encoding()
            self.dialect = self._find_dialect(layout)
        self.names = self.dialect.names

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.text.notes, *self.dialect.notes)

    def frames(
        self,
        texts: Collection[str],
        missing: Collection[str],
        *,
        rows: int | None = None,
        at_once: int | None = None,
    ) -> "Iterator[pd.DataFrame]":
        options: dict[str, Any] = {"dtype": dict.fromkeys(texts, str), "na_values": list(missing)}
        options |= {"nrows": rows, "chunksize": at_once}
        read = 0
        try:
            for frame in self._read(options):
                yield frame
                read += 1
        except UnicodeError:
            # What was read before was ASCII, and is the same in the other encoding.
            self.text.use_legacy_encoding()
            yield from islice(self._read(options), read, None)

    def places(self, rows: Sequence[int]) -> Mapping[int, int]:
        lines = {row: self.dialect.skip + row + 1 for row in rows}
        with suppress(csv.Error, UnicodeError, DataError), self._open() as file:
            wanted = set(rows)
            for row, (line, _) in enumerate(self._split(file)):
                if row in wanted:
                    lines[row] = self.dialect.skip + line
                if row >= max(wanted, default=-1):
                    break
        return lines

    def _find_dialect(self, layout: Layout) -> Dialect:
        lines, complete = self._sample()
        try:
            return self._dialect_of(lines, layout, complete=complete)
        except DataError as error:
            raise DataError(f"{self.path}: {error}") from None

    def _dialect_of(self, lines: Sequence[str], layout: Layout, *, complete: bool) -> Dialect:
        return find_dialect(lines, layout, complete=complete)

    def _sample(self) -> tuple[list[str], bool]:
        """Returns the first lines, and whether there are no others."""
        lines: list[str] = []
        rows = size = 0
        with self.text.open() as file:
            while rows < SAMPLED_LINES and (size < _SAMPLED_CHARACTERS or rows < _FEWEST_LINES):
                line = file.readline()
                if not line:
                    return lines, True
                lines.append(line)
                rows += not is_blank_or_comment(line)
                size += len(line)
        return lines, False

    def _open(self, *, whole: bool = False) -> "io.TextIOWrapper | _WithoutComments":
        """Opens the text at its first row."""
        file = self.text.open(whole=whole)
        try:
            for _ in range(self.dialect.skip):
                file.readline()
        except BaseException:
            file.close()
            raise
        if self.dialect.comment is None:
            return file
        return _WithoutComments(file, self.dialect.comment)

    def _split(self, file: Any) -> Iterator[tuple[int, list[str]]]:
        dialect = self.dialect
        return split_rows(file, dialect.separator, quote=dialect.quote, escape=dialect.escape)

    def _read(self, options: dict[str, Any]) -> "Iterator[pd.DataFrame]":
        """Yields the rows in one frame, or in frames of `chunksize` rows; options are pandas's."""
        import pandas as pd

        try:
            whole = options["chunksize"] is None and options["nrows"] is None
            with self._open(whole=whole) as file:
                read = _strictly(lambda: self._start(file, options))
                frames = iter([read]) if isinstance(read, pd.DataFrame) else read
                while (frame := _strictly(lambda: next(frames, None))) is not None:
                    yield frame.drop(columns=_ROW_NAME) if self.dialect.has_row_names else frame
        except pd.errors.EmptyDataError:
            return
        except UnicodeError:
            raise
        except MemoryError:
            raise self._too_large() from None
        except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError, csv.Error) as error:
            if "out of memory" in str(error):
                raise self._too_large() from None
            reason = self._find_problem(is_open="EOF inside string" in str(error))
            raise DataError(f"{self.path}: {reason}") from None
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from None

    def _start(self, file: Any, options: dict[str, Any]) -> Any:
        import pandas as pd

        dialect = self.dialect
        return pd.read_csv(
            file,
            header=None,
            names=[_ROW_NAME, *self.names] if dialect.has_row_names else self.names,
            sep=dialect.separator,
            quotechar=dialect.quote,
            escapechar=dialect.escape,
            keep_default_na=False,
            index_col=False,
            skipinitialspace=True,
            low_memory=False,
            **options,
        )

    def _too_large(self) -> DataError:
        size = size_text(self.text.opened.size)
        kind = self.text.opened.compression
        what = f"{size} compressed with {kind}" if kind else size
        return DataError(f"{self.path}: its table does not fit into memory: the file has {what}")

    def _find_problem(self, *, is_open: bool) -> str:
        """Returns what is wrong with the first row that is too long, or with an open quote."""
        columns = len(self.names) + self.dialect.has_row_names
        last = 1
        with suppress(csv.Error, UnicodeError), self._open() as file:
            for line, values in self._split(file):
                last = self.dialect.skip + line
                if len(values) > columns:
                    return self.dialect.wrong_length(last, len(values))
        if is_open:
            return f"line {last} has a quote that is opened but not closed"
        return "is not a table that can be read"


def _strictly(read: Callable[[], Any]) -> Any:
    """Returns what `read` returns; a row that is too long is an error.

    pandas would only warn of it, and lose the values that are too many.
    """
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return read()


class _WithoutComments:
    """A text whose lines of comments are blank."""

    def __init__(self, file: io.TextIOWrapper, mark: str) -> None:
        self._file = file
        self._comment = re.compile(rf"(?m)^[ \t]*{re.escape(mark)}[^\r\n]*")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        return (self._comment.sub("", line) for line in self._file)

    def read(self, size: int = -1) -> str:
        """Returns about `size` characters, up to the end of a line."""
        return self._comment.sub("", self._file.read(size) + self._file.readline())
