"""`nnscratch predict`: what a trained network says about new rows, or about its own data."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli import output
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory, SplitName, TableFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.model import Model
    from nnscratch.predictions import Predictions

# Wider inputs would push the prediction off the screen.
_SHOWN_INPUTS = 8


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
    from nnscratch.cli.splits import load_split
    from nnscratch.errors import UsageError
    from nnscratch.model import Model
    from nnscratch.predictions import Predictions
    from nnscratch.runs import find

    if inputs and split:
        raise UsageError("give --input or --split, not both")
    found = find(run, runs_dir)
    model = Model.load(found.weights)
    if inputs:
        rows, targets = _numbers(inputs), None
    else:
        _, part = load_split(found, model, split)
        rows, targets = part.inputs, part.targets
    on_terminal = sys.stdout.isatty() and output_file is None
    form = output_format or (TableFormat.TABLE if on_terminal else TableFormat.CSV)
    if form is TableFormat.TABLE and output_file is None:
        print_predictions(model, rows, targets)
    elif form is TableFormat.TABLE:
        raise UsageError("--output writes csv or json, not a table")
    else:
        _write(_render(Predictions.of(model, rows), form), output_file)


def print_predictions(model: "Model", rows: "NDArray[Any]", targets: "NDArray[Any] | None") -> None:
    """Prints a table of inputs, targets if they are known, and predictions."""
    from nnscratch.predictions import Predictions, numbered, targets_of

    predictions = Predictions.of(model, rows)
    header, table = predictions.header(), predictions.rows()
    known: list[list[Any]] = [[] for _ in table]
    names: list[str] = []
    if model.network.inputs <= _SHOWN_INPUTS:
        names += model.feature_names
        known = [[f"{value:g}" for value in row] for row in rows.tolist()]
    if targets is not None:
        actual = targets_of(model, targets).reshape(len(table), -1)
        names += numbered("target", actual.shape[1])
        known = [[*left, *right] for left, right in zip(known, actual.tolist(), strict=True)]
    output.print_table(
        [header[0], *names, *header[1:]],
        [[row[0], *left, *row[1:]] for row, left in zip(table, known, strict=True)],
    )


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
        return json.dumps(predictions.records(), indent=2) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(predictions.header())
    writer.writerows(predictions.rows())
    return text.getvalue()


def _write(text: str, path: Path | None) -> None:
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import write_text

    if path is None:
        print(text, end="")
    elif path.exists():
        raise UsageError(f"{path}: exists already, and nothing is overwritten")
    else:
        write_text(path, text)
        output.say(f"wrote {path}")
