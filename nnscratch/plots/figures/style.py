"""How every figure looks: calm, legible, and clear to people who are colour-blind."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from nnscratch.errors import UsageError
from nnscratch.files.atomic import replacing
from nnscratch.plots.figures.fonts import draw_with_fonts
from nnscratch.plots.figures.layout import layout_once
from nnscratch.plots.figures.texts import wrap_lines

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

# Along an axis.
_TICKS = 6
# Letters of a title, and of small print.
_LETTERS_PER_INCH = 9.5
_SMALL_PER_INCH = 13
_DPI = 120
# Of PNG files; higher levels make files a little smaller and take several times as long.
_COMPRESSION = 1
# Of each channel. Nobody sees more of them, and files of fewer are smaller by a third.
_SHADES = 51


class Look(NamedTuple):
    """How a part of the data is drawn, the same in all plots."""

    color: str
    dashes: str


LOOKS = {
    "training": Look(COLORS[0], "-"),
    "validation": Look(COLORS[3], "--"),
    "validation, calibrated": Look(COLORS[4], "-."),
    "test": Look(COLORS[6], ":"),
}


def new_figure(width: float, height: float, title: str = "") -> Figure:
    """Returns an empty figure, which belongs to no window and no global state.

    Args:
        width: In inches.
        height: In inches.
        title: Its first line is the title, and all others are small print below it.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_DPI, layout=layout_once())
    if title:
        set_title(figure, title)
    return figure


def set_title(figure: Figure, title: str) -> None:
    """Writes the title above a figure, and its further lines in small print below.

    They are taken literally: the name of a run may contain a dollar sign.
    """
    width = figure.get_figwidth()
    first, *others = title.splitlines()
    figure.suptitle(
        "\n".join(wrap_lines(first, int(_LETTERS_PER_INCH * width))),
        fontsize="large",
        parse_math=False,
    )
    lines = [part for line in others for part in wrap_lines(line, int(_SMALL_PER_INCH * width))]
    if lines:
        text = "\n".join(lines)
        look: dict[str, Any] = {"fontsize": "small", "color": "0.4", "parse_math": False}
        figure.text(0.5, 0.9, text, ha="center", va="top", **look)


def add_legend(
    figure: Any,
    handles: Sequence[Any],
    columns: int,
    *,
    labels: Sequence[str] = (),
    title: str = "",
) -> None:
    """Adds a legend below the axes, where it hides no data; labels are taken literally."""
    legend = figure.legend(
        handles,
        labels or [handle.get_label() for handle in handles],
        loc="outside lower center",
        ncols=columns,
        title=title or None,
        title_fontsize="small",
        frameon=False,
        fontsize="small",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


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
    """Replaces the upper and right spine by a pale grid of few lines behind the data."""
    from matplotlib.ticker import MaxNLocator

    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="0.92")
    axes.set_axisbelow(True)
    # Drawing a tick takes longer than a curve.
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(_TICKS, steps=[1, 2, 2.5, 5, 10]))


def show_counts(axes: Axes, name: str) -> None:
    """Labels the x axis as a count, such as that of epochs: with whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel(name)
    axes.xaxis.set_major_locator(MaxNLocator(_TICKS, steps=[1, 2, 5, 10], integer=True))


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
    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    return Image.frombuffer("RGBA", canvas.get_width_height(), pixels).convert("RGB")


def save_png(image: "Image", path: Path, *, exclusive: bool = False) -> None:
    """Writes what `draw_pixels` returned to `path` at once.

    Raises:
        OSError: As for `save_figure`.
    """
    step = 255 / _SHADES
    shades = [round(round(value / step) * step) for value in range(256)]
    pixels = image.point(3 * shades)
    with replacing(path, exclusive=exclusive) as file:
        pixels.save(file, "png", dpi=(_DPI, _DPI), compress_level=_COMPRESSION)


def check_format(path: Path, formats: Sequence[str]) -> str:
    """Returns the file format that a path's suffix names.

    Raises:
        UsageError: It is not one of `formats`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in formats:
        raise UsageError(f"{path}: the name of this plot must end in .{' or .'.join(formats)}")
    return kind
