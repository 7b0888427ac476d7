"""`nnscratch evaluate`: the scores of a trained network on a part of its data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import output, progress
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    Format,
    ReportFormat,
    RunName,
    RunsDirectory,
    SplitName,
)
from nnscratch.cli.tables import print_table
from nnscratch.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from nnscratch.model.evaluation import Evaluation

POSITION_IN_HELP = 50

LabelledTable = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="A table with the columns of the training data and their targets; - is standard "
        "input.",
    ),
]
TargetNames = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="COLUMN",
        help="The target column of --csv, by default that of the training data; can be repeated.",
    ),
]

# A larger confusion matrix does not fit on a screen.
_SHOWN_CLASSES = 30
_SCORES = ("precision", "recall", "f1", "rows")


def evaluate(
    run: RunName,
    split: SplitName = None,
    csv_file: LabelledTable = None,
    targets: TargetNames = None,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Evaluate a run on a part of its data, or on a labelled table.

    Example: nnscratch evaluate latest --csv labelled.csv
    """
    from nnscratch.cli import standard_input, table_inputs
    from nnscratch.errors import UsageError
    from nnscratch.experiment.run_data import choose_split, load_data
    from nnscratch.model.evaluation import evaluate_split
    from nnscratch.model.loading import load_model
    from nnscratch.runs import find_weights
    from nnscratch.search.results import evaluate_held_out

    if csv_file and split:
        raise UsageError("give one of --csv and --split")
    if targets and not csv_file:
        raise UsageError("--target is the target of a table; give --csv")
    found = find_weights(run, runs_dir)
    model = load_model(found.weights)
    if csv_file:
        with standard_input.as_file(csv_file) as table:
            rows = table_inputs.labelled_rows(found, model, table, targets or ())
            result = evaluate_split(model, standard_input.rename(str(table), table), rows)
    else:
        with progress.Spinner() as spinner:
            held_out = None if split else evaluate_held_out(found, report=spinner.say)
            if held_out is None:
                dataset = load_data(found, model, report=spinner.say)
                held_out = evaluate_split(model, *choose_split(dataset, split))
        result = held_out
    if output_format is ReportFormat.JSON:
        output.print_document(result.to_dict())
    else:
        _print_scores(result)


def _print_scores(result: "Evaluation") -> None:
    from nnscratch.model.scores import scores_text

    output.print_text(f"{result.split}: {plural(result.rows, 'row')}, {scores_text(result.scores)}")
    if result.classes:
        noun = "label" if result.confusion is None else "class"
        pairs = zip(result.classes, result.per_class, strict=True)
        print_table([noun, *_SCORES], [[name, *scores] for name, scores in pairs])
    if result.per_target:
        rows = [[name, *scores.values()] for name, scores in result.per_target.items()]
        print_table(["target", *next(iter(result.per_target.values()))], rows)
    if result.confusion is not None:
        _print_confusion(result.classes, result.confusion)


def _print_confusion(classes: "Sequence[str]", confusion: "NDArray[np.intp]") -> None:
    if len(classes) > _SHOWN_CLASSES:
        output.print_message(f"--format json has the confusion matrix of {len(classes):,} classes")
        return
    pairs = zip(classes, confusion.tolist(), strict=True)
    print_table(["actual \\ predicted", *classes], [[name, *counts] for name, counts in pairs])
