"""How every picture looks: calm, legible, and told apart by people who are colour-blind too."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from nnscratch.errors import UsageError
from nnscratch.files.atomic import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.text import Text

# Okabe & Ito 2008, "Color Universal Design".
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
POSITIVE, NEGATIVE = COLORS[0], COLORS[1]
FORMATS = ("png", "svg", "pdf")
# As many letters of a title fit into an inch.
_LETTERS = 11


def new_figure(width: float = 7.0, height: float = 4.2) -> "Figure":
    """Returns an empty figure, in inches; it belongs to no window and no global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=120, layout="constrained")


def entitle(figure: "Figure", *lines: str) -> "Text":
    """Writes what a picture shows above it, taken literally: a run's name may hold a dollar."""
    width = int(_LETTERS * figure.get_figwidth())
    text = "\n".join(part for line in lines for part in wrap_lines(line, width))
    return figure.suptitle(text, fontsize="medium", parse_math=False)


def abridge(text: str, letters: int) -> str:
    """Returns a text of at most so many letters; of a longer one both ends, which tell it apart."""
    if len(text) <= letters:
        return text
    tail = (letters - 1) // 2
    return f"{text[: letters - 1 - tail]}…{text[len(text) - tail :]}"


def wrap_lines(text: str, width: int) -> list[str]:
    """Returns the lines of a text, none longer than so many letters."""
    return [part for line in text.splitlines() for part in wrap(line, width) or [""]]


def diverging() -> "Colormap":
    """Returns the colours of numbers around zero, which is white."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("diverging", [NEGATIVE, "white", POSITIVE])


def panels(figure: "Figure | SubFigure", count: int, columns: int) -> list["Axes"]:
    """Returns empty panels in rows of at most so many columns."""
    columns = min(columns, count)
    grid = list(figure.subplots(-(-count // columns), columns, squeeze=False).flat)
    for rest in grid[count:]:
        rest.set_visible(False)
    return grid[:count]


def bare(axes: "Axes") -> None:
    """Takes away all that frames a picture."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def calm(axes: "Axes") -> None:
    """Takes away the lines that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="0.92")
    axes.set_axisbelow(True)


def save(figure: "Figure", path: Path, *, exclusive: bool = False) -> None:
    """Writes the figure to `path` at once, in the format that its suffix names.

    Raises:
        UsageError: The suffix is not in `FORMATS`.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it is there.
    """
    kind = check_format(path)
    with without_glyph_warnings(), replacing(path, exclusive=exclusive) as file:
        figure.savefig(file, format=kind)


@contextmanager
def without_glyph_warnings() -> Iterator[None]:
    """Lets names be drawn in any script: what the font does not have becomes an empty box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def check_format(path: Path) -> str:
    """Returns the picture format that a path's suffix names.

    Raises:
        UsageError: It is not in `FORMATS`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise UsageError(f"{path}: a picture's name ends in .{', .'.join(FORMATS)}")
    return kind
