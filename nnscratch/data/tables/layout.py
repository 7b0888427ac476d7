"""The layout of a table's file: what is known of it before its first line is read.

What is not given is found out from the file.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """How a table's file is laid out.

    Attributes:
        separator: The character between two values; None to find it out.
        encoding: Such as `latin-1`; None to find it out.
        header: Whether the first row holds the names of the columns.
        names: The names of the columns of a file without a header; `column_1`, `column_2` and so
            on unless given.
    """

    separator: str | None = None
    encoding: str | None = None
    header: bool = True
    names: tuple[str, ...] = ()
