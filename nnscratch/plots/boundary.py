"""The decision boundary, and what each hidden unit gives on the same plane."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.answers import Answers, Points
from nnscratch.plots.plane import Plane, draw_plane
from nnscratch.plots.style import diverging
from nnscratch.plots.units import Units, lay_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_boundary(
    title: str, plane: Plane, answers: Answers, points: Sequence[Points], units: Units
) -> "Figure":
    """Draws the plane, and beside it what each hidden unit gives on it.

    Args:
        title: The run and its result.
        plane: Where.
        answers: The network's.
        points: The data.
        units: What the units of each hidden layer give, (height, width, units), by its name.
    """

    def paint(axes: "Axes", values: NDArray[Any]) -> None:
        most = max(float(np.abs(values).max()), 1e-12)
        axes.imshow(
            values,
            extent=plane.extent,
            origin="lower",
            aspect="auto",
            cmap=diverging(),
            vmin=-most,
            vmax=most,
        )

    figure, axes = lay_out(title, plane.note, units, paint)
    draw_plane(axes, plane, answers, points)
    return figure
