"""Learning curves of many runs: the median, and a band of 80 %."""

from nnscratch.plots.figures.curve_band import draw_curve_band
from nnscratch.plots.figures.learning_curves import metric_columns
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import read_metrics
from nnscratch.runs.members import list_members


def _unavailable(run: PlottedRun) -> str:
    if not list_members(run.directory):
        return "is a single run; the median is that of many"
    return ""


def _draw(run: PlottedRun) -> Drawing:
    histories = [read_metrics(member) for member in list_members(run.directory)]
    columns = metric_columns(histories[0])
    return draw_curve_band(run.name, histories, columns)


KIND = PlotKind(_draw, _unavailable, needs="history")
