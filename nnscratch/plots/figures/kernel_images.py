"""What the units of a first layer look for in images: the weights into each unit, as an image."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import Figure, diverging, hide_frame, new_figure, panels

_COLUMNS = 8


def draw_kernel_images(title: str, kernels: NDArray[Any]) -> Figure:
    """Draws the weights into each unit as an image, all on one scale around zero.

    Args:
        title: The run, and which units are shown.
        kernels: (units, height, width).
    """
    count = len(kernels)
    rows = -(-count // _COLUMNS)
    figure = new_figure(max(min(_COLUMNS, count) + 1.2, 4.0), rows + 0.8, title)
    # A few extreme weights would leave all others white.
    sizes = np.abs(kernels)
    largest = float(np.quantile(sizes, 0.998)) or float(sizes.max()) or 1.0
    grid = panels(figure, count, _COLUMNS)
    for axes, kernel in zip(grid, kernels, strict=True):
        hide_frame(axes)
        image = axes.imshow(kernel, cmap=diverging(), vmin=-largest, vmax=largest)
    figure.colorbar(image, ax=grid, label="weight", shrink=min(1.0, 3.0 / rows), extend="both")
    return figure
