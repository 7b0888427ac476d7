"""Arguments and options that several commands have."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.completion import complete_config, complete_run, complete_setting


def typeable(path: Path | None) -> Path | None:
    """Returns a path that can be typed where it is printed; `-x` would be taken for an option."""
    return Path.cwd() / path if path and re.match("-.", str(path)) else path


ConfigFile = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="A YAML config file.", autocompletion=complete_config),
]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CONFIG|KEY=VALUE",
        help="Changes to the config: other config files, then settings such as epochs=100 or "
        "optimizer.beta_1=0.8.",
        autocompletion=complete_setting,
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE",
        help="Settings to change, such as epochs=80.",
        autocompletion=complete_setting,
    ),
]
RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run directory, a weights file, the name of a run, or latest.",
        autocompletion=complete_run,
    ),
]
RunsDirectory = Annotated[
    Path,
    typer.Option(metavar="DIR", help="The directory that has the runs.", callback=typeable),
]
SplitName = Annotated[
    str | None,
    typer.Option("--split", metavar="NAME", help="A split of the run's data, such as train."),
]
RunOrConfig = Annotated[
    str, typer.Argument(metavar="RUN|CONFIG", help="A run, or a config for an untrained network.")
]
ExampleValues = Annotated[
    str | None, typer.Option("--input", metavar="0,1", help="The values of the example.")
]
ExampleTarget = Annotated[
    str | None,
    typer.Option(
        metavar="1", help="The target of --input. By default, it is looked up in the data."
    ),
]
ExampleRow = Annotated[
    int | None,
    typer.Option(
        metavar="17",
        help="The example: a row of --split, which is train by default. The first is 0.",
    ),
]
MemberNumber = Annotated[
    int | None,
    typer.Option(
        "--member", metavar="N", help="The network of an ensemble to look into; the first is 1."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the path of the run.")]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="A word to find the run by; can be repeated."),
]
TagFilter = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="Only runs with this tag; can be repeated."),
]
NoPlots = Annotated[bool, typer.Option("--no-plots", help="Draw no plots.")]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="N", min=1, help="How many trials train at once, on this machine."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:8786",
        help="The scheduler of a Dask cluster that trains instead of this machine. Its workers "
        "need nnscratch[dask] of the same version, but no disk in common.",
    ),
]

DEFAULT_RUNS = Path("runs")


def is_config(what: str) -> bool:
    """Returns whether an argument that may be a config or a run is a config."""
    path = Path(what)
    return path.suffix in (".yaml", ".yml") or (path.is_file() and path.suffix != ".npz")


class TableFormat(StrEnum):
    """How a command prints a table."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ReportFormat(StrEnum):
    """How a command prints a report."""

    TABLE = "table"
    JSON = "json"


Format = Annotated[
    ReportFormat, typer.Option("--format", help="For people, or one JSON document for programs.")
]
