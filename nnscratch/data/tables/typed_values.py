"""Values that come with types, as in JSON or a spreadsheet, in the one form that tables have here.

Numbers are numbers; all other values are text, as a CSV file would have it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isnan
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.tables.reader import Reader
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

if TYPE_CHECKING:
    import pandas as pd


def plain_frame(
    frame: "pd.DataFrame", texts: Collection[str], missing: Collection[str]
) -> "pd.DataFrame":
    """Returns a table whose columns are numbers or text; nan stands for a missing value.

    Args:
        frame: A table with values of any type.
        texts: Columns that are text even if they are numbers.
        missing: Texts that stand for no value.

    Raises:
        DataError: A value is a list or an object.
    """
    import pandas as pd

    gone = set(missing)
    columns = {
        str(name): _plain_column(str(name), column, gone, as_text=name in texts)
        for name, column in frame.items()
    }
    return pd.DataFrame(columns, index=range(len(frame)), copy=False)


def _plain_column(
    name: str, column: "pd.Series[Any]", missing: set[str], *, as_text: bool
) -> "pd.Series[Any]":
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iuf" and not as_text:
        return column.reset_index(drop=True)
    values = column.astype(object).tolist()
    values = [None if _is_missing(value, missing) else value for value in values]
    present = [value for value in values if value is not None]
    if not as_text and all(map(_is_number, present)):
        if len(present) == len(values) and all(map(_is_integer, present)):
            return pd.Series([int(value) for value in values], dtype=np.int64)
        return pd.Series([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    texts = [None if value is None else _text(name, value) for value in values]
    return pd.Series(_without_midnights(values, texts), dtype="str")


def _is_missing(value: Any, missing: set[str]) -> bool:
    import pandas as pd

    if isinstance(value, str):
        return value.strip() in missing
    may_be_nan = isinstance(value, Real | Decimal) and not isinstance(value, Integral)
    is_nan = may_be_nan and isnan(value)
    return value is None or value is pd.NaT or value is pd.NA or is_nan


def _is_number(value: Any) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return isinstance(value, Integral) and abs(int(value)) < 2**63


def _text(name: str, value: Any) -> str:
    """Returns a value as a CSV file would have it: `True`, `12`, `0.5`, `2024-01-31`.

    Raises:
        DataError: It is none that stands in one cell.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if _is_number(value):
        whole = value == value // 1
        return str(int(value)) if whole and abs(value) < 2**63 else str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, list | tuple | dict | set | np.ndarray):
        kind = "an object" if isinstance(value, dict) else "a list"
        raise DataError(f"column {label_text(name)} holds {kind}; only single values are read")
    return str(value)


def _without_midnights(values: Sequence[Any], texts: list[str | None]) -> list[str | None]:
    """Returns dates without the time if that is midnight in all of them."""
    from datetime import datetime

    times = [text for value, text in zip(values, texts, strict=True) if isinstance(value, datetime)]
    if not times or not all(text and "T00:00:00" in text for text in times):
        return texts
    return [
        text.partition("T")[0] if text and isinstance(value, datetime) else text
        for value, text in zip(values, texts, strict=True)
    ]


class Loaded(Reader):
    """A table that was read into memory at once.

    Args:
        source: The file's name, for messages.
        frame: Its rows, with values of any type; the index says where each row begins.
        noun: What a row is called in messages.
        notes: What was decided about the file.
    """

    has_types = True

    def __init__(
        self, source: str, frame: "pd.DataFrame", *, noun: str, notes: Sequence[str] = ()
    ) -> None:
        self._source = source
        self._frame = frame
        self._notes = tuple(notes)
        self.noun = noun
        self.names = [str(name).strip() for name in frame.columns]

    @property
    def notes(self) -> tuple[str, ...]:
        return self._notes

    def frames(
        self,
        texts: Collection[str],
        missing: Collection[str],
        *,
        rows: int | None = None,
        at_once: int | None = None,
    ) -> "Iterator[pd.DataFrame]":
        chosen = self._frame if rows is None else self._frame.iloc[:rows]
        try:
            frame = plain_frame(chosen.set_axis(self.names, axis=1), texts, missing)
        except DataError as error:
            raise DataError(f"{self._source}: {error}") from None
        for begin in range(0, len(frame), at_once or max(len(frame), 1)):
            yield frame if at_once is None else frame.iloc[begin : begin + at_once]

    def places(self, rows: Sequence[int]) -> Mapping[int, int]:
        return {row: int(self._frame.index[row]) for row in rows}
