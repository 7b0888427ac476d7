"""What a network predicts as one or two columns vary, along a line or on a plane, and the data.

Planes are after TensorFlow Playground (Smilkov et al. 2017): the stronger the colour, the surer the
network.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures import response as responses
from nnscratch.plots.figures import style
from nnscratch.plots.figures.cell import Cell
from nnscratch.plots.figures.painting import paint, paint_classes
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.style import Axes

# The rows of more than two classes lie above the curves: the distance of their lines, and of all.
_STEP = 0.06
_ROOM = 0.6
# Where colours are reused, lines are broken.
_DASHES = ("-", "--", "-.", ":")
# Above and below the data, as a share of their range: a curve that goes farther is cut off.
_MARGIN = 0.15
# Of more classes than this, curves are left out.
_MOST_LINES = 50
# The height of plots along a line, and how much longer than wide a plane may be drawn.
_LINE_ASPECT = 0.8
_LONGEST_PLANE = 1.8
# In the plot of a hidden unit: how many rows are shown, their size in points, and the height of
# those below a curve.
_MOST_DOTS = 100
_DOTS = (1.3, 3.0)
_FEW_DOTS = 20
_RUG = 0.06
_NUMBERS = "cividis"


@dataclass(frozen=True)
class InputLine:
    """A line through the inputs on which one column varies, in the data's own units.

    Attributes:
        name: Of the column.
        x: Its values, (points,).
        note: What the other columns are held at, if there are any.
    """

    name: str
    x: NDArray[np.float64]
    note: str = ""

    @property
    def aspect(self) -> float:
        """The height of a plot of it, as a share of its width."""
        return _LINE_ASPECT

    def draw(
        self,
        axes: Axes,
        response: Response,
        points: Sequence[DataPoints],
        scale: "Axes | None" = None,
    ) -> None:
        """Draws the response, (points,) or (points, classes), as curves, and the data as points."""
        style.show_grid(axes)
        if response.classes:
            self._draw_classes(axes, response.values, points)
        else:
            self._draw_numbers(axes, response.values, points)
        axes.set_xlim(self.x[0], self.x[-1])
        responses.name_axes(axes, self.name, response.name)

    def draw_unit(self, axes: Axes, values: NDArray[Any], place: Cell) -> None:
        """Draws the output of a hidden unit, (any number of points,), on a scale of its own."""
        x = np.linspace(self.x[0], self.x[-1], len(values))
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        # As low as zero is for other units where all is zero; a little room above and below.
        room = 0.05 * (high - low) or 0.05
        scaled = place.scaling((x[0], x[-1]), (low - room, (high if high > low else 1.0) + room))
        scaled += axes.transData
        axes.plot(x, values, color="0.3", linewidth=0.8, transform=scaled)
        look: dict[str, Any] = {"interpolate": True, "alpha": 0.5, "transform": scaled}
        for side, color in ((values > 0, style.POSITIVE), (values < 0, style.NEGATIVE)):
            axes.fill_between(x, values, 0.0, side, color=color, **look)

    def draw_rows(self, axes: Axes, places: Sequence[Cell], points: Sequence[DataPoints]) -> None:
        """Draws some rows of the data as small lines at the bottom of each unit's plot."""
        start, end = self.x[0], self.x[-1]
        shares = (_some_places(points)[0] - start) / (end - start)
        shares = shares[(shares >= 0) & (shares <= 1)]
        x = np.concatenate([place.left + place.width * shares for place in places])
        bottom = np.repeat([place.bottom for place in places], len(shares))
        height = np.repeat([place.height for place in places], len(shares))
        axes.vlines(x, bottom, bottom + _RUG * height, color="0.3", linewidth=0.5)

    def _draw_numbers(self, axes: Axes, values: NDArray[Any], points: Sequence[DataPoints]) -> None:
        for split, look in responses.styled(points):
            axes.scatter(split.places[0], split.targets, color="0.7", **look)
        axes.plot(self.x, values, color=style.POSITIVE, linewidth=2.0)
        targets = np.concatenate([split.targets for split in points])
        low, high = float(targets.min()), float(targets.max())
        margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
        axes.set_ylim(low - margin, high + margin)

    def _draw_classes(self, axes: Axes, shares: NDArray[Any], points: Sequence[DataPoints]) -> None:
        """Draws the probability of each class, of two that of the second, and where they cross.

        Of many classes, only those are drawn that are the most probable somewhere on the line.
        """
        count = shares.shape[1]
        colors = responses.class_colors(count)
        # Of equals, the first; all, in their order, if they are few.
        highest = np.argsort(-shares.max(axis=0), kind="stable")[:_MOST_LINES]
        for k in [1] if count == 2 else sorted(highest.tolist()):
            dashes = _DASHES[k // len(style.COLORS) % len(_DASHES)]
            axes.plot(self.x, shares[:, k], color=colors[k], linestyle=dashes, linewidth=2.0)
        for i in np.flatnonzero(np.diff(shares.argmax(axis=1))):
            axes.axvline((self.x[i] + self.x[i + 1]) / 2, color="0.25", linewidth=1.0)
        step = min(_STEP, _ROOM / count)
        levels = np.array([0.0, 1.0]) if count == 2 else 1.0 + step * np.arange(1, count + 1)
        raised = [
            replace(split, places=np.stack([split.places[0], levels[split.targets]]))
            for split in points
        ]
        responses.scatter_classes(axes, raised, count)
        axes.set_yticks(np.linspace(0.0, 1.0, 6))
        axes.set_ylim(-0.05, levels[-1] + 0.05)


@dataclass(frozen=True)
class InputPlane:
    """A plane through the inputs on which two columns vary, in the data's own units.

    Attributes:
        names: Of the columns, x and y.
        x: The values of the first, (width,).
        y: The values of the second, (height,).
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

    @property
    def aspect(self) -> float:
        """The height of a plot of it, as a share of its width.

        It is that of the plane, unless both columns are so different that they have other units.
        """
        left, right, bottom, top = self.extent
        aspect = (top - bottom) / (right - left)
        return aspect if 1 / _LONGEST_PLANE <= aspect <= _LONGEST_PLANE else 1.0

    def draw(
        self,
        axes: Axes,
        response: Response,
        points: Sequence[DataPoints],
        scale: "Axes | None" = None,
    ) -> None:
        """Draws the response, (height, width, …), as areas and the data as points."""
        if response.classes:
            paint_classes(axes, self.x, self.y, response.values)
            responses.scatter_classes(axes, points, len(response.classes))
        else:
            self._paint_numbers(axes, response, points, scale)
        axes.set_xlim(self.extent[:2])
        axes.set_ylim(self.extent[2:])
        responses.name_axes(axes, *self.names)

    def draw_unit(self, axes: Axes, values: NDArray[Any], place: Cell) -> None:
        """Draws the output of a hidden unit, (height, width) of any size, on its own scale."""
        largest = max(float(np.abs(values).max()), 1e-12)
        scale: dict[str, Any] = {"cmap": style.diverging(), "vmin": -largest, "vmax": largest}
        paint(axes, values, place.extent, **scale)

    def draw_rows(self, axes: Axes, places: Sequence[Cell], points: Sequence[DataPoints]) -> None:
        """Draws some rows of the data as dots in each unit's plot."""
        left, right, bottom, top = self.extent
        x, y = _some_places(points)
        x, y = (x - left) / (right - left), (y - bottom) / (top - bottom)
        # Rows beside the plane would lie in what is around a unit's plot.
        inside = (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
        x, y = x[inside], y[inside]
        across = np.concatenate([place.left + place.width * x for place in places])
        up = np.concatenate([place.bottom + place.height * y for place in places])
        size = _DOTS[len(x) <= _FEW_DOTS]
        axes.plot(across, up, "o", color="black", mec="none", ms=size, alpha=0.5)

    def _paint_numbers(
        self, axes: Axes, response: Response, points: Sequence[DataPoints], scale: "Axes | None"
    ) -> None:
        low, high = response.limits
        colors: dict[str, Any] = {"cmap": _NUMBERS, "vmin": low, "vmax": high}
        image = paint(axes, response.values, self.extent, **colors)
        if scale is not None:
            # Away from the data, predictions may leave the range of the data.
            bar = axes.figure.colorbar(image, cax=scale, extend="both")
            name = abridge(response.name, responses.LONGEST_LABEL)
            bar.set_label(name, parse_math=False)
        for split, look in responses.styled(points):
            x, y = split.places
            axes.scatter(x, y, c=split.targets, **colors, **look)


def _some_places(points: Sequence[DataPoints]) -> NDArray[np.float64]:
    """Returns the places of a few of the rows, (axes, rows)."""
    places = np.concatenate([split.places for split in points], axis=1)
    return places[:, :: -(-places.shape[1] // _MOST_DOTS)]


VariedInputs: TypeAlias = InputLine | InputPlane
