"""What the units of a first layer look for in pictures: the weights into each, as a picture."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import bare, diverging, entitle, new_figure, panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 8


def draw_kernels(title: str, kernels: NDArray[Any]) -> "Figure":
    """Draws the weights into units as pictures, all on one scale around zero.

    Args:
        title: The run, and which units these are.
        kernels: (units, height, width).
    """
    count, rows = len(kernels), -(-len(kernels) // _COLUMNS)
    figure = new_figure(max(min(_COLUMNS, count) + 1.2, 4.0), rows + 0.8)
    entitle(figure, title)
    # A few extreme weights would leave all others white.
    sizes = np.abs(kernels)
    most = float(np.quantile(sizes, 0.998)) or float(sizes.max()) or 1.0
    grid = panels(figure, count, _COLUMNS)
    for axes, kernel in zip(grid, kernels, strict=True):
        bare(axes)
        image = axes.imshow(kernel, cmap=diverging(), vmin=-most, vmax=most)
    figure.colorbar(image, ax=grid, label="weight", shrink=min(1.0, 3.0 / rows), extend="both")
    return figure
