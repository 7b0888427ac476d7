"""`nnscratch evaluate`: the figures of a trained network on data whose targets are known."""

from typing import Annotated

import typer

from nnscratch.cli import output, progress
from nnscratch.cli.options import DEFAULT_RUNS, ReportFormat, RunName, RunsDirectory, SplitName
from nnscratch.cli.tables import print_table
from nnscratch.formatting import plural, scores

POSITION_IN_HELP = 50

# A wider confusion matrix fits no screen.
_SHOWN_CLASSES = 30
_SCORES = ("precision", "recall", "f1", "rows")


def evaluate(
    run: RunName,
    split: SplitName = None,
    output_format: Annotated[
        ReportFormat, typer.Option("--format", help="A table or JSON.")
    ] = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Measure a run on data whose targets are known.

    Example: nnscratch evaluate latest --format json
    """
    import json

    from nnscratch.experiment.run_data import load_split
    from nnscratch.model.evaluation import evaluate_split
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights

    found = find_weights(run, runs_dir)
    model = Model.load(found.weights)
    with progress.Spinner() as spinner:
        part = load_split(found, model, split, report=spinner.say)
    result = evaluate_split(model, *part)
    if output_format is ReportFormat.JSON:
        print(json.dumps(result.to_dict(), indent=2, allow_nan=False))
        return
    print(f"{result.split}: {plural(result.rows, 'row')}, {scores(result.scores)}")
    if result.classes:
        print_table(
            ["class" if result.confusion is not None else "label", *_SCORES],
            [[name, *score] for name, score in zip(result.classes, result.per_class, strict=True)],
        )
    if result.per_target:
        rows = [[name, *figures.values()] for name, figures in result.per_target.items()]
        print_table(["target", *next(iter(result.per_target.values()))], rows)
    if result.confusion is not None:
        if len(result.classes) > _SHOWN_CLASSES:
            output.say(f"the confusion matrix of {len(result.classes):,} classes: --format json")
            return
        print_table(
            ["actual \\ predicted", *result.classes],
            [
                [name, *row]
                for name, row in zip(result.classes, result.confusion.tolist(), strict=True)
            ],
        )
