"""How large the gradient of each layer is: where it vanishes or explodes on its way back."""

from collections.abc import Mapping, Sequence
from math import inf

import numpy as np

from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import COLORS, Figure, new_figure
from nnscratch.plots.figures.texts import first_of, power_text

_MOST_LAYERS = 24
# For the number beside the longest bar, as a share of the axis.
_ROOM = 0.1
BEFORE, AFTER = "before training", "after training"
_COLORS = {BEFORE: COLORS[5], AFTER: COLORS[0]}


def draw_gradient_norms(
    title: str, layers: Sequence[str], norms: Mapping[str, Sequence[float]], rows: int
) -> Figure:
    """Draws a bar for each layer and each time, on a logarithmic axis.

    Args:
        title: What the figure shows, and in further lines of which run.
        layers: Their names, first to last.
        norms: The gradient's norm in each layer, `BEFORE` training, or that and `AFTER` it.
        rows: How many rows the gradients are the mean of.
    """
    from matplotlib.ticker import LogLocator, NullLocator

    names = list(layers)[:_MOST_LAYERS]
    if len(layers) > len(names):
        title += f"\n{first_of(len(names), len(layers), 'layers')}"
    figure = new_figure(7.0, 1.7 + 0.42 * len(names), title)
    axes = figure.subplots()
    axes.set_xscale("log")
    width = 0.8 / len(norms)
    known = [
        value for values in norms.values() for value in values[: len(names)] if 0 < value < inf
    ]
    low = 10.0 ** np.floor(np.log10(min(known, default=0.1)) - 0.3)
    high = 10.0 ** np.ceil(np.log10(max(known, default=1.0)))
    high *= (high / low) ** _ROOM
    places = np.arange(len(names))
    for i, (time, values) in enumerate(norms.items()):
        shown = np.minimum(values[: len(names)], high)
        middle = places + width * (i + 0.5) - 0.4
        lengths = np.maximum(shown - low, 0.0)
        axes.barh(middle, lengths, 0.92 * width, low, color=_COLORS[time], label=time)
        for y, end, value in zip(middle.tolist(), shown.tolist(), values, strict=False):
            axes.text(max(end, low), y, f" {value:.2g}", va="center", fontsize="x-small")
    style.show_grid(axes)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(LogLocator(numticks=8))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: power_text(value))
    axes.set_yticks(places, names)
    axes.set_xlim(low, high)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(f"norm of the gradient, mean of {rows:,} training rows (logarithmic)")
    if len(norms) > 1:
        style.add_legend(figure, axes.containers, columns=2)
    return figure
