"""What a network predicts as one or two columns vary, along a line or on a plane, and the data.

Planes are after TensorFlow Playground (Smilkov et al. 2017): the stronger the colour, the surer the
network.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge
from nnscratch.plots.figures import response as responses
from nnscratch.plots.figures import style
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.style import Axes

if TYPE_CHECKING:
    from matplotlib.patches import Patch
    from matplotlib.transforms import Transform

# The rows of more than two classes lie above the curves: the distance of their lines, and of all.
_STEP = 0.06
_ROOM = 0.6
# Where colours are reused, lines are broken.
_DASHES = ("-", "--", "-.", ":")
# Above and below the data, as a share of their range: a curve that goes farther is cut off.
_MARGIN = 0.3
# Of more classes than this, curves are left out, and borders on a plane are painted.
_MOST_LINES = 50
# A share of the full colour, so that points of the same class stand out.
_STRENGTH = 0.6


@dataclass(frozen=True)
class Cell:
    """A rectangle of an axes that is shared by many small plots, in the axes' own units."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges: left, right, bottom, top."""
        return self.left, self.left + self.width, self.bottom, self.bottom + self.height

    def frame(self, **look: Any) -> "Patch":
        """Returns its edges as a shape."""
        from matplotlib.patches import Rectangle

        return Rectangle((self.left, self.bottom), self.width, self.height, fill=False, **look)

    def scaling(self, x: tuple[float, float], y: tuple[float, float]) -> "Transform":
        """Returns what moves the range of x and that of y into it."""
        from matplotlib.transforms import Bbox, BboxTransform

        left, right, bottom, top = self.extent
        ranges = Bbox.from_extents(x[0], y[0], x[1], y[1])
        return BboxTransform(ranges, Bbox.from_extents(left, bottom, right, top))


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

    def draw(self, axes: Axes, response: Response, points: Sequence[DataPoints]) -> None:
        """Draws the response, (points,) or (points, classes), as curves, and the data as points."""
        style.show_grid(axes)
        if response.classes:
            self._draw_classes(axes, response.values, points)
        else:
            self._draw_numbers(axes, response.values, points)
        axes.set_xlim(self.x[0], self.x[-1])
        responses.finish_axes(axes, self.name, response.name, response, points)

    def draw_unit(self, axes: Axes, values: NDArray[Any], place: "Cell") -> None:
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

    def draw(self, axes: Axes, response: Response, points: Sequence[DataPoints]) -> None:
        """Draws the response, (height, width, …), as areas and the data as points."""
        if response.classes:
            self._paint_classes(axes, response.values)
            responses.scatter_classes(axes, points, len(response.classes))
        else:
            self._paint_numbers(axes, response, points)
        axes.set_xlim(self.extent[:2])
        axes.set_ylim(self.extent[2:])
        responses.finish_axes(axes, *self.names, response, points)

    def draw_unit(self, axes: Axes, values: NDArray[Any], place: "Cell") -> None:
        """Draws the output of a hidden unit, (height, width) of any size, on its own scale."""
        largest = max(float(np.abs(values).max()), 1e-12)
        scale: dict[str, Any] = {"cmap": style.diverging(), "vmin": -largest, "vmax": largest}
        _paint(axes, values, place.extent, **scale)

    def _paint_numbers(self, axes: Axes, response: Response, points: Sequence[DataPoints]) -> None:
        low, high = response.limits
        scale: dict[str, Any] = {"cmap": "cividis", "vmin": low, "vmax": high}
        image = _paint(axes, response.values, self.extent, **scale)
        # Away from the data, predictions may leave the range of the data.
        bar = axes.figure.colorbar(image, ax=axes, extend="both")
        name = abridge(response.name, responses.LONGEST_LABEL)
        bar.set_label(name, parse_math=False)
        for split, look in responses.styled(points):
            x, y = split.places
            axes.scatter(x, y, c=split.targets, **scale, **look)

    def _paint_classes(self, axes: Axes, shares: NDArray[Any]) -> None:
        """Paints points in the colour of the likeliest class, and a line where two are equal."""
        from matplotlib.colors import to_rgb

        classes = shares.shape[2]
        # 0 where all classes are equally likely, 1 where one is certain.
        sure = np.clip((shares.max(axis=2) - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0)
        colors = np.array([to_rgb(color) for color in responses.class_colors(classes)])
        likeliest = shares.argmax(axis=2)
        painted = 1.0 - _STRENGTH * sure[:, :, np.newaxis] * (1.0 - colors[likeliest])
        winners = np.unique(likeliest)
        if len(winners) > _MOST_LINES:
            painted[_borders(likeliest)] = to_rgb("0.25")
        _paint(axes, painted, self.extent)
        if len(winners) > _MOST_LINES:
            return
        # A class leads by how far it is before the best of the others.
        next_best, best = np.moveaxis(np.partition(shares, -2, axis=2)[:, :, -2:], 2, 0)
        for k in winners[:1] if classes == 2 else winners:
            lead = shares[:, :, k] - np.where(likeliest == k, next_best, best)
            if lead.min() < 0 < lead.max():
                axes.contour(self.x, self.y, lead, [0.0], colors="0.25", linewidths=1.0)


def _paint(
    axes: Axes, values: NDArray[Any], extent: tuple[float, float, float, float], **colors: Any
) -> Any:
    """Paints values or colours, the first line at the bottom, and returns the image."""
    # What matplotlib would choose takes several times as long, and looks the same.
    look: dict[str, Any] = {"interpolation": "bilinear", "aspect": "auto", **colors}
    return axes.imshow(values, extent=extent, origin="lower", **look)


def _borders(likeliest: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Returns at which points, (height, width), the class is another than right or above of it."""
    borders = np.zeros(likeliest.shape, bool)
    borders[:, :-1] = likeliest[:, :-1] != likeliest[:, 1:]
    borders[:-1] |= likeliest[:-1] != likeliest[1:]
    return borders


VariedInputs: TypeAlias = InputLine | InputPlane
