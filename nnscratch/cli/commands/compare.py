"""`nnscratch compare`: in which settings runs differ, and in which results."""

import json
from string import ascii_uppercase
from typing import Annotated, Any

import typer

from nnscratch.cli.completion import complete_run
from nnscratch.cli.options import DEFAULT_RUNS, ReportFormat, RunsDirectory
from nnscratch.cli.output import print_text, write_data
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import cell, plain_text

POSITION_IN_HELP = 100


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
            lines = [[key, *(_text(key, value) for value in row)] for key, row in rows.items()]
            print_table([name.removesuffix("s"), *letters], lines)


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
