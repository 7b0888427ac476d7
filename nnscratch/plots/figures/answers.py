"""What a network answers where its inputs vary, the data beside it, and the legend of both."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.style import COLORS, NEGATIVE, POSITIVE, abridge

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "os^DvPX<"
# How much of a colour there is, and how much white; first as it is, then darker, then paler.
_SHADES = ((1.0, 0.0), (0.6, 0.0), (0.5, 0.5))
# Of rows trained on, and of others.
_EDGES = ("white", "black")
_FEW_POINTS = 50
# In letters: names, what stands before one in the legend, and the legend.
LONG, _SYMBOL_WIDTH, _LEGEND_WIDTH = 25, 7, 75
_LEGEND_LINES = 6


@dataclass(frozen=True)
class Answers:
    """What a network answers at places of a line or of a plane.

    Attributes:
        values: A share for each class (..., classes); or a number (...).
        classes: Their names, or none for numbers.
        limits: The smallest and the largest number that the data hold.
        name: What is answered, as an axis calls it.
    """

    values: NDArray[Any]
    classes: tuple[str, ...] = ()
    limits: tuple[float, float] = (0.0, 1.0)
    name: str = "target"


@dataclass(frozen=True)
class Points:
    """Rows of the data.

    Attributes:
        places: Along each of the axes, (axes, rows).
        targets: Class indices, or numbers; (rows,).
        name: Which rows they are, such as `training rows`.
    """

    places: NDArray[np.float64]
    targets: NDArray[Any]
    name: str


def styled(points: Sequence[Points]) -> Iterator[tuple[Points, dict[str, Any]]]:
    """Yields each part with how its points are drawn: few in all larger, those judged by edged."""
    few = sum(len(part.targets) for part in points) <= _FEW_POINTS
    size = {"s": 90 if few else 30, "linewidths": 1.2 if few else 0.6}
    for part, edge in zip(points, _EDGES, strict=False):
        yield part, {"edgecolors": edge, **size}


def scatter_classes(
    axes: "Axes",
    points: Sequence[Points],
    classes: int,
    place: Callable[[Points], Iterable[NDArray[Any]]],
) -> None:
    """Draws points in the colour and the shape of their class.

    Args:
        axes: Where.
        points: The data.
        classes: How many there are.
        place: Returns x and y of a part's rows.
    """
    for part, style in styled(points):
        x, y = place(part)
        for k, color in enumerate(class_colors(classes)):
            rows = part.targets == k
            marker = _class_marker(k)
            axes.scatter(x[rows], y[rows], color=color, marker=marker, zorder=3, **style)


def explain(axes: "Axes", answers: Answers, points: Sequence[Points]) -> None:
    """Says below the axes what colours, and if need be edges, stand for."""
    from matplotlib.lines import Line2D

    def sample(label: str, marker: str, face: str, edge: str) -> Line2D:
        return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=8, label=label)

    classes = [
        sample(abridge(name, LONG), _class_marker(k), color, "white")
        for k, (name, color) in enumerate(
            zip(answers.classes, class_colors(len(answers.classes)), strict=True)
        )
    ]
    rows = [sample(part.name, "o", "0.7", edge) for part, edge in zip(points, _EDGES, strict=False)]
    rows = rows if len(points) > 1 else []
    samples = [*classes, *rows]
    if samples:
        longest = max(len(str(one.get_label())) for one in samples) + _SYMBOL_WIDTH
        columns = max(1, min(5, int(_LEGEND_WIDTH // longest)))
        room = columns * _LEGEND_LINES
        if len(samples) > room:
            named = room - len(rows) - 1
            rest = sample(f"and {len(classes) - named:,} more", "", "none", "none")
            samples = [*classes[:named], rest, *rows]
        # Outside, as inside it would hide data.
        legend = axes.figure.legend(
            handles=samples,
            loc="outside lower center",
            ncols=columns,
            frameon=False,
            fontsize="small",
        )
        for text in legend.get_texts():
            text.set_parse_math(False)


def class_colors(classes: int) -> tuple[str, ...]:
    """Returns a colour for each class; of two the second is what positive numbers speak for."""
    if classes == 2:
        return NEGATIVE, POSITIVE
    return tuple(_color(k) for k in range(classes))


def _color(k: int) -> str:
    """Returns the colour of one of many classes; where colours come again they are other shades."""
    from matplotlib.colors import to_hex, to_rgb

    color, turn = COLORS[k % len(COLORS)], k // len(COLORS)
    if not turn:
        return color
    strength, white = _SHADES[turn % len(_SHADES)]
    red, green, blue = (strength * part + white for part in to_rgb(color))
    return to_hex((red, green, blue))


def _class_marker(k: int) -> str:
    """Returns the shape of a class's points."""
    # Colours come again after as many classes as there are markers, and then with the next marker.
    return _MARKERS[(k + k // len(COLORS)) % len(_MARKERS)]
