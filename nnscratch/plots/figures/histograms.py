"""How large the weights of each layer are, and their gradients."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.parameters import root_mean_square
from nnscratch.plots.figures.style import COLORS, calm, entitle, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_LAYERS = 8
_BINS = 60
# Numbers closer together than this share of their size are drawn as one, and smaller ones as 0.
_SAME, _TINY = 1e-6, 1e-30


def draw_histograms(
    title: str, weights: Mapping[str, NDArray[Any]], grads: Mapping[str, NDArray[Any]], rows: int
) -> "Figure":
    """Draws the weights and the gradients of each layer side by side.

    Args:
        title: The run and its result.
        weights: By name, such as `dense_1.kernel`.
        grads: The loss's gradients by them.
        rows: So many rows the gradients are the mean of.
    """
    from matplotlib.ticker import MaxNLocator

    names = list(weights)[:_MOST_LAYERS]
    figure = new_figure(8.4, 1.0 + 1.5 * len(names))
    more = f"the first {len(names)} of {len(weights)} layers"
    entitle(figure, title, *([more] if len(weights) > len(names) else []))
    panels = figure.subplots(len(names), 2, squeeze=False)
    for (left, right), name in zip(panels, names, strict=True):
        pairs = (left, weights[name], COLORS[0]), (right, grads[name], COLORS[2])
        for axes, values, color in pairs:
            flat = values.reshape(-1).astype(np.float64)
            bins = min(_BINS, max(8, flat.size // 4))
            axes.hist(flat, bins=bins, range=_span(flat), color=color)
            axes.axvline(0.0, color="0.3", linewidth=0.8)
            calm(axes)
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
            root = root_mean_square(flat)
            axes.set_title(f"root mean square {root:.2g}", fontsize="small", loc="right")
        left.set_ylabel(f"{name}\nhow many")
    panels[-1][0].set_xlabel("weight")
    panels[-1][1].set_xlabel(f"gradient, mean of {rows:,} training rows")
    return figure


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    """Returns where the bars begin and end; equal numbers, which have no span, get one."""
    low, high = float(values.min()), float(values.max())
    most = max(abs(low), abs(high))
    if high - low > _SAME * most and most > _TINY:
        return low, high
    margin = most / 2 if most > _TINY else 0.5
    return low - margin, high + margin
