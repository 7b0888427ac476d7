"""`nnscratch plot`: plots of a run, learning curves of several, and a learning rate schedule."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli.completion import complete_plot_kind
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    MemberNumber,
    RunsDirectory,
    is_config,
    typeable,
)
from nnscratch.cli.output import naming_missing_glyphs, print_message, print_written
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import typed
from nnscratch.plots.kinds import describe_kind, kind_names, load_kind

if TYPE_CHECKING:
    from nnscratch.plots.kind import PlotKind
    from nnscratch.plots.plotted_run import PlottedRun

POSITION_IN_HELP = 60
_KINDS = kind_names()
_ALL = "all"


def _parse_kind(text: str) -> str:
    name = text.lower()
    if name not in (*_KINDS, _ALL):
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(_KINDS)}, {_ALL}")
    return name


Runs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="RUN",
        help="Run directories or names; the latest run by default. For a schedule, a config.",
    ),
]
KindName = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="KIND",
        parser=_parse_kind,
        autocompletion=complete_plot_kind,
        help=f"What to plot: {', '.join(_KINDS)}, or all that the run has.",
    ),
]
ListKinds = Annotated[
    bool, typer.Option("--list", help="Print what each kind of plot shows, and plot nothing.")
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help="The two columns that vary in a boundary, or the one in a function. The others are "
        "held at their median or most common category. All columns by default.",
    ),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="A .png, .svg or .pdf file (.gif for training) that does not exist yet. By default, "
        "plots/ of the run; the current folder for several runs and for a schedule.",
        callback=typeable,
    ),
]


def plot(
    runs: Runs = None,
    kind: KindName = "curves",
    list_kinds: ListKinds = False,
    columns: Columns = None,
    member: MemberNumber = None,
    output_file: OutputFile = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Plot a run.

    The learning curves of several runs share one figure. The animation, --kind training, needs a
    run whose config says `snapshots: 40`.

    Example: nnscratch plot xor --kind boundary --output xor.svg
    """
    from nnscratch.cli.progress import Spinner

    if list_kinds:
        print_table(["kind", "what it shows"], [[name, describe_kind(name)] for name in _KINDS])
        return
    plot_kind = None if kind == _ALL else load_kind(kind)
    if columns is not None and not (plot_kind and plot_kind.suggest_columns):
        takes_columns = [name for name in _KINDS if load_kind(name).suggest_columns]
        raise UsageError(f"--columns is for --kind {', '.join(takes_columns)}")
    if member is not None and (not plot_kind or plot_kind.needs in ("config", "history")):
        raise UsageError(f"--member is for a plot of a network; got --kind {kind}")
    with naming_missing_glyphs(), Spinner() as spinner:
        chosen = [] if columns is None else _split_columns(columns)
        found = [
            _find(reference, plot_kind, runs_dir, chosen, member or 1, spinner.say)
            for reference in runs or ["latest"]
        ]
        if len(found) > 1 and not (plot_kind and plot_kind.draw_together):
            raise UsageError(f"--kind {kind} plots one run; got {len(found)}")
        if plot_kind:
            files = [_plot(found, kind, plot_kind, output_file)]
        else:
            files = _plot_all(found[0], output_file)
    for file in files:
        print_written(file)


def _split_columns(columns: str) -> list[str]:
    from nnscratch.data.columns import split_values

    try:
        return split_values(columns)
    except UsageError as error:
        raise UsageError(f"--columns: {error}") from None


def _find(
    reference: str,
    kind: "PlotKind | None",
    runs_dir: Path,
    columns: list[str],
    member: int,
    report: Callable[[str], None],
) -> "PlottedRun":
    """Finds a run, or a config for a kind that needs nothing else."""
    from nnscratch.plots.plotted_run import PlottedRun
    from nnscratch.runs import find, find_weights

    if kind and kind.needs == "config" and is_config(reference):
        return PlottedRun(None, config_alone=Path(reference))
    find_run = find if kind and kind.needs in ("config", "history") else find_weights
    return PlottedRun(find_run(reference, runs_dir), columns, member=member, report=report)


def _plot_all(run: "PlottedRun", output_file: Path | None) -> list[Path]:
    """Plots all that a run has into its plots/, and returns the files."""
    from nnscratch.plots.drawing import draw_into_run, find_data_problem, plots_to_draw

    if output_file:
        raise UsageError("--kind all plots several files into plots/ of the run, not --output")
    if not run.has_directory:
        raise UsageError(
            f"{run.weights}: a weights file alone has no plots/ to write into; name a run, or a "
            "--kind with --output"
        )
    files = [draw_into_run(run, name, draw) for name, draw in plots_to_draw(run).items()]
    problem = find_data_problem(run)
    if problem:
        print_message(f"warning: only the plots that need no data are drawn: {problem}")
    return files


def _plot(runs: list["PlottedRun"], name: str, kind: "PlotKind", output_file: Path | None) -> Path:
    """Plots one figure or animation; an error suggests columns where only they are missing."""
    from nnscratch.data.columns import join_values
    from nnscratch.plots.drawing import save_plot

    try:
        return save_plot(runs, name, output_file)
    except UsageError as error:
        if not (kind.suggest_columns and runs[0].names_data):
            raise
        example = kind.suggest_columns(runs[0])
        if not example:
            raise
        choice = f"--columns {typed(join_values(example))}"
        raise UsageError(f"{error}; or choose columns: {choice}") from None
