"""The mistakes that a network is surest of, as pictures side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from nnscratch.plots.figures.style import bare, entitle, new_figure, panels, wrap_lines

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 8
# Letters of a line below a picture.
_CAPTION = 15


def draw_mistakes(
    title: str, pictures: NDArray[Any], captions: Sequence[str], largest: float
) -> "Figure":
    """Draws pictures, each with what it was taken for.

    Args:
        title: The run and its result.
        pictures: (pictures, height, width).
        captions: One below each.
        largest: The number for white.
    """
    count = len(pictures)
    figure = new_figure(max(1.15 * min(_COLUMNS, count), 5.0), 2.0 * -(-count // _COLUMNS) + 0.8)
    entitle(figure, title)
    grid = panels(figure, count, _COLUMNS)
    for axes, picture, caption in zip(grid, pictures, captions, strict=True):
        bare(axes)
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=largest)
        lines = wrap_lines(caption, _CAPTION)[:4]
        axes.set_xlabel("\n".join(lines), fontsize="small", parse_math=False)
    return figure
