"""Loss and metric over the epochs, of one run or of several."""

from collections.abc import Callable, Sequence
from functools import partial

from nnscratch.errors import UsageError
from nnscratch.plots.figures.learning_curves import draw_learning_curves, metric_columns
from nnscratch.plots.figures.style import Figure
from nnscratch.plots.kind import PlotKind
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.plots.run_labels import label_runs
from nnscratch.runs import PLOTS


def _draw_together(runs: Sequence[PlottedRun], columns: Sequence[str] = ()) -> Figure:
    """Draws these columns of the runs' metrics, or all that any of them has.

    Raises:
        UsageError: A run has no loss that can be drawn.
    """
    labels = label_runs(runs) if len(runs) > 1 else [runs[0].curves_name]
    named = dict(zip(labels, runs, strict=True))
    for run in runs:
        if "loss" not in metric_columns(run.history):
            raise UsageError(
                f"{run.name}: no epoch has a finite loss, so there is no curve to draw"
            )
    histories = {name: run.history for name, run in named.items()}
    known = dict.fromkeys(c for history in histories.values() for c in metric_columns(history))
    best_epochs = {name: run.best_epoch for name, run in named.items()}
    return draw_learning_curves(histories, columns or list(known), best_epochs)


def _parts(run: PlottedRun) -> dict[str, Callable[[], Figure]]:
    """A run has a file for each column; one of all columns is drawn again if it exists."""
    columns = metric_columns(run.history)
    if "loss" not in columns:
        return {}
    parts: dict[str, Callable[[], Figure]] = {
        column: partial(_draw_together, [run], [column]) for column in columns
    }
    if (run.directory / PLOTS / "curves.png").exists():
        parts["curves"] = partial(_draw_together, [run])
    return parts


KIND = PlotKind(
    draw=lambda run: _draw_together([run]),
    needs="history",
    draw_together=_draw_together,
    parts=_parts,
)
