"""`nnscratch search`: many training runs for the best settings."""

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
    Scheduler,
    Workers,
)
from nnscratch.cli.output import print_message

POSITION_IN_HELP = 25

NameOfSearch = Annotated[
    str | None,
    typer.Option(
        "--name", metavar="NAME", help="The name of the search; by default the config's name."
    ),
]


def search(
    config: ConfigFile,
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    name: NameOfSearch = None,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Search for the best settings of a config.

    The config's `search` says which settings vary, how many trials there are and what is to be
    best. A search that was stopped goes on with nnscratch resume.

    Example: nnscratch search configs/search-digits.yaml search.trials=8 --workers 2
    """
    from nnscratch.cli.search_session import carry_out, gather_crew
    from nnscratch.config import load
    from nnscratch.search.launch import begin, check_search
    from nnscratch.search.task import DataCache

    named = [] if name is None else [f"name={json.dumps(name)}"]
    data = DataCache()
    with progress.Spinner(quiet=quiet) as spinner:
        settings = load(config, [*(overrides or []), *named])
        experiment = check_search(settings, data, spinner.say)
        crew = gather_crew(settings, data, workers, scheduler)
    command = ["nnscratch", *sys.argv[1:]]
    found = begin(settings, runs_dir, experiment=experiment, crew=crew, command=command)
    as_json = output_format is ReportFormat.JSON
    if not (quiet or as_json):
        print_message(f"searches {found.directory.path}")
    carry_out(found, experiment, quiet=quiet, no_plots=no_plots, as_json=as_json)
