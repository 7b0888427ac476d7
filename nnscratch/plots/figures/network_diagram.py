"""A small network as circles and lines: colour is a weight's sign, thickness its size."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Axes, Figure
from nnscratch.plots.figures.texts import letters

# The thickness of the line of the largest weight and of a weight of 0, in points.
_THICK = 5.0
_THIN = 0.15
_LONGEST_NAME = 24
# Between layers, of a letter, and of half a circle with room beside it, in inches.
_BETWEEN, _LETTER, _CIRCLE = 1.7, 0.1, 0.4
# Circles with a larger share of the largest bias are too dark for black digits.
_DARK = 0.6


def draw_network_diagram(
    title: str,
    kernels: Sequence[NDArray[Any]],
    biases: Sequence[NDArray[Any] | None],
    columns: Sequence[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> Figure:
    """Draws a network from left to right, a column of circles for each layer.

    Args:
        title: What the figure shows with the result, and in further lines of which run.
        kernels: The weights between the layers, (in_features, units) each.
        biases: Of the same layers, (units,) each, or None.
        columns: The text below each column, that of the inputs first.
        inputs: The names of the inputs.
        outputs: The names of the outputs.
    """
    widths = [kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels)]
    tallest = max(widths)
    left, right = (_CIRCLE + _LETTER * _longest(names) for names in (inputs, outputs))
    width = _BETWEEN * len(kernels) + left + right
    figure = style.new_figure(max(width + 0.3, 4.6), max(3.6, 1.8 + 0.36 * tallest), title)
    axes = figure.subplots()
    style.hide_frame(axes)
    places = [np.linspace(1, -1, 2 * width + 1)[1::2] * width / 2 for width in widths]
    _draw_lines(axes, kernels, places)
    largest_bias = _draw_circles(axes, biases, places)
    _write_names(axes, 0, places[0], inputs)
    _write_names(axes, len(kernels), places[-1], outputs)
    bottom = -tallest / 2 - 0.35
    for x, name in enumerate(columns):
        axes.text(x, bottom, name, ha="center", va="top", color="0.35", fontsize="small")
    axes.set_xlim(-left / _BETWEEN, len(kernels) + right / _BETWEEN)
    axes.set_ylim(bottom - 0.6, tallest / 2 + 0.2)
    _add_legend(figure, max(float(np.abs(kernel).max()) for kernel in kernels), largest_bias)
    return figure


def _longest(names: Sequence[str]) -> int:
    """Returns how many letters the longest name has as it is drawn; a wide one counts twice."""
    return max(letters(abridge(name, _LONGEST_NAME)) for name in names)


def _draw_circles(
    axes: Axes, biases: Sequence[NDArray[Any] | None], places: Sequence[NDArray[Any]]
) -> float:
    """Draws the units, coloured by their biases; returns the size of the largest bias."""
    largest = max((float(np.abs(b).max()) for b in biases if b is not None), default=0.0)
    for layer, (bias, heights) in enumerate(zip([None, *biases], places, strict=True)):
        colors = np.zeros(len(heights)) if bias is None else bias / (largest or 1.0)
        axes.scatter(
            np.full(len(heights), layer),
            heights,
            s=260,
            c=colors,
            cmap=style.diverging(),
            vmin=-1,
            vmax=1,
            edgecolors="0.25",
            zorder=3,
        )
        if 0 < layer < len(biases):
            _write_numbers(axes, layer, heights, colors)
    return largest


def _write_numbers(
    axes: Axes, layer: int, heights: NDArray[Any], colors: NDArray[np.floating[Any]]
) -> None:
    """Writes its number into each hidden unit, counted from 1 as `explain` and other plots do."""
    for unit, (height, color) in enumerate(zip(heights, colors, strict=True), start=1):
        ink = "white" if abs(color) > _DARK else "black"
        axes.text(layer, height, f"{unit}", color=ink, ha="center", va="center", fontsize="x-small")


def _write_names(axes: Axes, layer: int, heights: NDArray[Any], names: Sequence[str]) -> None:
    """Writes names to the left of the first layer, or to the right of the last."""
    side, shift = ("left", 0.16) if layer else ("right", -0.16)
    for height, name in zip(heights, names, strict=True):
        text = abridge(name, _LONGEST_NAME)
        axes.text(layer + shift, height, text, ha=side, va="center", parse_math=False)


def _draw_lines(
    axes: Axes, kernels: Sequence[NDArray[Any]], places: Sequence[NDArray[Any]]
) -> None:
    from matplotlib.collections import LineCollection

    largest = max(float(np.abs(kernel).max()) for kernel in kernels) or 1.0
    for layer, (kernel, (before, after)) in enumerate(zip(kernels, pairwise(places), strict=True)):
        # The largest is drawn last, above the others.
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
    return style.POSITIVE if weight > 0 else style.NEGATIVE if weight else "0.6"


def _add_legend(figure: Figure, weight: float, bias: float) -> None:
    """Explains colours, thickness and shade, given the largest weight and the largest bias."""
    from matplotlib.lines import Line2D

    title = f"lines: weights, the thickest {weight:.3g}"
    if bias:
        title += f"; circles: biases, the darkest {bias:.3g}"
    signs = (("positive", style.POSITIVE), ("negative", style.NEGATIVE))
    handles = [Line2D([], [], color=color, lw=_THICK, label=name) for name, color in signs]
    style.add_legend(figure, handles, columns=2, title=title)
