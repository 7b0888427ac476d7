"""`nnscratch predict`: what a trained network says about new rows, or about its own data."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli import output, tables
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory, SplitName, TableFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.predictions import Predictions


def predict(
    run: RunName,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input", metavar="0,1", help="A row of numbers; may be given several times."
        ),
    ] = None,
    split: SplitName = None,
    output_file: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write there; it must not exist."),
    ] = None,
    output_format: Annotated[
        TableFormat | None,
        typer.Option("--format", help="By default a table on a terminal and CSV elsewhere."),
    ] = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Predict rows given by --input, or a part of the run's own data.

    Without --input a logic gate prints its truth table.

    Example: nnscratch predict latest --input 0,1 --input 1,1
    """
    from nnscratch.errors import UsageError
    from nnscratch.evaluation import load_split
    from nnscratch.model import Model
    from nnscratch.predictions import Predictions
    from nnscratch.runs import find_weights

    if inputs and split:
        raise UsageError("give --input or --split, not both")
    found = find_weights(run, runs_dir)
    model = Model.load(found.weights)
    if inputs:
        rows, targets = _numbers(inputs), None
    else:
        _, part = load_split(found, model, split)
        rows, targets = part.inputs, part.targets
    form = output_format or _usual_format(output_file)
    if form is TableFormat.TABLE:
        if output_file:
            raise UsageError(f"--output {output_file}: write .csv or .json, not a table")
        tables.print_predictions(model, rows, targets)
    else:
        _write(_render(Predictions.of(model, rows), form), output_file)


def _usual_format(output_file: Path | None) -> TableFormat:
    """Returns the format that a file's name asks for, or what suits where stdout goes."""
    if output_file:
        formats = {".csv": TableFormat.CSV, ".json": TableFormat.JSON}
        return formats.get(output_file.suffix.lower(), TableFormat.TABLE)
    return TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV


def _numbers(inputs: list[str]) -> "NDArray[Any]":
    import numpy as np

    from nnscratch.errors import UsageError

    rows = []
    for text in inputs:
        try:
            rows.append([float(part) for part in text.split(",")])
        except ValueError:
            raise UsageError(
                f"--input {text}: must be numbers with commas between, such as 0,1"
            ) from None
    if len({len(row) for row in rows}) > 1:
        raise UsageError(
            f"--input: all rows must have equally many numbers; got {' and '.join(inputs)}"
        )
    return np.array(rows)


def _render(predictions: "Predictions", form: TableFormat) -> str:
    if form is TableFormat.JSON:
        return json.dumps(predictions.records(), indent=2, allow_nan=False) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = {"row": range(len(predictions.labels)), **predictions.columns()}
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _write(text: str, path: Path | None) -> None:
    from nnscratch.files.atomic import write_text

    if path is None:
        print(text, end="")
        return
    write_text(path, text, exclusive=True)
    output.say(f"wrote {path}")
