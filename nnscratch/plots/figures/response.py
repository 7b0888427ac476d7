"""What a network predicts as its inputs vary, the rows of the data beside it, and their legend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures.style import (
    COLORS,
    LOOKS,
    NEGATIVE,
    POSITIVE,
    Axes,
    Figure,
    add_legend,
)

# Colours are reused, first as they are, then darker, then paler: the shares of colour and white.
_SHADES = ((1.0, 0.0), (0.6, 0.0), (0.5, 0.5))
_MARKERS = "os^DvPX<"
# Around the points of training rows; those of others are in the colour of their part of the data.
_TRAINING_EDGE = "white"
_FEW_ROWS = 50
# In characters.
_LONGEST_NAME = 25
LONGEST_LABEL = 50
_LEGEND_WIDTH = 75
_SYMBOL_WIDTH = 7
_LEGEND_LINES = 6


@dataclass(frozen=True)
class Response:
    """What a network predicts at points along a line or on a plane.

    Attributes:
        values: A probability for each class, (..., classes); or a number, (...).
        classes: Their names, or none for numbers.
        limits: The smallest and the largest number in the data.
        name: What is predicted, as an axis calls it.
    """

    values: NDArray[Any]
    classes: tuple[str, ...] = ()
    limits: tuple[float, float] = (0.0, 1.0)
    name: str = "target"


@dataclass(frozen=True)
class DataPoints:
    """Rows of the data.

    Attributes:
        places: Their values along each of the axes, (axes, rows).
        targets: Class indices, or numbers; (rows,).
        part: Of the data: training, validation or test.
        name: Which rows they are, such as `training rows`.
    """

    places: NDArray[np.float64]
    targets: NDArray[Any]
    part: str
    name: str

    @property
    def edge(self) -> str:
        """The colour around its points."""
        return _TRAINING_EDGE if self.part == "training" else LOOKS[self.part].color


def styled(points: Sequence[DataPoints]) -> Iterator[tuple[DataPoints, dict[str, Any]]]:
    """Yields each split with the style of its points: large if there are few in all."""
    few = sum(len(split.targets) for split in points) <= _FEW_ROWS
    size = {"s": 90 if few else 30, "linewidths": 1.2 if few else 0.6}
    for split in points:
        yield split, {"edgecolors": split.edge, **size}


def scatter_classes(axes: Axes, points: Sequence[DataPoints], classes: int) -> None:
    """Draws rows, whose places are x and y, in the colour and with the marker of their class."""
    for split, style in styled(points):
        looks: dict[tuple[str, str], list[int]] = {}
        for k, color in enumerate(class_colors(classes)):
            looks.setdefault((color, _marker(k)), []).append(k)
        # Many classes look alike: those are drawn at once.
        for (color, marker), alike in looks.items():
            places = split.places[:, np.isin(split.targets, alike)]
            axes.scatter(*places, color=color, marker=marker, zorder=3, **style)


def name_axes(axes: Axes, x: str, y: str) -> None:
    """Labels the axes, literally."""
    axes.set_xlabel(abridge(x, LONGEST_LABEL), parse_math=False)
    axes.set_ylabel(abridge(y, LONGEST_LABEL), parse_math=False)


def add_class_legend(figure: Figure, response: Response, points: Sequence[DataPoints]) -> None:
    """Names the classes, and the parts of the data where there are several, below the axes."""
    from matplotlib.lines import Line2D

    def sample(label: str, marker: str, face: str, edge: str) -> Line2D:
        return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=8, label=label)

    colors = class_colors(len(response.classes))
    samples = [
        sample(abridge(name, _LONGEST_NAME), _marker(k), color, "white")
        for k, (name, color) in enumerate(zip(response.classes, colors, strict=True))
    ]
    others = points if len(points) > 1 else ()
    splits = [sample(split.name, "o", "0.7", split.edge) for split in others]
    if not samples and not splits:
        return
    longest = max(len(str(handle.get_label())) for handle in (*samples, *splits))
    columns = max(1, min(5, _LEGEND_WIDTH // (longest + _SYMBOL_WIDTH)))
    lengths = [len(str(handle.get_label())) + _SYMBOL_WIDTH for handle in (*samples, *splits)]
    if sum(lengths) <= _LEGEND_WIDTH:
        columns = len(lengths)
    room = columns * _LEGEND_LINES - len(splits)
    if len(samples) > room:
        more = sample(f"and {len(samples) - room + 1:,} more", "", "none", "none")
        samples = [*samples[: room - 1], more]
    add_legend(figure, [*samples, *splits], columns)


def class_colors(classes: int) -> tuple[str, ...]:
    """Returns a colour for each class; reused colours get another shade.

    Of two classes, the second has the colour of positive numbers.
    """
    from matplotlib.colors import to_hex, to_rgb

    if classes == 2:
        return NEGATIVE, POSITIVE
    colors = []
    for k in range(classes):
        strength, white = _SHADES[k // len(COLORS) % len(_SHADES)]
        color = strength * np.array(to_rgb(COLORS[k % len(COLORS)])) + white
        colors.append(to_hex(tuple(color)))
    return tuple(colors)


def _marker(k: int) -> str:
    """Returns the marker of class `k`; where colours are reused, they meet the next marker."""
    return _MARKERS[(k + k // len(COLORS)) % len(_MARKERS)]
