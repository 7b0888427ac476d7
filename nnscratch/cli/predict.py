"""`nnscratch predict`: what a trained network says about new rows, or about its own data."""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli import output, progress, tables
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory, SplitName, TableFormat
from nnscratch.wording import label_text, some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nnscratch.data.columns import Unseen
    from nnscratch.model import Model

# Who has more rows than this wants them in a file, not on a terminal.
_SHOWN_ROWS = 100


def predict(
    run: RunName,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="0,1", help="A row of values; may be given several times."),
    ] = None,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="A table with the columns trained on."),
    ] = None,
    images: Annotated[
        list[Path] | None,
        typer.Option("--image", metavar="FILE", help="A picture; may be given several times."),
    ] = None,
    split: SplitName = None,
    show_input: Annotated[
        bool, typer.Option("--show-input", help="Print what the network sees of each --image.")
    ] = False,
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
    """Predict rows, a table or pictures, or a part of the run's own data.

    Without any of them a run's own data is predicted: its test part, or a gate's truth table.

    Example: nnscratch predict latest --input 0,1 --input 1,1
    """
    from nnscratch.errors import UsageError
    from nnscratch.model import Model
    from nnscratch.runs import find_weights

    if sum(map(bool, (inputs, csv_file, images, split))) > 1:
        raise UsageError("give one of --input, --csv, --image and --split")
    if show_input and not images:
        raise UsageError("--show-input shows what is seen of an --image")
    form = output_format or _usual_format(output_file)
    if output_file and form is TableFormat.TABLE:
        raise UsageError(f"--output {output_file}: write .csv or .json, not a table")
    if output_file and output_file.exists():
        raise FileExistsError(0, "", str(output_file))
    found = find_weights(run, runs_dir)
    model = Model.load(found.weights)
    unseen: Unseen = {}
    targets = None
    if inputs:
        pieces = iter([_values(model, inputs, unseen)])
    elif csv_file:
        from nnscratch.data.csv_file import read_rows

        pieces = read_rows(csv_file, model.features, unseen)
    elif images:
        pieces = iter([_pixels(model, images, show=show_input)])
    else:
        from nnscratch.evaluation import load_split

        with progress.Spinner() as spinner:
            _, part = load_split(found, model, split, report=spinner.say)
        pieces, targets = iter([part.inputs]), part.targets
    if form is TableFormat.TABLE:
        _print_table(model, pieces, targets)
    else:
        _write(_render(model, pieces, form), output_file)
    for name, words in unseen.items():
        new = some(sorted(words))
        output.say(f"warning: column {label_text(name)}: {new} unseen in training, so of no effect")


def _usual_format(output_file: Path | None) -> TableFormat:
    """Returns the format that a file's name asks for, or what suits where stdout goes."""
    if output_file:
        formats = {".csv": TableFormat.CSV, ".json": TableFormat.JSON}
        return formats.get(output_file.suffix.lower(), TableFormat.TABLE)
    return TableFormat.TABLE if sys.stdout.isatty() else TableFormat.CSV


def _values(model: "Model", inputs: list[str], unseen: "Unseen") -> "NDArray[Any]":
    from nnscratch.errors import UsageError

    rows = [next(csv.reader([text], skipinitialspace=True), []) for text in inputs]
    try:
        return model.as_table(rows, unseen)
    except UsageError as error:
        raise UsageError(f"--input {' --input '.join(inputs)}: {error}") from None


def _pixels(model: "Model", images: list[Path], *, show: bool) -> "NDArray[Any]":
    import numpy as np

    from nnscratch.data.images import draw_text, read_image
    from nnscratch.errors import UsageError

    if model.image is None:
        raise UsageError("--image: the network was not trained on pictures; give --input or --csv")
    rows = [read_image(path, model.image) for path in images]
    if show:
        for path, row in zip(images, rows, strict=True):
            output.say(f"{path}:\n{draw_text(row, model.image)}")
    return np.vstack(rows)


def _print_table(
    model: "Model", pieces: "Iterator[NDArray[Any]]", targets: "NDArray[Any] | None"
) -> None:
    rows = next(pieces)
    more = len(rows) > _SHOWN_ROWS or next(pieces, None) is not None
    shown = slice(_SHOWN_ROWS)
    tables.print_predictions(model, rows[shown], None if targets is None else targets[shown])
    if more:
        output.say(f"the first {_SHOWN_ROWS} rows; --output predictions.csv writes all of them")


def _render(model: "Model", pieces: "Iterator[NDArray[Any]]", form: TableFormat) -> "Iterator[str]":
    from nnscratch.predictions import csv_lines, json_lines, predict_pieces

    predictions = predict_pieces(model, pieces)
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
