"""`nnscratch train`: from a config to a run directory."""

import json
import sys
from typing import Annotated

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
from nnscratch.errors import RunError

POSITION_IN_HELP = 20

NameOfRun = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The name of the run; by default the config's name."),
]
InitFrom = Annotated[
    str | None,
    typer.Option(metavar="RUN", help="Begin with the weights of a run or a weights file."),
]


def train(
    config: ConfigFile,
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    name: NameOfRun = None,
    init_from: InitFrom = None,
    tags: Tags = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="A note to keep with the run.")
    ] = None,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Train the network that a config describes.

    Example: nnscratch train configs/xor.yaml epochs=500 optimizer=sgd
    """
    from nnscratch.cli.preview import print_preview
    from nnscratch.cli.training_session import carry_out
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.runs import Annotations, find_weights
    from nnscratch.training.start import start

    if runs_dir.exists() and not runs_dir.is_dir():
        raise RunError(f"{runs_dir}: cannot write the run: it is a file, not a folder")
    annotations = Annotations().with_note(note or "").with_tags(tags or [])
    named = [] if name is None else [f"name={json.dumps(name)}"]
    with progress.Spinner(quiet=quiet) as spinner:
        initial = None
        if init_from is not None:
            initial = Model.load(find_weights(init_from, runs_dir).weights)
        settings = load(config, [*(overrides or []), *named])
        experiment = prepare(settings, report=spinner.say)
    if not quiet:
        print_preview(experiment)
    run = start(
        experiment,
        runs_dir,
        command=["nnscratch", *sys.argv[1:]],
        initial=initial,
        annotations=annotations,
    )
    carry_out(run, quiet=quiet, no_plots=no_plots, as_json=output_format is ReportFormat.JSON)
