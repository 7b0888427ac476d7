"""What a table's column holds: numbers, words, or what a network cannot learn from as it stands."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import ignoring, rows_text
from nnscratch.data.dataset import Feature
from nnscratch.errors import DataError
from nnscratch.formatting import label_text

if TYPE_CHECKING:
    import pandas as pd

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TIME = r"\d{1,2}:\d\d(:\d\d\S*)?( ?[ap]\.?m\.?)?"
_DATE = re.compile(
    rf"(\d{{4}}([./-])\d{{1,2}}\2\d{{1,2}}"  # 2024-01-31
    rf"|\d{{1,2}}([./-])\d{{1,2}}\3(\d{{4}}|\d\d)"  # 31.01.2024 or 1/31/24
    rf"|\d{{1,2}}[ .-]*{_MONTH}[ ,.-]*(\d{{4}}|\d\d)"  # 31 January 2024
    rf"|{_MONTH} \d{{1,2}},? \d{{4}})"  # Jan 31, 2024
    rf"([T ]+{_TIME}.*)?|{_TIME}",  # perhaps with a time, or a time alone
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+(,\d+)?")
_MOSTLY = 0.8
_FEW_WORDS, _MANY_WORDS = 50, 5000


def name_kind(source: str, name: str, column: "pd.Series[Any]", *, role: str = "") -> Feature:
    """Returns a column's feature: numbers, or the words in it, in order.

    Args:
        source: The file, for messages.
        name: The column's name.
        column: Numbers as pandas found them, or else text as it is written.
        role: What the column is, if it is not one to predict from.

    Raises:
        DataError: It is empty, holds dates, words too many to tell rows apart by, or numbers among
            which something else strayed.
    """
    where = f"{source}: column {label_text(name)}{role and f', {role}'}"
    remedy = "choose another" if role else f"leave it out: {ignoring([name])}"
    known = column.dropna()
    if not len(known):
        raise DataError(f"{where}: has no values at all; {remedy}")
    if column.dtype.kind in "fiu":
        return Feature(name)
    words = sorted(set(known))
    if all(map(_DATE.fullmatch, words)):
        raise DataError(
            f"{where}: holds dates or times such as {label_text(words[0])}; make numbers of them, "
            f"such as the year or the days since then, or {remedy}"
        )
    if "," in "".join(words) and all(map(_DECIMAL_COMMA.fullmatch, words)):
        comma = next(word for word in words if "," in word)
        raise DataError(f"{where}: {comma} has a decimal comma; write a point")
    strays = _strays(column)
    if not len(strays):
        return Feature(name)
    if len(strays) < (1 - _MOSTLY) * len(known):
        raise DataError(
            f"{where}: numbers, but {label_text(column.iloc[strays[0]])!r} is none "
            f"({rows_text(strays)}); leave a missing value empty"
        )
    if len(words) > _MANY_WORDS or len(words) > max(_FEW_WORDS, len(known) / 2):
        raise DataError(
            f"{where}: {len(words):,} different words in {len(known):,} rows, like names; {remedy}"
        )
    return Feature(name, tuple(words))


def _strays(column: "pd.Series[Any]") -> NDArray[np.intp]:
    """Returns the rows whose value is there and no number."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    return np.flatnonzero((numbers.isna() & column.notna()).to_numpy())
