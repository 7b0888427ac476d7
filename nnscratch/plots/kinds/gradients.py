"""Size of the gradient in each layer, before training and after it."""

import numpy as np

from nnscratch.nn.parameters import euclidean_norm
from nnscratch.plots.figures.gradient_norms import AFTER, BEFORE, draw_gradient_norms
from nnscratch.plots.gradients import find_gradients, first_network
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun


def _draw(run: PlottedRun) -> Drawing:
    networks = {}
    if len(run.model.members) == 1:  # how those of an ensemble began is not known
        networks[BEFORE] = first_network(run)
    if run.is_trained:
        networks[AFTER] = run.single.network
    norms = {}
    for time, network in networks.items():
        grads, rows = find_gradients(run, network)
        with np.errstate(over="ignore"):  # squares overflow where the norm does not
            norms[time] = [euclidean_norm(grad.astype(np.float64)) for grad in grads.values()]
    return draw_gradient_norms(
        run.heading("Gradients of the layers", result=False, single=True), [*grads], norms, rows
    )


KIND = PlotKind(_draw, before_training=True)
