"""`nnscratch train`: from a config to a run directory."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import progress
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    ConfigFile,
    Format,
    NoPlots,
    Overrides,
    Quiet,
    ReportFormat,
    RunsDirectory,
    Tags,
)
from nnscratch.cli.output import print_message
from nnscratch.errors import RunError, UsageError
from nnscratch.formatting import some

if TYPE_CHECKING:
    from nnscratch.config import Config
    from nnscratch.data.dataset import Report
    from nnscratch.experiment.experiment import Experiment
    from nnscratch.runs import Annotations
    from nnscratch.search.many_run import ManyRun
    from nnscratch.search.plan import Plan
    from nnscratch.training.training_run import TrainingRun

POSITION_IN_HELP = 20

NameOfRun = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The name of the run; by default the config's name."),
]
InitFrom = Annotated[
    str | None,
    typer.Option(metavar="RUN", help="Begin with the weights of a run or a weights file."),
]
Repeat = Annotated[
    int,
    typer.Option(min=1, metavar="N", help="Train N times with successive seeds, as one result."),
]
Folds = Annotated[
    int | None,
    typer.Option(min=2, metavar="K", help="Deal the rows to K folds and test each by a run."),
]
Refit = Annotated[
    bool, typer.Option("--refit", help="Train once more on all rows, and keep those weights.")
]

Note = Annotated[str | None, typer.Option(metavar="TEXT", help="A note to keep with the run.")]


def train(
    config: ConfigFile,
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    name: NameOfRun = None,
    init_from: InitFrom = None,
    repeat: Repeat = 1,
    folds: Folds = None,
    refit: Refit = False,
    tags: Tags = None,
    note: Note = None,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Train the network that a config describes.

    With --repeat, --folds or `ensemble: 5` in the config, several are trained as one result.

    Example: nnscratch train configs/xor.yaml epochs=500 optimizer=sgd
    """
    from nnscratch.cli.many_session import carry_out_many
    from nnscratch.cli.training_session import carry_out
    from nnscratch.config import load
    from nnscratch.runs import Annotations

    _check_folder(runs_dir)
    annotations = Annotations().with_note(note or "").with_tags(tags or [])
    named = [] if name is None else [f"name={json.dumps(name)}"]
    how = {"quiet": quiet, "no_plots": no_plots, "as_json": output_format is ReportFormat.JSON}
    settings = load(config, [*(overrides or []), *named])
    plan = _choose_plan(settings, repeat, folds, refit=refit)
    _check_initial(init_from, plan)
    with progress.Spinner(quiet=quiet) as spinner:
        first = ""
        if plan is None:
            run = _start_one(settings, runs_dir, init_from, annotations, spinner.say)
            experiment = run.trainer.experiment
        else:
            many = _start_many(settings, plan, runs_dir, annotations, spinner.say)
            experiment = many.first
            first = many.names[0] if many.rows_differ else ""
    if not quiet:
        _print_beginning(settings, experiment, first)
    if plan is None:
        carry_out(run, **how)
        return
    if not quiet:
        print_message(f"runs     {len(many.jobs):,}: {some([job.name for job in many.jobs])}")
    carry_out_many(many, **how)


def _check_folder(runs_dir: Path) -> None:
    if runs_dir.exists() and not runs_dir.is_dir():
        raise RunError(f"{runs_dir}: cannot write the run: it is a file, not a folder")


def _check_initial(init_from: str | None, plan: "Plan | None") -> None:
    if plan and init_from is not None:
        remedy = "; ensemble=1 trains one network" if plan.ensemble > 1 else ""
        raise UsageError(f"--init-from begins one run; many begin with random weights{remedy}")


def _print_beginning(settings: "Config", experiment: "Experiment", first: str) -> None:
    """Prints what is about to be trained; see `print_preview`."""
    from nnscratch.cli.preview import print_preview

    if settings.search:
        print_message("trains   the config itself; nnscratch search would vary its settings")
    print_preview(experiment, first=first)


def _choose_plan(
    settings: "Config", repeat: int, folds: int | None, *, refit: bool
) -> "Plan | None":
    """Returns which runs to train; None for a single one."""
    from nnscratch.search.plan import Plan

    if repeat > 1 or folds is not None:
        return Plan(repeat=repeat, folds=folds, refit=refit)
    if refit:
        raise UsageError("--refit trains once more after --folds or --repeat; give one of them")
    return Plan(ensemble=settings.ensemble) if settings.ensemble > 1 else None


def _start_one(
    settings: "Config",
    runs_dir: Path,
    init_from: str | None,
    annotations: "Annotations",
    report: "Report",
) -> "TrainingRun":
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights
    from nnscratch.training.start import start

    initial = None
    if init_from is not None:
        initial = Model.load(find_weights(init_from, runs_dir).weights)
    experiment = prepare(settings, report=report)
    command = ["nnscratch", *sys.argv[1:]]
    return start(experiment, runs_dir, command=command, initial=initial, annotations=annotations)


def _start_many(
    settings: "Config", plan: "Plan", runs_dir: Path, annotations: "Annotations", report: "Report"
) -> "ManyRun":
    from nnscratch.search.start import start_many

    command = ["nnscratch", *sys.argv[1:]]
    return start_many(
        settings, plan, runs_dir, command=command, annotations=annotations, report=report
    )
