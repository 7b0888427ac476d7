"""How every figure looks: calm, legible, and clear to people who are colour-blind."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeAlias
from unicodedata import east_asian_width

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.files.atomic import replacing
from nnscratch.plots.figures.fonts import draw_with_fonts
from nnscratch.plots.figures.layout import layout_once

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.colors
    import matplotlib.figure
    import matplotlib.text
    from PIL.Image import Image

# The types of matplotlib, which is imported when the first figure is drawn.
Axes: TypeAlias = "matplotlib.axes.Axes"
Figure: TypeAlias = "matplotlib.figure.Figure"
SubFigure: TypeAlias = "matplotlib.figure.SubFigure"

# Okabe & Ito 2008, "Color Universal Design".
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
POSITIVE = COLORS[0]
NEGATIVE = COLORS[1]
FORMATS = ("png", "svg", "pdf")
_LETTERS_PER_INCH = 11
_DPI = 120
# Of PNG files; higher levels make files a little smaller and take several times as long.
_COMPRESSION = 1
# What follows a wide character while lines are wrapped; no name has it.
_FILL = "\0"


def new_figure(width: float, height: float, *title: str, nested: bool = False) -> Figure:
    """Returns an empty figure, which belongs to no window and no global state.

    Args:
        width: In inches.
        height: In inches.
        title: Lines above all.
        nested: Whether it is more than a grid of axes: it has a colour bar, or figures in it.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_DPI)
    figure.set_layout_engine("constrained" if nested else layout_once())
    if title:
        set_title(figure, *title)
    return figure


def set_title(figure: Figure, *lines: str) -> "matplotlib.text.Text":
    """Writes the title above a figure, literally: the name of a run may contain a dollar sign."""
    width = int(_LETTERS_PER_INCH * figure.get_figwidth())
    text = "\n".join(part for line in lines for part in wrap_lines(line, width))
    return figure.suptitle(text, fontsize="medium", parse_math=False)


def add_legend(
    figure: Any,
    handles: Sequence[Any],
    place: str,
    columns: int,
    *,
    labels: Sequence[str] = (),
    title: str = "",
) -> None:
    """Adds a legend outside of the axes, where it hides no data; labels are taken literally."""
    legend = figure.legend(
        handles,
        labels or [handle.get_label() for handle in handles],
        loc=f"outside {place} center",
        ncols=columns,
        title=title or None,
        title_fontsize="small",
        frameon=False,
        fontsize="small",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def first_of(shown: int, count: int, noun: str) -> str:
    """Returns `12 units`, or `the first 16 of 1,024 units` if fewer are shown than there are."""
    return f"{count} {noun}" if shown == count else f"the first {shown} of {count:,} {noun}"


def wrap_lines(text: str, width: int) -> list[str]:
    """Returns the lines of a text, each of at most `width` characters; a wide one counts twice."""
    filled = "".join(c + _FILL if east_asian_width(c) in "WF" else c for c in text)
    parts = [part for line in filled.splitlines() for part in wrap(line, width) or [""]]
    return [part.replace(_FILL, "") for part in parts]


@cache
def diverging() -> "matplotlib.colors.Colormap":
    """Returns the colours of numbers around zero, which is white."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("diverging", [NEGATIVE, "white", POSITIVE])


def panels(figure: "Figure | SubFigure", count: int, columns: int) -> list[Axes]:
    """Returns `count` empty axes in rows of at most `columns`."""
    columns = min(columns, count)
    grid = list(figure.subplots(-(-count // columns), columns, squeeze=False).flat)
    for unused in grid[count:]:
        unused.set_visible(False)
    return grid[:count]


def hide_frame(axes: Axes) -> None:
    """Removes ticks and spines, which an image does not need."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def show_grid(axes: Axes) -> None:
    """Replaces the upper and right spine by a pale grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="0.92")
    axes.set_axisbelow(True)


def show_epochs(axes: Axes) -> None:
    """Labels the x axis as epochs, which are whole numbers."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))


def save_figure(figure: Figure, path: Path, *, exclusive: bool = False) -> None:
    """Writes a figure to `path` at once, in the format of its suffix.

    Raises:
        UsageError: The suffix is not in `FORMATS`.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it exists.
    """
    kind = check_format(path, FORMATS)
    if kind == "png":
        save_png(draw_pixels(figure), path, exclusive=exclusive)
        return
    with replacing(path, exclusive=exclusive) as file:

        def draw() -> None:
            file.seek(0)
            file.truncate()
            figure.savefig(file, format=kind)

        draw_with_fonts(figure, draw)


def draw_pixels(figure: Figure) -> "Image":
    """Draws a figure once, where `savefig` would lay it out in one drawing and save another."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    draw_with_fonts(figure, canvas.draw)
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]
    return Image.fromarray(np.ascontiguousarray(pixels))


def save_png(image: "Image", path: Path, *, exclusive: bool = False) -> None:
    """Writes what `draw_pixels` returned to `path` at once.

    Raises:
        OSError: As for `save_figure`.
    """
    with replacing(path, exclusive=exclusive) as file:
        image.save(file, "png", dpi=(_DPI, _DPI), compress_level=_COMPRESSION)


def check_format(path: Path, formats: Sequence[str]) -> str:
    """Returns the file format that a path's suffix names.

    Raises:
        UsageError: It is not one of `formats`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in formats:
        raise UsageError(f"{path}: the name of this plot must end in .{' or .'.join(formats)}")
    return kind
