"""`nnscratch predict`: what a trained network says about new rows, or about its own data."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import output, tables
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory, SplitName, TableFormat

if TYPE_CHECKING:
    from nnscratch.cli.prediction_inputs import Source
    from nnscratch.model.model import Model

POSITION_IN_HELP = 40

# Who has more rows than this wants them in a file, not on a terminal.
_SHOWN_ROWS = 100


Rows = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="0,1", help="A row of values; may be given several times."),
]
Table = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="A table with the columns trained on."),
]
Pictures = Annotated[
    list[Path] | None,
    typer.Option("--image", metavar="FILE", help="A picture; may be given several times."),
]
ShowInput = Annotated[
    bool, typer.Option("--show-input", help="Print what the network sees of each --image.")
]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write there; it must not exist."),
]
OutputFormat = Annotated[
    TableFormat | None,
    typer.Option("--format", help="By default a table on a terminal and CSV elsewhere."),
]


def predict(
    run: RunName,
    inputs: Rows = None,
    csv_file: Table = None,
    images: Pictures = None,
    split: SplitName = None,
    show_input: ShowInput = False,
    output_file: OutputFile = None,
    output_format: OutputFormat = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Predict rows, a table, pictures or a split.

    Without any of them a run's own data is predicted: its test part, else its validation part,
    else the rows trained on, such as a gate's truth table.

    Example: nnscratch predict latest --input 0,1 --input 1,1
    """
    from nnscratch.cli import prediction_inputs as sources
    from nnscratch.errors import UsageError
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights

    if sum(map(bool, (inputs, csv_file, images, split))) > 1:
        raise UsageError("give one of --input, --csv, --image and --split")
    if show_input and not images:
        raise UsageError("--show-input shows what is seen of an --image")
    form = _choose_format(output_format, output_file)
    found = find_weights(run, runs_dir)
    model = Model.load(found.weights)
    if inputs:
        source = sources.from_values(model, inputs)
    elif csv_file:
        source = sources.from_csv(model, csv_file)
    elif images:
        source = sources.from_images(model, images, show=show_input)
    else:
        source = sources.from_run(found, model, split)
    if form is TableFormat.TABLE:
        _print_table(model, source)
    else:
        _write(_render(model, source, form), output_file)
    sources.warn_unseen(source.unseen)


def _choose_format(wanted: TableFormat | None, output_file: Path | None) -> TableFormat:
    """Returns the format asked for, by name or by a file's, or what suits where stdout goes."""
    from nnscratch.errors import UsageError

    if output_file is None:
        return wanted or (TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV)
    formats = {".csv": TableFormat.CSV, ".json": TableFormat.JSON}
    form = wanted or formats.get(output_file.suffix.lower(), TableFormat.TABLE)
    if form is TableFormat.TABLE:
        raise UsageError(f"--output {output_file}: write .csv or .json, not a table")
    if output_file.exists():  # said now, not after a million rows
        raise FileExistsError(0, "", str(output_file))
    return form


def _print_table(model: "Model", source: "Source") -> None:
    rows, targets = next(source.pieces), source.targets
    more = len(rows) > _SHOWN_ROWS or next(source.pieces, None) is not None
    shown = slice(_SHOWN_ROWS)
    tables.print_predictions(model, rows[shown], None if targets is None else targets[shown])
    if more:
        output.say(f"the first {_SHOWN_ROWS} rows; --output predictions.csv writes all of them")


def _render(model: "Model", source: "Source", form: TableFormat) -> Iterator[str]:
    from nnscratch.model.predictions import csv_lines, json_lines, predict_pieces

    predictions = predict_pieces(model, source.pieces)
    return json_lines(predictions) if form is TableFormat.JSON else csv_lines(predictions)


def _write(texts: Iterable[str], path: Path | None) -> None:
    """Writes texts as they come, so that many rows need little memory."""
    from nnscratch.files.atomic import replacing

    if path is None:
        sys.stdout.writelines(texts)
        return
    with replacing(path, exclusive=True) as file:
        file.writelines(text.encode() for text in texts)
    output.say(f"wrote {path}")
