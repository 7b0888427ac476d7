"""Where commands print: results and tables to stdout, everything else to stderr."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nnscratch.wording import cell

if TYPE_CHECKING:
    from rich.console import Console

# A pipe has no width: a table in it is never cut or folded.
_PIPE_WIDTH = 10_000


def console(*, stderr: bool = False) -> "Console":
    """Returns a Rich console on stdout or stderr that takes text literally."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr,
        markup=False,
        highlight=False,
        emoji=False,
        width=None if stream.isatty() else _PIPE_WIDTH,
    )


def print_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    last_is_total: bool = False,
) -> None:
    """Prints a table to stdout, numbers to the right and text to the left."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    rows = [list(row) for row in rows]
    table = Table(
        box=SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for i, name in enumerate(header):
        text = any(isinstance(row[i], str) for row in rows)
        table.add_column(name, justify="left" if text else "right", overflow="fold")
    for number, row in enumerate(rows, start=1):
        table.add_row(*map(cell, row), end_section=last_is_total and number == len(rows) - 1)
    console().print(table)


def say(message: Any) -> None:
    """Prints a message that is no result, to stderr; a training goes on if nobody can read it."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)
