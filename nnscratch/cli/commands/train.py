"""`nnscratch train`: from a config to a run directory."""

import sys
from typing import Annotated

import typer

from nnscratch.cli import progress
from nnscratch.cli.options import DEFAULT_RUNS, ConfigFile, NoPlots, Overrides, Quiet, RunsDirectory
from nnscratch.cli.preview import print_preview

POSITION_IN_HELP = 20

NameOfRun = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Names the run; the config's name unless given."),
]
InitFrom = Annotated[
    str | None,
    typer.Option(metavar="RUN", help="Begin with the weights of a run, or a weights file."),
]


def train(
    config: ConfigFile,
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    name: NameOfRun = None,
    init_from: InitFrom = None,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
) -> None:
    """Train the network that a config describes.

    Example: nnscratch train configs/xor.yaml epochs=500 optimizer=sgd
    """
    import json

    from nnscratch.cli.training_session import conduct
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.runs import find_weights
    from nnscratch.training import trainer as experiment

    named = [] if name is None else [f"name={json.dumps(name)}"]
    with progress.Spinner(quiet=quiet) as spinner:
        initial = (
            Model.load(find_weights(init_from, runs_dir).weights) if init_from is not None else None
        )
        settings = load(config, [*(overrides or []), *named])
        prepared = prepare(settings, report=spinner.say)
    if not quiet:
        print_preview(prepared)
    conduct(
        prepared,
        lambda on_epoch, should_stop: experiment.train(
            prepared,
            runs_dir,
            command=["nnscratch", *sys.argv[1:]],
            initial=initial,
            on_epoch=on_epoch,
            should_stop=should_stop,
        ),
        quiet=quiet,
        no_plots=no_plots,
    )
