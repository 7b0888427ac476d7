"""Distribution of each layer's weights and of their gradients."""

from nnscratch.plots.figures.weight_histograms import draw_weight_histograms
from nnscratch.plots.gradients import find_gradients
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun


def _draw(run: PlottedRun) -> Drawing:
    network = run.single.network
    grads, rows = find_gradients(run, network)
    weights = {name: network.params[name] for name in grads}
    return draw_weight_histograms(
        run.heading("Weights and gradients", result=False, single=True), weights, grads, rows
    )


KIND = PlotKind(_draw, before_training=True)
