"""What a network answers all over a plane of two inputs, with the data on it.

After TensorFlow Playground (Smilkov et al. 2017): the darker, the surer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.style import COLORS, NEGATIVE, POSITIVE, abridge

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "os^Dv*PX"
# Of rows trained on, and of others.
_EDGES = ("white", "black")
# Of full colour, so that points of the same class stand out.
_STRENGTH = 0.6
_FEW_POINTS = 50
# In letters: names, what stands before one in the legend, and the legend.
_LONG, _SYMBOL_WIDTH, _LEGEND_WIDTH = 25, 7, 75


@dataclass(frozen=True)
class Plane:
    """A plane that two columns of the inputs span, in the data's own units.

    Attributes:
        names: Of the columns, x and y.
        x: The values along x, (width,).
        y: The values along y, (height,).
        note: What the other columns are held at, if there are any.
    """

    names: tuple[str, str]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    note: str = ""

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges: left, right, bottom, top."""
        return self.x[0], self.x[-1], self.y[0], self.y[-1]


@dataclass(frozen=True)
class Answers:
    """What a network answers on a plane.

    Attributes:
        values: A share for each class (height, width, classes); or a number (height, width).
        classes: Their names, or none for numbers.
        limits: The smallest and the largest number that colours tell apart.
    """

    values: NDArray[Any]
    classes: tuple[str, ...] = ()
    limits: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Points:
    """Rows of the data on a plane.

    Attributes:
        x: (rows,).
        y: (rows,).
        targets: Class indices, or numbers; (rows,).
        name: Which rows they are, such as `training rows`.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    targets: NDArray[Any]
    name: str


def draw_plane(axes: "Axes", plane: Plane, answers: Answers, points: Sequence[Points]) -> None:
    """Draws the answers as areas and the data as points."""
    if answers.classes:
        _paint_classes(axes, plane, answers)
    else:
        low, high = answers.limits
        image = axes.imshow(
            answers.values,
            extent=plane.extent,
            origin="lower",
            aspect="auto",
            cmap="cividis",
            vmin=low,
            vmax=high,
        )
        axes.figure.colorbar(image, ax=axes, label="prediction")
    few = sum(len(part.x) for part in points) <= _FEW_POINTS
    for part, edge in zip(points, _EDGES, strict=False):
        _scatter(axes, part, answers, edge, few=few)
    axes.set_xlim(plane.extent[:2])
    axes.set_ylim(plane.extent[2:])
    axes.set_xlabel(abridge(plane.names[0], 2 * _LONG), parse_math=False)
    axes.set_ylabel(abridge(plane.names[1], 2 * _LONG), parse_math=False)
    _explain(axes, answers, points)


def _explain(axes: "Axes", answers: Answers, points: Sequence[Points]) -> None:
    """Says below the plane what colours, and if need be edges, stand for."""
    from matplotlib.lines import Line2D

    def sample(label: str, marker: str, face: str, edge: str) -> Line2D:
        return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=8, label=label)

    samples = [
        sample(abridge(name, _LONG), _marker(k), color, "white")
        for k, (name, color) in enumerate(
            zip(answers.classes, _colors(len(answers.classes)), strict=True)
        )
    ]
    if len(points) > 1:
        samples += [
            sample(part.name, "o", "0.7", edge) for part, edge in zip(points, _EDGES, strict=True)
        ]
    if samples:
        longest = max(len(str(one.get_label())) for one in samples) + _SYMBOL_WIDTH
        columns = max(1, min(5, int(_LEGEND_WIDTH // longest)))
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


def _paint_classes(axes: "Axes", plane: Plane, answers: Answers) -> None:
    """Paints each place in the colour of the likeliest class, and lines where two are equal."""
    from matplotlib.colors import to_rgb

    shares = answers.values
    order = np.sort(shares, axis=2)
    largest, classes = order[:, :, -1], shares.shape[2]
    # 0 where all classes are as likely as each other.
    sure = np.clip((largest - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0)
    colors = np.array([to_rgb(color) for color in _colors(classes)])
    full = colors[shares.argmax(axis=2)]
    image = 1.0 - _STRENGTH * sure[:, :, np.newaxis] * (1.0 - full)
    axes.imshow(image, extent=plane.extent, origin="lower", aspect="auto")
    for k in range(1 if classes == 2 else classes):
        ahead = shares[:, :, k] - np.delete(shares, k, axis=2).max(axis=2)
        if ahead.min() < 0 < ahead.max():
            axes.contour(plane.x, plane.y, ahead, [0.0], colors="0.25", linewidths=1.0)


def _scatter(axes: "Axes", points: Points, answers: Answers, edge: str, *, few: bool) -> None:
    style: dict[str, Any] = {
        "s": 90 if few else 30,
        "edgecolors": edge,
        "linewidths": 1.2 if few else 0.6,
    }
    if not answers.classes:
        low, high = answers.limits
        style |= {"cmap": "cividis", "vmin": low, "vmax": high}
        axes.scatter(points.x, points.y, c=points.targets, **style)
        return
    for k, color in enumerate(_colors(len(answers.classes))):
        rows = points.targets == k
        axes.scatter(
            points.x[rows],
            points.y[rows],
            color=color,
            marker=_marker(k),
            zorder=3,
            **style,
        )


def _colors(classes: int) -> tuple[str, ...]:
    """Returns a colour for each class; of two the second is what positive numbers speak for."""
    if classes == 2:
        return NEGATIVE, POSITIVE
    return tuple(COLORS[k % len(COLORS)] for k in range(classes))


def _marker(k: int) -> str:
    # Colours come again after as many classes as there are markers, and then with the next marker.
    return _MARKERS[(k + k // len(COLORS)) % len(_MARKERS)]
