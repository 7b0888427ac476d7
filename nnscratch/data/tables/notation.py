"""The notation of a table's values: which texts stand for no value, and how numbers are written.

Text has one meaning here, whether it stands in a file or is typed on the command line.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

# Besides empty and blank text. These are what pandas takes for missing by default.
MISSING_VALUES = (
    *("NA", "N/A", "n/a", "<NA>", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "None"),
    *("#N/A", "#N/A N/A", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)
# The blanks that people put between groups of three digits, and the minus signs that they type.
_BLANKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
MINUS_SIGNS = "\N{MINUS SIGN}\N{EN DASH}\N{FIGURE DASH}"


@dataclass(frozen=True)
class Notation:
    """How a table writes its values.

    Attributes:
        missing_values: The texts that stand for no value, besides empty and blank ones.
        decimal: The character before the decimals: a point or a comma.
        thousands: The character between groups of three digits; a blank stands for all kinds of
            blanks, an apostrophe for both kinds.
        strip: Texts around a number that are not part of it, such as `$`, `%` or `kg`.
    """

    missing_values: tuple[str, ...] = MISSING_VALUES
    decimal: str = "."
    thousands: str | None = None
    strip: tuple[str, ...] = ()

    def is_missing(self, text: str) -> bool:
        """Returns whether a text stands for no value."""
        stripped = text.strip()
        return not stripped or stripped in self.missing_values

    @property
    def is_plain(self) -> bool:
        """Whether every number that Python reads has its plain meaning here."""
        return self.decimal == "." and self.thousands != "."

    def to_number(self, text: str) -> float:
        """Returns the number that a text stands for: `$1,234.50`, `(12)`, `−3`, `1e-3`.

        A number in parentheses is negative, as in bookkeeping.

        Raises:
            ValueError: The text is not a number in this notation.
        """
        number = text.strip()
        negative = number.startswith("(") and number.endswith(")")
        if negative:
            number = number[1:-1].strip()
        number = self._strip(number)
        if not self._pattern.fullmatch(number):
            raise ValueError(f"{text!r} is not a number")
        for sign in MINUS_SIGNS:
            number = number.replace(sign, "-")
        for mark in self.thousands_marks:
            number = number.replace(mark, "")
        value = float(number.replace(self.decimal, ".").replace(" ", ""))
        return -value if negative else value

    def to_numbers(self, column: "pd.Series[Any]") -> NDArray[np.float64]:
        """Returns a column's numbers; nan where a value is missing or is not a number."""
        import pandas as pd

        if column.dtype.kind in "iuf":
            return column.to_numpy(np.float64)
        if column.dtype.kind == "b":  # which pandas would count as 0 and 1
            column = column.astype(str)
        if self.is_plain:
            numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        else:
            numbers = np.full(len(column), np.nan)
        left = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
        if len(left):
            numbers = numbers.copy()
            texts = column.iloc[left]
            known = {text: self._to_number_or_nan(text) for text in texts.unique()}
            numbers[left] = [known[text] for text in texts]
        return numbers

    def _to_number_or_nan(self, text: Any) -> float:
        try:
            return self.to_number(str(text))
        except ValueError:
            return float("nan")

    def _strip(self, number: str) -> str:
        """Returns a number without what stands before or behind it, behind the sign too."""
        sign = number[0] if number.startswith(tuple(f"+-{MINUS_SIGNS}")) else ""
        bare = number.removeprefix(sign).strip()
        for text in self.strip:
            bare = bare.removeprefix(text).removesuffix(text).strip()
        return sign + bare

    @property
    def thousands_marks(self) -> str:
        """All characters that may stand between groups of digits."""
        kinds = {None: "", " ": _BLANKS, "'": _APOSTROPHES}
        return kinds.get(self.thousands, self.thousands or "")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        digits = r"\d+"
        if self.thousands_marks:
            mark = f"[{re.escape(self.thousands_marks)}]"
            digits = rf"(\d+|\d{{1,3}}({mark}\d{{3}})+)"
        point = re.escape(self.decimal)
        sign = f"[-+{MINUS_SIGNS}]"
        return re.compile(rf"{sign}? ?({digits}({point}\d*)?|{point}\d+)([eE][-+]?\d+)?", re.ASCII)
