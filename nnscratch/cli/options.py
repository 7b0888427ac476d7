"""Arguments and options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.completion import complete_config, complete_run, complete_setting

ConfigFile = Annotated[
    Path,
    typer.Argument(metavar="CONFIG", help="A YAML config file.", autocompletion=complete_config),
]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CONFIG|KEY=VALUE",
        help="What replaces the file's settings: other config files, then single settings such as "
        "epochs=100 or optimizer.beta_1=0.8.",
        autocompletion=complete_setting,
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE",
        help="Settings that may change, such as epochs=80.",
        autocompletion=complete_setting,
    ),
]
RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run directory, a weights file, a run's name, or latest.",
        autocompletion=complete_run,
    ),
]
RunsDirectory = Annotated[Path, typer.Option(metavar="DIR", help="Where runs are kept.")]
SplitName = Annotated[
    str | None,
    typer.Option("--split", metavar="NAME", help="A part of the run's data, such as train."),
]
RunOrConfig = Annotated[
    str,
    typer.Argument(metavar="RUN|CONFIG", help="A run, or a config whose network is untrained."),
]
ExampleValues = Annotated[
    str | None, typer.Option("--input", metavar="0,1", help="The example, as values.")
]
ExampleTarget = Annotated[
    str | None,
    typer.Option(metavar="1", help="What is right for --input; else it is looked up in the data."),
]
ExampleRow = Annotated[
    int | None,
    typer.Option(metavar="17", help="The example, as a row of the data counted from 0."),
]

Quiet = Annotated[bool, typer.Option("--quiet", help="Print the run's path only.")]
NoPlots = Annotated[bool, typer.Option("--no-plots", help="Draw no pictures.")]

DEFAULT_RUNS = Path("runs")


def is_config(what: str) -> bool:
    """Says whether an argument that may be a config or a run is a config."""
    path = Path(what)
    return path.suffix in (".yaml", ".yml") or (path.is_file() and path.suffix != ".npz")


class TableFormat(StrEnum):
    """How a command prints a table."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ReportFormat(StrEnum):
    """How a command prints figures."""

    TABLE = "table"
    JSON = "json"
