"""`nnscratch compare`: in which settings runs differ, and in which results."""

import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from string import ascii_uppercase
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli.completion import complete_run
from nnscratch.cli.options import DEFAULT_RUNS, Format, ReportFormat, RunsDirectory
from nnscratch.cli.output import console, print_document, print_message, print_text
from nnscratch.cli.run_table import print_run_table
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import cell, plain_text

if TYPE_CHECKING:
    from nnscratch.search.comparison import Difference

POSITION_IN_HELP = 100

Texts = dict[str, list[str]]

# More runs take a row each.
_SIDE_BY_SIDE = 3
# The results that a narrow terminal leaves out first.
_LEAST_TELLING = ("seconds", "parameters", "best epoch", "epochs", "last loss")
# Narrower columns of a terminal would break words.
_LEAST_WIDTH = 20
_GAP = 2


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN",
            help="Two or more run directories, names of runs, or latest.",
            autocompletion=complete_run,
        ),
    ],
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Show in which settings and results runs differ, side by side.

    Example: nnscratch compare xor latest
    """
    from nnscratch.runs import compare as comparison
    from nnscratch.runs import find

    if len(runs) < 2:
        raise UsageError("two runs or more can be compared; got one")
    found = comparison.compare([find(run, runs_dir) for run in runs])
    differences = _find_differences(found.runs) if len(runs) == 2 else {}
    parts = {
        "settings": found.settings,
        "circumstances": found.circumstances,
        "results": found.results,
    }
    if output_format is ReportFormat.JSON:
        document = {name: each.to_dict() for name, each in differences.items()}
        print_document({"runs": [*map(str, found.runs)], **parts, "differences": document})
        return
    texts = {
        part: {
            key: [_text(key, value) for value in row]
            for key, row in rows.items()
            if any(value is not None for value in row)
        }
        for part, rows in parts.items()
    }
    if len(runs) > _SIDE_BY_SIDE:
        _print_rows(found.runs, texts)
    else:
        _print_side_by_side(found.runs, texts)
    if differences:
        print_text()
    for difference in differences.values():
        print_text(fill(difference.describe(("A", "B")), console().width))


def _find_differences(runs: Sequence[Path]) -> "Mapping[str, Difference]":
    """Returns how the scores of two directories of many runs differ; none for other runs."""
    from nnscratch.runs import read_record

    if not all(read_record(run).many for run in runs):
        return {}
    from nnscratch.search.comparison import find_differences
    from nnscratch.search.results import open_many

    try:
        first, second = (open_many(run).scores for run in runs)
        return find_differences(first, second)
    except UsageError as error:
        print_message(f"chance is not judged: {error}")
        return {}


def _print_side_by_side(runs: list[Path], parts: dict[str, Texts]) -> None:
    """Prints a table with a column for each run."""
    letters = ascii_uppercase[: len(runs)]
    for letter, run in zip(letters, runs, strict=True):
        print_text(f"{letter}  {run}")
    if not parts["settings"]:
        print_text("\nall settings are the same")
    for name, texts in parts.items():
        if texts:
            print_table([name.removesuffix("s"), *letters], _fold(texts))


def _print_rows(runs: list[Path], parts: dict[str, Texts]) -> None:
    """Prints a table with a row for each run, of which the least telling columns may give way."""
    folders = {run.parent for run in runs}
    if len(folders) == 1:
        print_text(f"{len(runs)} runs in {folders.pop()}")
    if not parts["settings"]:
        print_text("all settings are the same")
    names = [str(run) if folders else run.name for run in runs]
    settings, results = parts["settings"], parts["results"]
    # What another setting brings with it, such as the momentum of one of the optimizers.
    details = [key for key in settings if key.rpartition(".")[0] in settings]
    figures = [key for key in results if key != "status" and not key.startswith("test ")]
    chief = [key for key in settings if key not in details]
    first_to_go = [*parts["circumstances"], *details, *_LEAST_TELLING, *figures, *reversed(chief)]
    columns = {"run": names, **settings, **parts["circumstances"], **results}
    print_run_table(columns, first_to_go=first_to_go)


def _fold(texts: Texts) -> list[list[str]]:
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
