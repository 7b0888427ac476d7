"""A small network as circles and lines: colour is a weight's sign, thickness its size."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import (
    NEGATIVE,
    POSITIVE,
    abridge,
    bare,
    diverging,
    entitle,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The thickness of the largest weight, in points, and of the smallest.
_THICK, _THIN = 5.0, 0.15
_LONG = 24
# Of the largest bias: what has more is too dark for dark letters.
_DARK = 0.6


def draw_diagram(
    title: str,
    kernels: Sequence[NDArray[Any]],
    biases: Sequence[NDArray[Any] | None],
    columns: Sequence[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> "Figure":
    """Draws a network.

    Args:
        title: The run and its result.
        kernels: The weights between the layers, (in_features, units) each.
        biases: Of the same layers, (units,) each, or None.
        columns: What stands below each layer, the inputs' first.
        inputs: The names of the inputs.
        outputs: The names of the outputs.
    """
    widths = [kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels)]
    tallest = max(widths)
    longest = max(map(len, (*inputs, *outputs)))
    margin = 1.4 + 0.12 * min(longest, _LONG)
    figure = new_figure(margin + 1.7 * len(kernels), max(3.6, 1.8 + 0.36 * tallest))
    entitle(figure, title)
    axes = figure.subplots()
    bare(axes)
    places = [np.linspace(1, -1, 2 * width + 1)[1::2] * width / 2 for width in widths]
    _draw_lines(axes, kernels, places)
    biggest = _draw_circles(axes, biases, places)
    _write_names(axes, 0, places[0], inputs)
    _write_names(axes, len(kernels), places[-1], outputs)
    bottom = -tallest / 2 - 0.35
    for x, name in enumerate(columns):
        axes.text(x, bottom, name, ha="center", va="top", color="0.35", fontsize="small")
    axes.set_xlim(-0.9, len(kernels) + 0.9)
    axes.set_ylim(bottom - 0.6, tallest / 2 + 0.2)
    _explain(figure, max(float(np.abs(kernel).max()) for kernel in kernels), biggest)
    return figure


def _draw_circles(
    axes: "Axes", biases: Sequence[NDArray[Any] | None], places: Sequence[NDArray[Any]]
) -> float:
    """Draws the units, filled by their biases; returns the size of the largest."""
    biggest = max((float(np.abs(b).max()) for b in biases if b is not None), default=0.0)
    for layer, (bias, heights) in enumerate(zip([None, *biases], places, strict=True)):
        colors = np.zeros(len(heights)) if bias is None else bias / (biggest or 1.0)
        axes.scatter(
            np.full(len(heights), layer),
            heights,
            s=260,
            c=colors,
            cmap=diverging(),
            vmin=-1,
            vmax=1,
            edgecolors="0.25",
            zorder=3,
        )
        if 0 < layer < len(biases):
            _number(axes, layer, heights, colors)
    return biggest


def _number(
    axes: "Axes", layer: int, heights: NDArray[Any], colors: NDArray[np.floating[Any]]
) -> None:
    """Writes into each hidden unit which one it is, as other pictures and `explain` count them."""
    for unit, (height, color) in enumerate(zip(heights, colors, strict=True), start=1):
        ink = "white" if abs(color) > _DARK else "black"
        axes.text(layer, height, f"{unit}", color=ink, ha="center", va="center", fontsize="x-small")


def _write_names(axes: "Axes", layer: int, heights: NDArray[Any], names: Sequence[str]) -> None:
    """Writes names beside the first or the last layer."""
    side, shift = ("left", 0.16) if layer else ("right", -0.16)
    for height, name in zip(heights, names, strict=True):
        text = abridge(name, _LONG)
        axes.text(layer + shift, height, text, ha=side, va="center", parse_math=False)


def _draw_lines(
    axes: "Axes", kernels: Sequence[NDArray[Any]], places: Sequence[NDArray[Any]]
) -> None:
    from matplotlib.collections import LineCollection

    largest = max(float(np.abs(kernel).max()) for kernel in kernels) or 1.0
    for layer, (kernel, (before, after)) in enumerate(zip(kernels, pairwise(places), strict=True)):
        # The heaviest last, so that it lies above the others.
        ends = sorted(np.ndindex(kernel.shape), key=lambda end: abs(kernel[end]))
        axes.add_collection(
            LineCollection(
                [np.array([(layer, before[i]), (layer + 1, after[j])]) for i, j in ends],
                colors=[_color(float(kernel[end])) for end in ends],
                linewidths=[_THIN + (_THICK - _THIN) * abs(kernel[end]) / largest for end in ends],
                alpha=0.8,
                zorder=1,
            )
        )


def _color(weight: float) -> str:
    if weight == 0:
        return "0.6"
    return POSITIVE if weight > 0 else NEGATIVE


def _explain(figure: "Figure", weight: float, bias: float) -> None:
    from matplotlib.lines import Line2D

    circles = f"; circles: biases, the fullest {bias:.3g}" if bias else ""
    signs = (("positive", POSITIVE), ("negative", NEGATIVE))
    lines = [Line2D([], [], color=color, lw=_THICK, label=name) for name, color in signs]
    figure.legend(
        handles=lines,
        title=f"lines: weights, the thickest {weight:.3g}" + circles,
        title_fontsize="small",
        loc="outside lower center",
        ncols=2,
        frameon=False,
        fontsize="small",
    )
