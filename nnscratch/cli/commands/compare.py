"""`nnscratch compare`: in which settings runs differ, and in which results."""

import json
from itertools import zip_longest
from string import ascii_uppercase
from textwrap import wrap
from typing import Annotated, Any

import typer

from nnscratch.cli.completion import complete_run
from nnscratch.cli.options import DEFAULT_RUNS, ReportFormat, RunsDirectory
from nnscratch.cli.output import console, print_text, write_data
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import cell, plain_text

POSITION_IN_HELP = 100

# Narrower columns of a terminal would break words.
_LEAST_WIDTH = 20
_GAP = 2


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN RUN ...",
            help="Run directories, names of runs, or latest.",
            autocompletion=complete_run,
        ),
    ],
    output_format: Annotated[
        ReportFormat, typer.Option("--format", help="A table or JSON.")
    ] = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Show the settings and results in which runs differ, side by side.

    Example: nnscratch compare xor latest
    """
    from nnscratch.runs import compare as comparison
    from nnscratch.runs import find

    if not 2 <= len(runs) <= len(ascii_uppercase):
        raise UsageError(f"2 to {len(ascii_uppercase)} runs can be compared; got {len(runs)}")
    found = comparison.compare([find(run, runs_dir) for run in runs])
    parts = {
        "settings": found.settings,
        "circumstances": found.circumstances,
        "results": found.results,
    }
    if output_format is ReportFormat.JSON:
        content = {"runs": [*map(str, found.runs)], **parts}
        write_data([json.dumps(content, indent=2, allow_nan=False), "\n"])
        return
    letters = ascii_uppercase[: len(runs)]
    for letter, run in zip(letters, found.runs, strict=True):
        print_text(f"{letter}  {run}")
    if not found.settings:
        print_text("\nall settings are the same")
    for name, rows in parts.items():
        if rows:
            texts = {key: [_text(key, value) for value in row] for key, row in rows.items()}
            # Of many runs, the last ones give way on a terminal.
            others = range(3, len(letters) + 1)
            print_table([name.removesuffix("s"), *letters], _fold(texts), expendable=others)


def _fold(texts: dict[str, list[str]]) -> list[list[str]]:
    """Returns the rows of a table; a text that is too long for a terminal takes several rows."""
    keys = max(map(len, texts))
    runs = len(next(iter(texts.values())))
    width = max(_LEAST_WIDTH, (console().width - keys) // runs - _GAP)
    rows = []
    for key, values in texts.items():
        folded = [wrap(value, width) if len(value) > width else [value] for value in values]
        for i, parts in enumerate(zip_longest(*folded, fillvalue="")):
            rows.append([key if i == 0 else "", *parts])
    return rows


def _text(name: str, value: Any) -> str:
    """Returns a setting as a config writes it, or a figure as training shows it."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value)
    if isinstance(value, float) and " " in name:
        from nnscratch.model.scores import value_text

        return value_text(name.rpartition(" ")[2], value)
    return cell(value) if isinstance(value, int) else plain_text(value)
