"""How large the weights of each layer and their gradients are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.parameters import root_mean_square
from nnscratch.plots.figures.style import COLORS, Axes, Figure, first_of, new_figure, show_grid

_MOST_LAYERS = 8
_MOST_BINS = 60
# Numbers that differ by less than this share of their size share a bar.
_EQUAL = 1e-6
# Numbers smaller than this are drawn as 0.
_TINY = 1e-30


def draw_weight_histograms(
    title: str, weights: Mapping[str, NDArray[Any]], grads: Mapping[str, NDArray[Any]], rows: int
) -> Figure:
    """Draws the weights and the gradients of each layer side by side.

    Args:
        title: The run and its result.
        weights: By name, such as `dense_1.kernel`.
        grads: The gradients of the loss, by the same names.
        rows: How many rows the gradients are the mean of.
    """
    names = list(weights)[:_MOST_LAYERS]
    if len(weights) > len(names):
        title += f"\n{first_of(len(names), len(weights), 'layers')}"
    figure = new_figure(8.4, 1.0 + 1.5 * len(names), title)
    grid = figure.subplots(len(names), 2, squeeze=False)
    for (left, right), name in zip(grid, names, strict=True):
        _draw_histogram(left, weights[name], COLORS[0])
        _draw_histogram(right, grads[name], COLORS[2])
        left.set_ylabel(f"{name}\ncount")
    grid[-1][0].set_xlabel("weight")
    grid[-1][1].set_xlabel(f"gradient, mean of {rows:,} training rows")
    return figure


def _draw_histogram(axes: Axes, values: NDArray[Any], color: str) -> None:
    from matplotlib.ticker import MaxNLocator

    flat = values.reshape(-1).astype(np.float64)
    bins = min(_MOST_BINS, max(8, flat.size // 4))
    counts, edges = np.histogram(flat, bins=bins, range=_find_range(flat))
    axes.stairs(counts, edges, fill=True, color=color)  # one shape, not one for each bar
    axes.axvline(0.0, color="0.3", linewidth=0.8)
    show_grid(axes)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
    root = root_mean_square(flat)
    axes.set_title(f"root mean square {root:.2g}", fontsize="small", loc="right")


def _find_range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Returns where the bars begin and end; equal numbers get a margin on each side."""
    low, high = float(values.min()), float(values.max())
    largest = max(abs(low), abs(high))
    if high - low > _EQUAL * largest and largest > _TINY:
        return low, high
    margin = largest / 2 if largest > _TINY else 0.5
    return low - margin, high + margin
