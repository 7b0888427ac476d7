"""What a network answers all over a plane of two inputs, with the data on it.

After TensorFlow Playground (Smilkov et al. 2017): the darker, the surer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.answers import (
    LONG,
    Answers,
    Points,
    class_colors,
    explain,
    scatter_classes,
    styled,
)
from nnscratch.plots.figures.style import abridge, diverging

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

# Of full colour, so that points of the same class stand out.
_STRENGTH = 0.6


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
    def places(self) -> list[NDArray[np.float64]]:
        """The values along each axis."""
        return [self.x, self.y]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges: left, right, bottom, top."""
        return self.x[0], self.x[-1], self.y[0], self.y[-1]

    def draw(self, axes: "Axes", answers: Answers, points: Sequence[Points]) -> None:
        """Draws the answers, (height, width, …), as areas and the data as points."""
        if answers.classes:
            _paint_classes(axes, self, answers)
            scatter_classes(axes, points, len(answers.classes), lambda part: part.places)
        else:
            low, high = answers.limits
            scale: dict[str, Any] = {"cmap": "cividis", "vmin": low, "vmax": high}
            image = self.paint(axes, answers.values, **scale)
            # Where no data are, answers may go beyond what the data hold.
            label = abridge(answers.name, 2 * LONG)
            bar = axes.figure.colorbar(image, ax=axes, extend="both")
            bar.set_label(label, parse_math=False)
            for part, style in styled(points):
                x, y = part.places
                axes.scatter(x, y, c=part.targets, **scale, **style)
        axes.set_xlim(self.extent[:2])
        axes.set_ylim(self.extent[2:])
        axes.set_xlabel(abridge(self.names[0], 2 * LONG), parse_math=False)
        axes.set_ylabel(abridge(self.names[1], 2 * LONG), parse_math=False)
        explain(axes, answers, points)

    def draw_unit(self, axes: "Axes", values: NDArray[Any]) -> None:
        """Draws what a hidden unit gives, (height, width) of any size, on a scale of its own."""
        most = max(float(np.abs(values).max()), 1e-12)
        self.paint(axes, values, cmap=diverging(), vmin=-most, vmax=most)

    def paint(self, axes: "Axes", values: NDArray[Any], **colors: Any) -> "AxesImage":
        """Paints values, or colours, from below."""
        return axes.imshow(values, extent=self.extent, origin="lower", aspect="auto", **colors)


def _paint_classes(axes: "Axes", plane: Plane, answers: Answers) -> None:
    """Paints each place in the colour of the likeliest class, and lines where two are equal."""
    from matplotlib.colors import to_rgb

    shares = answers.values
    order = np.sort(shares, axis=2)
    largest, classes = order[:, :, -1], shares.shape[2]
    # 0 where all classes are as likely as each other.
    sure = np.clip((largest - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0)
    colors = np.array([to_rgb(color) for color in class_colors(classes)])
    full = colors[shares.argmax(axis=2)]
    image = 1.0 - _STRENGTH * sure[:, :, np.newaxis] * (1.0 - full)
    plane.paint(axes, image)
    for k in range(1 if classes == 2 else classes):
        ahead = shares[:, :, k] - np.delete(shares, k, axis=2).max(axis=2)
        if ahead.min() < 0 < ahead.max():
            axes.contour(plane.x, plane.y, ahead, [0.0], colors="0.25", linewidths=1.0)
