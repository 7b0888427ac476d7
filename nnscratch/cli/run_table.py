"""A table of many runs, a row for each: on a terminal no wider than that, in a pipe in full."""

import re
from collections.abc import Mapping, Sequence
from textwrap import fill

from nnscratch.cli.output import PIPE_WIDTH, console, print_message, print_text
from nnscratch.cli.tables import align, text_width
from nnscratch.formatting import abridge, escape, plural

# What a text that loses its middle keeps: the beginning of a run and its time can be read.
_LEAST_WIDTH = 24
_LENGTH_OF_TIME = len("-20261130-120000")
_GAP = "  "
# Such as 0.25, 1e-05, 99.5%, 12,345, 3.20 s or mae 0.5.
_FIGURE = re.compile(r"([a-z_0-9]+ )?-?[\d,]*\.?\d+(e[+-]?\d+)?( ?(%|s|min|h|d))?")

Columns = Mapping[str, Sequence[str]]


def print_run_table(columns: Columns, *, first_to_go: Sequence[str]) -> None:
    """Prints the columns in which runs differ; what is the same in all stands above, once.

    On a terminal that is too narrow, a long header takes several lines, long texts lose their
    middle for an ellipsis, and then columns are left out. In a pipe all is shown in full.

    Args:
        columns: The texts of each column, by its name; the first names the runs. Empty columns are
            left out.
        first_to_go: The names of columns that may be left out, in this order.
    """
    shown: Columns = {
        escape(name): list(map(escape, texts)) for name, texts in columns.items() if any(texts)
    }
    out = console()
    in_pipe = out.width >= PIPE_WIDTH
    left_out = 0
    if not in_pipe:
        shown = _print_common(shown)
        kept = _choose(shown, first_to_go, out.width)
        left_out = len(shown) - len(kept)
        shown = _shorten(kept, out.width)
    headers = [[name] if in_pipe else name.split(" ") for name in shown]
    height = max(map(len, headers))
    blocks = [
        align([*[""] * (height - len(header)), *header, *texts], to_left=not _are_figures(texts))
        for header, texts in zip(headers, shown.values(), strict=True)
    ]
    lines = [_GAP.join(cells).rstrip() for cells in zip(*blocks, strict=True)]
    for line in lines[:height]:
        out.out(line, style="bold", highlight=False)
    dash = "-" if out.options.ascii_only else "─"
    out.out(dash * _table_width(shown, fold=not in_pipe), highlight=False)
    out.out("\n".join(lines[height:]), highlight=False)
    if left_out:
        print_message(f"… {plural(left_out, 'more column')}; in a pipe all are shown")


def _print_common(columns: Columns) -> Columns:
    """Prints what is the same in all of several rows, and returns the other columns."""
    first, *others = columns
    rows = len(columns[first])
    common = {name for name in others if rows > 1 and len(set(columns[name])) == 1}
    if common:
        texts = ", ".join(f"{name} {columns[name][0]}" for name in columns if name in common)
        print_text(fill(f"the same in all {rows:,}: {texts}", console().width))
    return {name: texts for name, texts in columns.items() if name not in common}


def _choose(columns: Columns, first_to_go: Sequence[str], width: int) -> Columns:
    """Returns the columns that fit, if possible, once their long texts are shortened."""
    kept = dict(columns)
    for name in first_to_go:
        if _table_width(_shorten(kept, 0), fold=True) <= width:
            break
        kept.pop(name, None)
    return kept


def _shorten(columns: Columns, width: int) -> Columns:
    """Returns a table whose longest texts have lost so much that it fits, if possible."""
    shortened = dict(columns)
    for name in sorted(columns, key=lambda name: _column_width(name, columns[name]), reverse=True):
        excess = _table_width(shortened, fold=True) - width
        if excess > 0:
            room = max(_LEAST_WIDTH, max(map(text_width, columns[name])) - excess)
            # A run's name ends with the time by which it is known.
            end = _LENGTH_OF_TIME if name == next(iter(columns)) else None
            shortened[name] = [abridge(text, room, end) for text in columns[name]]
    return shortened


def _table_width(columns: Columns, *, fold: bool) -> int:
    widths = [_column_width(name, texts, fold=fold) for name, texts in columns.items()]
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _column_width(name: str, texts: Sequence[str], *, fold: bool = True) -> int:
    return max(map(text_width, [*(name.split(" ") if fold else [name]), *texts]))


def _are_figures(texts: Sequence[str]) -> bool:
    return all(_FIGURE.fullmatch(text) for text in texts if text)
