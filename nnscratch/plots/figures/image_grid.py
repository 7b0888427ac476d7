"""Images side by side: rows of the data with captions, or the weights into the units of a layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Axes
from nnscratch.plots.figures.texts import wrap_lines

_COLUMNS = 8
# An image and what is beside it, and a line of a caption, in inches.
_WIDTH, _GAP, _LINE = 1.0, 0.2, 0.145
# Characters in a line of a caption, and lines.
_CAPTION_WIDTH = 15
_CAPTION_LINES = 4


def draw_captioned_images(
    title: str, images: NDArray[Any], captions: Sequence[str], largest: float
) -> style.Figure:
    """Draws grey images in rows, dark on white.

    Args:
        title: What the images are, and in further lines of which run.
        images: (images, height, width).
        captions: One for each image, of one or more lines.
        largest: The pixel value that is drawn black; 0 is white.
    """
    texts = ["\n".join(wrap_lines(text, _CAPTION_WIDTH)[:_CAPTION_LINES]) for text in captions]
    lines = max(text.count("\n") + 1 for text in texts)
    columns = min(_COLUMNS, len(images))
    rows = -(-len(images) // _COLUMNS)
    high = _WIDTH * images.shape[1] / images.shape[2] + _LINE * lines + _GAP
    figure = style.new_figure(max((_WIDTH + _GAP) * columns, 5.0), high * rows + 0.7, title)
    axes = figure.subplots()
    _show_tiled(axes, images, (_LINE * lines + _GAP, _GAP), cmap="gray_r", vmin=0, vmax=largest)
    for (x, _, y), text in zip(_places(images, _LINE * lines + _GAP), texts, strict=True):
        look: dict[str, Any] = {"fontsize": "small", "parse_math": False, "clip_on": False}
        axes.text(x, y, text, ha="center", va="top", **look)
    return figure


def draw_kernel_images(title: str, kernels: NDArray[Any]) -> style.Figure:
    """Draws the weights into each unit as an image below its number, all on one scale around zero.

    Args:
        title: What the figure shows, and in further lines of which run.
        kernels: (units, height, width).
    """
    count, height, width = kernels.shape
    rows = -(-count // _COLUMNS)
    columns = min(_COLUMNS, count)
    high = _WIDTH * height / width + _GAP
    figure = style.new_figure(
        max((_WIDTH + _GAP) * columns + 1.0, 4.0), max(high * rows, 1.6) + 0.8, title
    )
    axes, scale = figure.subplots(1, 2, width_ratios=[40, 1])
    # A few extreme weights would leave all others white.
    sizes = np.abs(kernels)
    largest = float(np.quantile(sizes, 0.998)) or float(sizes.max()) or 1.0
    look: dict[str, Any] = {"cmap": style.diverging(), "vmin": -largest, "vmax": largest}
    image = _show_tiled(axes, kernels, (_GAP, _GAP), **look)
    for unit, (x, y, _) in enumerate(_places(kernels, _GAP), start=1):
        axes.text(x, y, f"{unit}", ha="center", va="bottom", fontsize="x-small", clip_on=False)
    figure.colorbar(image, cax=scale, label="weight", extend="both")
    return figure


def _show_tiled(axes: Axes, images: NDArray[Any], gaps: tuple[float, float], **look: Any) -> Any:
    """Shows images in rows, with gaps below and beside them in inches, as one image."""
    style.hide_frame(axes)
    tiles = _tile(images, *(_pixels(images, gap) for gap in gaps))
    image = axes.imshow(tiles, interpolation="nearest", **look)
    # Room for what stands above the first row and below the last.
    room = _pixels(images, gaps[0])
    axes.set_ylim(len(tiles) - 0.5 + room, -0.5 - min(room, _pixels(images, _GAP)))
    return image


def _pixels(images: NDArray[Any], inches: float) -> int:
    """Returns how many pixels of an image are so wide."""
    return max(1, round(inches / _WIDTH * int(images.shape[2])))


def _places(images: NDArray[Any], gap: float) -> list[tuple[float, float, float]]:
    """Returns the middle, the top and the bottom of each image, in pixels."""
    count, height, width = images.shape
    down, across = height + _pixels(images, gap), width + _pixels(images, _GAP)
    return [
        (
            k % _COLUMNS * across + width / 2 - 0.5,
            k // _COLUMNS * down - 0.6,
            k // _COLUMNS * down + height - 0.4,
        )
        for k in range(count)
    ]


def _tile(images: NDArray[Any], below: int, beside: int) -> NDArray[np.float64]:
    """Returns images, (images, height, width), in rows as one image; between them it is nan."""
    count, height, width = images.shape
    columns = min(_COLUMNS, count)
    down, across = height + below, width + beside
    rows = -(-count // columns)
    tiled = np.full((rows * columns, down, across), np.nan)
    tiled[:count, :height, :width] = images
    lines = tiled.reshape(rows, columns, down, across).swapaxes(1, 2)
    return lines.reshape(rows * down, columns * across)[:-below, :-beside]
