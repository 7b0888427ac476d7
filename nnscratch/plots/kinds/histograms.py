"""Distribution of each layer's weights and of their gradients."""

import numpy as np

from nnscratch.data.sampling import sample
from nnscratch.nn.inspection.trace import trace
from nnscratch.plots.figures.weight_histograms import draw_weight_histograms
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

_GRADIENT_ROWS = 1000


def _draw(run: PlottedRun) -> Drawing:
    model = run.single
    network = model.network
    # Drawn at random, since many tables are sorted by class.
    split = sample(run.dataset.splits["train"], _GRADIENT_ROWS, seed=0)
    inputs = run.model.table_for(run.member - 1, split.inputs)
    with np.errstate(all="ignore"):
        trace(network, model.transform(inputs), model.encode(split.targets))
    kernels = [name for name in network.params if name.endswith(".kernel")]
    return draw_weight_histograms(
        run.title_of_single,
        {name: network.params[name] for name in kernels},
        {name: network.grads[name] for name in kernels},
        len(split),
    )


KIND = PlotKind(_draw)
