"""Planes as images: the likeliest class at each point and how sure it is, or numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.response import class_colors
from nnscratch.plots.figures.style import Axes

# Of more classes than this, borders are painted instead of drawn as lines.
_MOST_LINES = 50
# A share of the full colour, so that points of the same class stand out.
_STRENGTH = 0.6


def paint_classes(axes: Axes, x: NDArray[Any], y: NDArray[Any], shares: NDArray[Any]) -> None:
    """Paints points in the colour of the likeliest class, and a line where two are equal.

    Args:
        axes: Where.
        x: Of the points, (width,).
        y: Of the points, (height,).
        shares: The probability of each class, (height, width, classes).
    """
    from matplotlib.colors import to_rgb

    classes = shares.shape[2]
    # 0 where all classes are equally likely, 1 where one is certain.
    sure = np.clip((shares.max(axis=2) - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0)
    colors = np.array([to_rgb(color) for color in class_colors(classes)])
    likeliest = shares.argmax(axis=2)
    painted = 1.0 - _STRENGTH * sure[:, :, np.newaxis] * (1.0 - colors[likeliest])
    winners = np.unique(likeliest)
    if len(winners) > _MOST_LINES:
        painted[_borders(likeliest)] = to_rgb("0.25")
    # Matplotlib scales whole numbers in half the time.
    painted = np.rint(255 * painted).astype(np.uint8)
    paint(axes, painted, (x[0], x[-1], y[0], y[-1]))
    if len(winners) > _MOST_LINES:
        return
    # A class leads by how far it is before the best of the others.
    next_best, best = np.moveaxis(np.partition(shares, -2, axis=2)[:, :, -2:], 2, 0)
    for k in winners[:1] if classes == 2 else winners:
        lead = shares[:, :, k] - np.where(likeliest == k, next_best, best)
        if lead.min() < 0 < lead.max():
            axes.contour(x, y, lead, [0.0], colors="0.25", linewidths=1.0)


def paint(
    axes: Axes, values: NDArray[Any], extent: tuple[float, float, float, float], **colors: Any
) -> Any:
    """Paints values or colours, the first line at the bottom, and returns the image."""
    # What matplotlib would choose takes several times as long, and looks the same.
    look: dict[str, Any] = {"interpolation": "bilinear", "aspect": "auto", **colors}
    return axes.imshow(values, extent=extent, origin="lower", **look)


def _borders(likeliest: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Returns at which points, (height, width), the class is another than right or above of it."""
    borders = np.zeros(likeliest.shape, bool)
    borders[:, :-1] = likeliest[:, :-1] != likeliest[:, 1:]
    borders[:-1] |= likeliest[:-1] != likeliest[1:]
    return borders
