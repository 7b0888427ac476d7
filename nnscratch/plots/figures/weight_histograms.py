"""How large the weights of each layer and their gradients are."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.parameters import root_mean_square
from nnscratch.plots.figures.style import COLORS, Axes, Figure, new_figure, show_grid
from nnscratch.plots.figures.texts import first_of

_MOST_LAYERS = 12
_FEWEST_BINS, _MOST_BINS = 16, 80
# Numbers that differ by less than this share of their size share a bar.
_EQUAL = 1e-6
# Numbers smaller than this are drawn as 0.
_TINY = 1e-30
# The tallest bar of a layer, whose row is 1 high.
_TALLEST = 0.68


def draw_weight_histograms(
    title: str, weights: Mapping[str, NDArray[Any]], grads: Mapping[str, NDArray[Any]], rows: int
) -> Figure:
    """Draws the weights of all layers on one axis, and their gradients on another.

    Each layer has a row of its own, in which its highest bar is as high as that of any other.

    Args:
        title: What the figure shows, and in further lines of which run.
        weights: By name, such as `dense_1.kernel`.
        grads: The gradients of the loss, by the same names.
        rows: How many rows the gradients are the mean of.
    """
    names = list(weights)[:_MOST_LAYERS]
    if len(weights) > len(names):
        title += f"\n{first_of(len(names), len(weights), 'layers')}"
    figure = new_figure(9.0, 1.5 + 0.8 * len(names), title)
    left, right = figure.subplots(1, 2)
    _draw_rows(left, [weights[name] for name in names], COLORS[0])
    _draw_rows(right, [grads[name] for name in names], COLORS[2])
    left.set_yticks(range(len(names)), names)
    right.set_yticks([])
    left.set_xlabel("weight")
    right.set_xlabel(f"gradient, mean of {rows:,} training rows")
    return figure


def _draw_rows(axes: Axes, layers: list[NDArray[Any]], color: str) -> None:
    """Draws a histogram for each layer, the first at the top, all with the same bins."""
    from matplotlib.ticker import MaxNLocator

    values = [layer.reshape(-1).astype(np.float64) for layer in layers]
    low, high = _find_range(values)
    bins = min(_MOST_BINS, max(_FEWEST_BINS, int(sqrt(sum(map(len, values)))) * 2))
    axes.axvline(0.0, color="0.3", linewidth=0.8)
    show_grid(axes)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
    for row, numbers in enumerate(values):
        counts, edges = np.histogram(numbers, bins=bins, range=(low, high))
        heights = counts * (_TALLEST / counts.max())
        # Upwards is towards smaller rows. One shape, not one for each bar.
        axes.stairs(row - heights, edges, baseline=row, fill=True, color=color)
        text = f"{len(numbers):,} numbers, root mean square {root_mean_square(numbers):.2g}"
        axes.text(high, row - 0.74, text, ha="right", va="bottom", fontsize="x-small")
    axes.set_xlim(low, high)
    axes.set_ylim(len(layers) - 0.9, -1.0)


def _find_range(layers: list[NDArray[np.float64]]) -> tuple[float, float]:
    """Returns where the bars begin and end; equal numbers get a margin on each side."""
    low = min(float(values.min()) for values in layers)
    high = max(float(values.max()) for values in layers)
    largest = max(abs(low), abs(high))
    if high - low > _EQUAL * largest and largest > _TINY:
        return low, high
    margin = largest / 2 if largest > _TINY else 0.5
    return low - margin, high + margin
