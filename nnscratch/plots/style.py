"""How every picture looks: calm, legible, and told apart by people who are colour-blind too."""

from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.errors import UsageError
from nnscratch.files.atomic import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito 2008, "Color Universal Design".
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
FORMATS = ("png", "svg", "pdf")


def new_figure(width: float = 7.0, height: float = 4.2) -> "Figure":
    """Returns an empty figure, in inches; it belongs to no window and no global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=120, layout="constrained")


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
    with replacing(path, exclusive=exclusive) as file:
        figure.savefig(file, format=kind)


def check_format(path: Path) -> str:
    """Returns the picture format that a path's suffix names.

    Raises:
        UsageError: It is not in `FORMATS`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise UsageError(f"{path}: a picture's name ends in .{', .'.join(FORMATS)}")
    return kind
