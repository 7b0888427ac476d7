"""A table: the rows of a file, and the file they are from."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.tables.table_file import TableFile

if TYPE_CHECKING:
    import pandas as pd


class Table(NamedTuple):
    """The rows of a file."""

    file: TableFile
    frame: "pd.DataFrame"

    @classmethod
    def read(cls, file: TableFile, texts: Collection[str] = (), rows: int | None = None) -> "Table":
        """Reads a file, or the first rows of it; see `TableFile.read`."""
        return cls(file, file.read(texts, rows))

    @property
    def source(self) -> str:
        """The file's name, for messages."""
        return self.file.source

    def name_rows(self, rows: NDArray[np.intp]) -> str:
        """Returns the lines of rows of the frame, from which others may have been dropped."""
        return self.file.name_rows(self.frame.index.to_numpy()[rows])
