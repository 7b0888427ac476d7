"""`nnscratch plot`: plots of a run, learning curves of several, and a learning rate schedule."""

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
    from nnscratch.cli.progress import Spinner
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
        help="Run directories or names; the latest run by default. A config is plotted untrained.",
    ),
]
KindName = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        parser=_parse_kind,
        autocompletion=complete_plot_kind,
        help=f"What to plot: {', '.join(_KINDS)}, or all that the run has. By default, the curves "
        "of a run, and all of a config.",
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
        help="A new .png, .svg or .pdf file (.gif, .webp or .mp4 for training). By default, in "
        "plots/ of the run; in the current folder for several runs and for a config.",
        callback=typeable,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Draw again over a file that exists already.")]


def plot(
    runs: Runs = None,
    kind: KindName = None,
    list_kinds: ListKinds = False,
    columns: Columns = None,
    member: MemberNumber = None,
    output_file: OutputFile = None,
    force: Force = False,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Plot a run, several runs, or the untrained network of a config.

    Several runs share one plot of --kind curves, boundary or function. The animation, --kind
    training, needs a run whose config says `snapshots: 40`.

    Example: nnscratch plot xor --kind boundary --output xor.svg
    """
    from nnscratch.cli.progress import Spinner

    if list_kinds:
        print_table(["kind", "what it shows"], [[name, describe_kind(name)] for name in _KINDS])
        return
    references = runs or ["latest"]
    if kind is None:
        kind = _ALL if len(references) == 1 and is_config(references[0]) else "curves"
    plot_kind = None if kind == _ALL else load_kind(kind)
    _check_options(kind, plot_kind, references, columns, member)
    with naming_missing_glyphs(), Spinner() as spinner:
        chosen = [] if columns is None else _split_columns(columns)
        number = 1 if member is None else member
        found = [
            _find(reference, plot_kind, runs_dir, chosen, number, spinner)
            for reference in references
        ]
        try:
            if plot_kind:
                files = [_plot(found, kind, plot_kind, output_file, force=force)]
            else:
                files = _plot_all(found[0], output_file, force=force)
        except FileExistsError as error:
            another = ", --output FILE writes another" if plot_kind else ""
            rule = f"exists already; --force replaces it{another}"
            raise UsageError(f"{error.filename}: {rule}") from None
    for file in files:
        print_written(file)


def _check_options(
    name: str,
    kind: "PlotKind | None",
    references: list[str],
    columns: str | None,
    member: int | None,
) -> None:
    """Refuses options that a kind does not have, and several runs where it shows one."""
    if columns is not None and not (kind and kind.suggest_columns):
        takes_columns = [name for name in _KINDS if load_kind(name).suggest_columns]
        raise UsageError(f"--columns is for --kind {', '.join(takes_columns)}")
    if member is not None and (not kind or kind.of_all or kind.needs in ("config", "history")):
        raise UsageError(f"--member is for a plot of a network; got --kind {name}")
    if len(references) > 1 and not (kind and kind.draw_together):
        raise UsageError(f"--kind {name} plots one run; got {len(references)}")
    configs = [reference for reference in references if is_config(reference)]
    if configs and len(references) > 1:
        raise UsageError(f"{configs[0]}: is a config, which is plotted alone, not beside runs")


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
    spinner: "Spinner",
) -> "PlottedRun":
    """Finds a run, or a config for a kind that needs no training."""
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.plots.plotted_run import PlottedRun
    from nnscratch.runs import find, find_weights

    if is_config(reference):
        path = Path(reference)
        if kind and kind.needs == "config":
            return PlottedRun(None, config_alone=path)
        if not kind or kind.before_training:
            experiment = prepare(load(path), report=spinner.say)
            return PlottedRun(None, columns, experiment, config_alone=path, member=member)
    find_run = find if kind and kind.needs in ("config", "history") else find_weights
    return PlottedRun(
        find_run(reference, runs_dir),
        columns,
        member=member,
        report=spinner.say,
        progress=spinner.show,
    )


def _plot_all(run: "PlottedRun", output_file: Path | None, *, force: bool) -> list[Path]:
    """Plots all that a run or a config has, and returns the files."""
    from nnscratch.plots.drawing import (
        draw_into_run,
        find_data_problem,
        plots_to_draw,
        save_plots_before_training,
    )

    if output_file:
        raise UsageError("--kind all plots several files into plots/ of the run, not --output")
    if not run.is_trained:
        return save_plots_before_training(run, replace_files=force)
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


def _plot(
    runs: list["PlottedRun"],
    name: str,
    kind: "PlotKind",
    output_file: Path | None,
    *,
    force: bool,
) -> Path:
    """Plots one figure or animation; an error suggests columns where only they are missing."""
    from nnscratch.data.columns import join_values
    from nnscratch.plots.drawing import save_plot

    try:
        return save_plot(runs, name, output_file, replace_file=force)
    except UsageError as error:
        if not (kind.suggest_columns and runs[0].names_data):
            raise
        example = kind.suggest_columns(runs[0])
        if not example:
            raise
        choice = f"--columns {typed(join_values(example))}"
        raise UsageError(f"{error}; or choose columns: {choice}") from None
