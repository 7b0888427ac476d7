"""Tables in Parquet files, read by pyarrow, which the extra `parquet` installs."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from nnscratch.data.tables.opening import OpenedFile
from nnscratch.data.tables.reader import Reader
from nnscratch.data.tables.typed_values import plain_frame
from nnscratch.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_INDEX = "__index_level_"  # what pandas calls an index that has no name
_BYTES_A_VALUE = 8
_ROWS_AT_ONCE = 65_536


class Parquet(Reader):
    """A table in a Parquet file.

    Args:
        opened: The file.

    Raises:
        DataError: The file cannot be read, or pyarrow is not installed.
    """

    noun = "row"
    has_types = True

    def __init__(self, opened: OpenedFile) -> None:
        self.opened = opened
        with opened.open_raw() as raw:
            file = self._try(lambda: _open(raw))
            columns = list(map(str, file.schema_arrow.names))
            self._rows = int(file.metadata.num_rows)
        self.names = ["" if name.startswith(_INDEX) else name.strip() for name in columns]

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    def frames(
        self,
        texts: Collection[str],
        missing: Collection[str],
        *,
        rows: int | None = None,
        at_once: int | None = None,
    ) -> "Iterator[pd.DataFrame]":
        if rows is None and at_once is None:
            self.opened.check_size(self._rows * len(self.names) * _BYTES_A_VALUE, whole=True)
        count = self._rows if rows is None else min(rows, self._rows)
        pieces: list[Any] = []
        with self.opened.open_raw() as raw:
            batches = self._try(
                lambda: _open(raw).iter_batches(batch_size=at_once or _ROWS_AT_ONCE)
            )
            while count > 0 and (batch := self._try(lambda: next(batches, None))) is not None:
                piece = self._to_frame(batch.slice(0, count))
                count -= len(piece)
                if at_once is None:
                    pieces.append(piece)
                else:
                    yield self._plain(piece, texts, missing)
        if pieces:
            import pandas as pd

            yield self._plain(pd.concat(pieces, ignore_index=True), texts, missing)

    def places(self, rows: Sequence[int]) -> Mapping[int, int]:
        return {row: row + 1 for row in rows}

    def _to_frame(self, batch: Any) -> "pd.DataFrame":
        # The index of pandas is a column like any other.
        frame: pd.DataFrame = self._try(lambda: batch.to_pandas(ignore_metadata=True))
        return frame.set_axis(self.names, axis=1)

    def _plain(
        self, frame: "pd.DataFrame", texts: Collection[str], missing: Collection[str]
    ) -> "pd.DataFrame":
        try:
            return plain_frame(frame, texts, missing)
        except DataError as error:
            raise DataError(f"{self.opened.path}: {error}") from None

    def _try(self, action: Callable[[], Any]) -> Any:
        """Returns what an action of pyarrow returns."""
        path = self.opened.path
        try:
            return action()
        except ImportError:
            raise DataError(
                f"{path}: is a Parquet file, for which a package is missing; "
                'install it with: pip install "nnscratch[parquet]"'
            ) from None
        except MemoryError:
            raise
        except Exception as error:
            # pyarrow raises a dozen unrelated exceptions for a broken file.
            reason = " ".join(str(error).split())
            raise DataError(f"{path}: is a damaged Parquet file: {reason}") from error


def _open(file: IO[bytes]) -> Any:
    from pyarrow.parquet import ParquetFile

    return ParquetFile(file)
