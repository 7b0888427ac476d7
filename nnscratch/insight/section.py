"""A step of an explanation: its title, its formulas and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnscratch.formatting import plural
from nnscratch.nn.parameters import Array

# A larger layer is summarized by its smallest, mean and largest numbers.
MAX_UNITS = 20


@dataclass(frozen=True)
class Section:
    """A step of an explanation.

    Attributes:
        title: What the step is.
        formulas: Lines with the formulas and any remarks.
        header: The header of the table; empty if there is no table.
        rows: The cells of the table: text and numbers.
    """

    title: str
    formulas: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


def tabulate(
    title: str,
    formulas: Sequence[str],
    noun: str,
    names: Sequence[str],
    columns: Mapping[str, Array],
) -> Section:
    """Returns a section with a row for each name, or with the extremes of many.

    Args:
        title: The section's title.
        formulas: The section's lines.
        noun: What a row is about, such as `unit`.
        names: The rows' names.
        columns: Numbers (names,) by the column's name.
    """
    if len(names) <= MAX_UNITS:
        values = (column.tolist() for column in columns.values())
        rows = tuple(zip(names, *values, strict=True))
        return Section(title, tuple(formulas), (noun, *columns), rows)
    rows = (
        ("smallest", *(float(column.min()) for column in columns.values())),
        ("mean", *(float(column.mean()) for column in columns.values())),
        ("largest", *(float(column.max()) for column in columns.values())),
    )
    note = f"{plural(len(names), noun)}; each column has its own extremes"
    return Section(title, (*formulas, note), ("", *columns), rows)
