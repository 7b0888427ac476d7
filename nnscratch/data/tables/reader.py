"""What reads one kind of file: text, ARFF, JSON, spreadsheets, Parquet."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import pandas as pd


class Reader(ABC):
    """Reads a table out of one kind of file.

    Attributes:
        names: The names of the columns.
        noun: What a row is called in messages.
        texts: The columns that are text by what the file says of them.
        has_types: Whether numbers are numbers, and need not be found among texts.
        missing_values: The texts that stand for no value, besides those of the notation.
    """

    names: list[str]
    noun: str = "line"
    texts: Collection[str] = ()
    has_types: ClassVar[bool] = False
    missing_values: tuple[str, ...] = ()

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What was decided about the file, a sentence each."""

    @abstractmethod
    def frames(
        self,
        texts: Collection[str],
        missing: Collection[str],
        *,
        rows: int | None = None,
        at_once: int | None = None,
    ) -> "Iterator[pd.DataFrame]":
        """Yields the rows: columns of plain numbers as such, others as text or as true and false.

        Args:
            texts: Columns that are text even if they look like numbers.
            missing: Texts that stand for no value.
            rows: The number of rows to read; all unless given.
            at_once: The number of rows in each frame; all in one unless given.

        Raises:
            DataError: The file cannot be read, or is not a table.
        """

    @abstractmethod
    def places(self, rows: Sequence[int]) -> Mapping[int, int]:
        """Returns where in the file each of some rows begins; the first line is 1."""
