"""Drawing the plots of a run that has just been trained; nothing that goes wrong there fails it."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.cli import progress
from nnscratch.cli.output import naming_missing_glyphs, print_message
from nnscratch.formatting import typed

if TYPE_CHECKING:
    from nnscratch.experiment.experiment import Experiment
    from nnscratch.plots.kind import Drawing
    from nnscratch.plots.plotted_run import PlottedRun


def draw_plots(
    run: Path, experiment: "Experiment | None" = None, *, quiet: bool, of_history: bool = False
) -> bool:
    """Draws the plots; a plot that cannot be drawn does not fail the run.

    Args:
        run: Its directory.
        experiment: What has been trained, so that nothing needs to be read.
        quiet: Whether to show nothing.
        of_history: Whether to draw only what shows how training went.

    Returns:
        Whether Ctrl-C did not stop it.
    """
    try:
        from nnscratch.plots.drawing import plots_to_draw, remove_old_plots
        from nnscratch.plots.plotted_run import PlottedRun
        from nnscratch.runs import WEIGHTS, RunFiles

        plotted = PlottedRun(RunFiles(run / WEIGHTS, run), experiment=experiment)
        plots: dict[str, Callable[[], Drawing]] = {}
        choose = partial(plots_to_draw, of_history=of_history)
        hidden = quiet or not sys.stderr.isatty()
        with naming_missing_glyphs(), progress.Spinner(quiet=hidden) as spinner:
            _attempt("no plots are drawn", lambda: plots.update(choose(plotted)))
            if plots:
                _attempt("old plots are left", partial(remove_old_plots, plotted))
            _draw_each(plotted, plots, spinner)
    except KeyboardInterrupt:
        print_message(f"warning: not all plots are drawn: nnscratch plot {typed(run)} --kind all")
        return False
    return True


def _draw_each(
    run: "PlottedRun", plots: Mapping[str, Callable[[], "Drawing"]], spinner: progress.Spinner
) -> None:
    """Draws plots while those before are compressed and written, in a thread of their own."""
    from concurrent.futures import Future, ThreadPoolExecutor

    from nnscratch.plots import drawing

    written: dict[str, Future[Path]] = {}

    def draw_and_write(name: str) -> None:
        written[name] = writer.submit(drawing.draw_for_run(run, name, plots[name]))

    with ThreadPoolExecutor(1) as writer:
        for name in plots:
            spinner.say(f"drawing {name}")
            _attempt(f"{name} is not drawn", partial(draw_and_write, name))
        for name, file in written.items():
            _attempt(f"{name} is not drawn", file.result)


def _attempt(consequence: str, act: Callable[[], object]) -> None:
    """Prints the consequence and the reason if something goes wrong."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - matplotlib raises what it likes; the run is safe
        print_message(f"warning: {consequence}: {error}")
