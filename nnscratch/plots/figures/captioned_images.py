"""Grey images side by side, each with a caption."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from nnscratch.plots.figures.style import Figure, hide_frame, new_figure, panels, wrap_lines

_COLUMNS = 8
# Characters in a line of a caption, and lines.
_CAPTION_WIDTH = 15
_CAPTION_LINES = 4


def draw_captioned_images(
    title: str, images: NDArray[Any], captions: Sequence[str], largest: float
) -> Figure:
    """Draws images in rows, dark on white.

    Args:
        title: The run, and what the images are.
        images: (images, height, width).
        captions: One for each image, of one or more lines.
        largest: The pixel value that is drawn black; 0 is white.
    """
    count = len(images)
    width = max(1.15 * min(_COLUMNS, count), 5.0)
    figure = new_figure(width, 2.0 * -(-count // _COLUMNS) + 0.8, title)
    grid = panels(figure, count, _COLUMNS)
    for axes, image, caption in zip(grid, images, captions, strict=True):
        hide_frame(axes)
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=largest)
        lines = wrap_lines(caption, _CAPTION_WIDTH)[:_CAPTION_LINES]
        axes.set_xlabel("\n".join(lines), fontsize="small", parse_math=False)
    return figure
