"""The decision boundary, and what each hidden unit gives on the same plane."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.plane import Answers, Plane, Points, draw_plane
from nnscratch.plots.style import bare, diverging, entitle, new_figure, panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

# Of many units and layers some are shown.
_MOST_UNITS, _MOST_LAYERS = 16, 3

Units = Mapping[str, NDArray[Any]]


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
    names = list(units)
    # The first are next to the inputs, the last one next to the answer.
    shown = names if len(names) <= _MOST_LAYERS else [*names[: _MOST_LAYERS - 1], names[-1]]
    said = [plane.note] if plane.note else []
    if shown:
        which = (
            f"{len(shown)} of {len(names)} hidden layers" if len(shown) < len(names) else "units"
        )
        said.append(f"{which}: blue above zero, orange below, each on a scale of its own")
    figure = new_figure(11.0 if shown else 6.4, 5.4)
    entitle(figure, title, *said)
    if not shown:
        draw_plane(figure.subplots(), plane, answers, points)
        return figure
    left, right = figure.subfigures(1, 2, width_ratios=[1.45, 1], squeeze=False)[0]
    draw_plane(left.subplots(), plane, answers, points)
    columns = 4 if len(shown) == 1 else 8
    heights = [-(-min(units[name].shape[2], _MOST_UNITS) // columns) for name in shown]
    parts = right.subfigures(len(shown), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, name in zip(parts, shown, strict=True):
        _draw_units(part, name, units[name], plane, columns)
    return figure


def _draw_units(
    part: "SubFigure", name: str, layer: NDArray[Any], plane: Plane, columns: int
) -> None:
    count = layer.shape[2]
    shown = min(count, _MOST_UNITS)
    which = f"{count} units" if count == shown else f"the first {shown} of {count:,} units"
    part.suptitle(f"{name}: {which}", fontsize="small")
    for unit, axes in enumerate(panels(part, shown, columns)):
        bare(axes)
        axes.spines[:].set(visible=True, color="0.7", linewidth=0.6)
        axes.set_title(f"{unit + 1}", fontsize="xx-small", pad=1.5)
        values = layer[:, :, unit]
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
