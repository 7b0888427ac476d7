"""What a network predicts on a plane, on which two columns vary, with the data on it.

After TensorFlow Playground (Smilkov et al. 2017): the stronger the colour, the surer the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.response import (
    LONGEST_LABEL,
    DataPoints,
    Response,
    class_colors,
    finish_axes,
    scatter_classes,
    styled,
)
from nnscratch.plots.figures.style import Axes, abridge, diverging

if TYPE_CHECKING:
    from matplotlib.image import AxesImage

# A share of the full colour, so that points of the same class stand out.
_STRENGTH = 0.6


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
            scatter_classes(axes, points, len(response.classes), lambda split: split.places)
        else:
            self._paint_numbers(axes, response, points)
        axes.set_xlim(self.extent[:2])
        axes.set_ylim(self.extent[2:])
        finish_axes(axes, *self.names, response, points)

    def draw_unit(self, axes: Axes, values: NDArray[Any]) -> None:
        """Draws the output of a hidden unit, (height, width) of any size, on its own scale."""
        largest = max(float(np.abs(values).max()), 1e-12)
        self._paint(axes, values, cmap=diverging(), vmin=-largest, vmax=largest)

    def _paint_numbers(self, axes: Axes, response: Response, points: Sequence[DataPoints]) -> None:
        low, high = response.limits
        scale: dict[str, Any] = {"cmap": "cividis", "vmin": low, "vmax": high}
        image = self._paint(axes, response.values, **scale)
        # Away from the data, predictions may leave the range of the data.
        bar = axes.figure.colorbar(image, ax=axes, extend="both")
        bar.set_label(abridge(response.name, LONGEST_LABEL), parse_math=False)
        for split, style in styled(points):
            x, y = split.places
            axes.scatter(x, y, c=split.targets, **scale, **style)

    def _paint_classes(self, axes: Axes, shares: NDArray[Any]) -> None:
        """Paints points in the colour of the likeliest class, and a line where two are equal."""
        from matplotlib.colors import to_rgb

        classes = shares.shape[2]
        # 0 where all classes are equally likely, 1 where one is certain.
        sure = np.clip((shares.max(axis=2) - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0)
        colors = np.array([to_rgb(color) for color in class_colors(classes)])
        full = colors[shares.argmax(axis=2)]
        self._paint(axes, 1.0 - _STRENGTH * sure[:, :, np.newaxis] * (1.0 - full))
        for k in range(1 if classes == 2 else classes):
            lead = shares[:, :, k] - np.delete(shares, k, axis=2).max(axis=2)
            if lead.min() < 0 < lead.max():
                axes.contour(self.x, self.y, lead, [0.0], colors="0.25", linewidths=1.0)

    def _paint(self, axes: Axes, values: NDArray[Any], **colors: Any) -> "AxesImage":
        """Paints values or colours, the first line at the bottom."""
        return axes.imshow(values, extent=self.extent, origin="lower", aspect="auto", **colors)
