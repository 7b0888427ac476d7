"""Images side by side: rows of the data with captions, or the weights into the units of a layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures import style

_COLUMNS = 8
# Characters in a line of a caption, and lines.
_CAPTION_WIDTH = 15
_CAPTION_LINES = 4


def draw_captioned_images(
    title: str, images: NDArray[Any], captions: Sequence[str], largest: float
) -> style.Figure:
    """Draws grey images in rows, dark on white.

    Args:
        title: The run, and what the images are.
        images: (images, height, width).
        captions: One for each image, of one or more lines.
        largest: The pixel value that is drawn black; 0 is white.
    """
    count = len(images)
    width = max(1.15 * min(_COLUMNS, count), 5.0)
    figure = style.new_figure(width, 2.0 * -(-count // _COLUMNS) + 0.8, title)
    grid = style.panels(figure, count, _COLUMNS)
    for axes, image, caption in zip(grid, images, captions, strict=True):
        style.hide_frame(axes)
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=largest)
        lines = style.wrap_lines(caption, _CAPTION_WIDTH)[:_CAPTION_LINES]
        axes.set_xlabel("\n".join(lines), fontsize="small", parse_math=False)
    return figure


def draw_kernel_images(title: str, kernels: NDArray[Any]) -> style.Figure:
    """Draws the weights into each unit as an image, all on one scale around zero.

    Args:
        title: The run, and which units are shown.
        kernels: (units, height, width).
    """
    count = len(kernels)
    rows = -(-count // _COLUMNS)
    columns = min(_COLUMNS, count)
    figure = style.new_figure(max(columns + 1.2, 4.0), rows + 0.8, title, nested=True)
    # A few extreme weights would leave all others white.
    sizes = np.abs(kernels)
    largest = float(np.quantile(sizes, 0.998)) or float(sizes.max()) or 1.0
    axes = figure.subplots()
    style.hide_frame(axes)
    look: dict[str, Any] = {"vmin": -largest, "vmax": largest, "interpolation": "nearest"}
    image = axes.imshow(_tile(kernels, columns), cmap=style.diverging(), **look)
    figure.colorbar(image, ax=axes, label="weight", shrink=min(1.0, 3.0 / rows), extend="both")
    return figure


def _gap(size: int) -> int:
    """Returns how many pixels are between images of so many."""
    return max(1, size // 12)


def _tile(images: NDArray[Any], columns: int) -> NDArray[np.float64]:
    """Returns images, (images, height, width), in rows as one image; between them it is nan."""
    count, height, width = images.shape
    down, across = height + _gap(height), width + _gap(width)
    rows = -(-count // columns)
    tiled = np.full((rows * columns, down, across), np.nan)
    tiled[:count, :height, :width] = images
    lines = tiled.reshape(rows, columns, down, across).swapaxes(1, 2)
    whole = lines.reshape(rows * down, columns * across)
    return whole[: -_gap(height), : -_gap(width)]
