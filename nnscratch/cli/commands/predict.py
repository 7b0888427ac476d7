"""`nnscratch predict`: the predictions of a trained network for new rows or for its own data."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import options, tables
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory, SplitName, TableFormat
from nnscratch.cli.output import print_message, write_data

if TYPE_CHECKING:
    from nnscratch.cli.prediction_inputs import RowsToPredict
    from nnscratch.model.predictor import Predictor
    from nnscratch.runs import RunFiles

POSITION_IN_HELP = 40

# More rows than this belong in a file, not on a terminal.
_SHOWN_ROWS = 100


Rows = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="0,1", help="A row of values; can be repeated."),
]
Table = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="A table with the columns of the training data; - is standard input.",
    ),
]
Images = Annotated[
    list[Path] | None,
    typer.Option("--image", metavar="FILE", help="An image file; can be repeated."),
]
ShowInput = Annotated[
    bool, typer.Option("--show-input", help="Print what the network sees of each --image.")
]
IdColumns = Annotated[
    list[str] | None,
    typer.Option(
        "--id", metavar="COLUMN", help="A column to repeat beside the predictions; can be repeated."
    ),
]
WithInputs = Annotated[
    bool, typer.Option("--with-inputs", help="Repeat the inputs beside the predictions.")
]
AllColumns = Annotated[
    bool,
    typer.Option("--all-columns", "--columns", help="Repeat all columns beside the predictions."),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="A new .csv or .json file to write to.",
        callback=options.typeable,
    ),
]
OutputFormat = Annotated[
    TableFormat | None,
    typer.Option("--format", help="The default is a table on a terminal, and CSV elsewhere."),
]
Spreadsheet = Annotated[
    bool,
    typer.Option(
        "--spreadsheet",
        help="In CSV, write an apostrophe before text that a spreadsheet would take for a formula.",
    ),
]


def predict(
    run: RunName,
    inputs: Rows = None,
    csv_file: Table = None,
    images: Images = None,
    split: SplitName = None,
    show_input: ShowInput = False,
    ids: IdColumns = None,
    with_inputs: WithInputs = False,
    all_columns: AllColumns = False,
    output_file: OutputFile = None,
    output_format: OutputFormat = None,
    spreadsheet: Spreadsheet = False,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Predict rows, a table, images or a part of the run's data.

    Without any of them the run's own data is predicted: its test part if there is one, else its
    validation part, else the rows it was trained on, such as a gate's truth table. Where the rows
    have targets, these are shown too.

    Example: nnscratch predict latest --csv new.csv --id name
    """
    from nnscratch.cli import prediction_inputs as sources
    from nnscratch.cli import standard_input
    from nnscratch.errors import UsageError
    from nnscratch.model.loading import load_model
    from nnscratch.runs import find_weights

    if sum(map(bool, (inputs, csv_file, images, split))) > 1:
        raise UsageError("give one of --input, --csv, --image and --split")
    if show_input and not images:
        raise UsageError("--show-input needs an --image to show")
    file_format = _choose_format(output_format, output_file, spreadsheet=spreadsheet)
    found = find_weights(run, runs_dir)
    model = load_model(found.weights)
    given = [feature.name for feature in model.features] if with_inputs else []
    columns = None if all_columns else [*(ids or []), *given]
    with standard_input.as_file(csv_file) if csv_file else nullcontext() as table:
        chosen = _Chosen(inputs or (), table, images or (), split, show_input=show_input)
        source = _open(chosen, found, model, columns)
        if file_format is TableFormat.TABLE:
            _print_table(model, source)
        else:
            _write(_render(model, source, file_format, spreadsheet), output_file)
    sources.warn_unseen(source.unseen)
    sources.warn_missing(model, source.missing)


@dataclass(frozen=True)
class _Chosen:
    """Which rows the options choose, of which one is given at most."""

    inputs: Sequence[str]
    table: Path | None
    images: Sequence[Path]
    split: str | None
    show_input: bool


def _open(
    chosen: _Chosen, found: "RunFiles", model: "Predictor", columns: list[str] | None
) -> "RowsToPredict":
    """Returns the rows to predict, with the columns that are to be repeated; None for all."""
    from nnscratch.cli import prediction_inputs as sources
    from nnscratch.cli import table_inputs

    if chosen.inputs:
        source = sources.from_values(model, chosen.inputs)
    elif chosen.table:
        source = table_inputs.from_csv(found, model, chosen.table, columns)
    elif chosen.images:
        source = sources.from_images(model, chosen.images, show=chosen.show_input)
    else:
        source = sources.from_run(found, model, chosen.split)
    source.pieces = sources.count_missing(source.pieces, source.missing)
    if columns != [] and not chosen.table:
        source = table_inputs.repeat_inputs(model, source, columns)
    return source


def _choose_format(
    wanted: TableFormat | None, output_file: Path | None, *, spreadsheet: bool
) -> TableFormat:
    """Returns the format that is asked for, that of the file, or the one that suits stdout."""
    from nnscratch.errors import UsageError

    file_format = _find_format(wanted, output_file)
    if spreadsheet and file_format is not TableFormat.CSV:
        raise UsageError(f"--spreadsheet is for CSV; got --format {file_format.value}")
    return file_format


def _find_format(wanted: TableFormat | None, output_file: Path | None) -> TableFormat:
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import check_new

    if output_file is None:
        return wanted or (TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV)
    formats = {".csv": TableFormat.CSV, ".json": TableFormat.JSON}
    file_format = wanted or formats.get(output_file.suffix.lower(), TableFormat.TABLE)
    if file_format is TableFormat.TABLE:
        raise UsageError(f"--output {output_file}: write .csv or .json, not a table")
    check_new(output_file)  # refused now, not after a million rows
    return file_format


def _print_table(model: "Predictor", source: "RowsToPredict") -> None:
    rows = next(source.pieces)
    has_more = len(rows) > _SHOWN_ROWS or next(source.pieces, None) is not None
    tables.print_predictions(model, rows[:_SHOWN_ROWS], source.name_rows)
    if has_more:
        print_message(f"the first {_SHOWN_ROWS} rows; --output predictions.csv writes all of them")


def _render(
    model: "Predictor", source: "RowsToPredict", file_format: TableFormat, spreadsheet: bool
) -> Iterator[str]:
    from nnscratch.model.prediction_files import csv_lines, json_lines
    from nnscratch.model.predictions import predict_pieces

    predictions = predict_pieces(model, source.pieces, source.name_rows)
    if file_format is TableFormat.JSON:
        return json_lines(predictions)
    return csv_lines(predictions, for_spreadsheet=spreadsheet)


def _write(texts: Iterable[str], path: Path | None) -> None:
    """Writes pieces of text one by one, so that many rows need little memory."""
    from nnscratch.files.atomic import replacing

    if path is None:
        write_data(texts)
        return
    with replacing(path, exclusive=True) as file:
        file.writelines(text.encode() for text in texts)
    print_message(f"wrote {path}")
