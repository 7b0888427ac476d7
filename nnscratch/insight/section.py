"""A step of an example's way through a network: what it is, its formulas, and its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.formatting import plural
from nnscratch.nn.parameters import Array

# A layer with more units is told by its smallest, mean and largest number.
MOST_UNITS = 20


@dataclass(frozen=True)
class Section:
    """A step of the way.

    Attributes:
        title: What it is.
        formulas: What is computed, and what else is to be said.
        header: Of the table; none where there is no table.
        rows: Its cells: text and numbers.
    """

    title: str
    formulas: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


def tabulate(
    title: str,
    formulas: Sequence[str],
    of: str,
    names: Sequence[str],
    columns: Mapping[str, Array],
) -> Section:
    """Returns a section with a row for each name; or for the extremes of many.

    Args:
        title: What it is.
        formulas: What is computed.
        of: What a row is of, such as `unit`.
        names: Of them.
        columns: Numbers (names,) by what they are.
    """
    if len(names) <= MOST_UNITS:
        values = (column.tolist() for column in columns.values())
        rows = tuple(zip(names, *values, strict=True))
        return Section(title, tuple(formulas), (of, *columns), rows)
    extremes = ("smallest", np.min), ("mean", np.mean), ("largest", np.max)
    summary = tuple(
        (name, *(float(measure(column)) for column in columns.values()))
        for name, measure in extremes
    )
    said = f"{plural(len(names), of)}; the extremes of each column by itself"
    return Section(title, (*formulas, said), ("", *columns), summary)
