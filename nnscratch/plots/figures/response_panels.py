"""A large plot of what a network predicts, with a small plot of each hidden unit's output."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.style import (
    Figure,
    SubFigure,
    first_of,
    hide_frame,
    new_figure,
    panels,
)
from nnscratch.plots.figures.varied_inputs import VariedInputs

_MOST_UNITS = 16
_MOST_LAYERS = 3


def draw_response_panels(
    title: str,
    inputs: VariedInputs,
    response: Response,
    points: Sequence[DataPoints],
    units: Mapping[str, NDArray[Any]],
) -> Figure:
    """Draws the response on a line or a plane, and beside it the output of each hidden unit.

    Args:
        title: The run and its result.
        inputs: The line or the plane.
        response: What the network predicts there.
        points: The data.
        units: By the name of each hidden layer, the outputs of its units: (points, units) on a
            line and (height, width, units) on a plane.
    """
    names = list(units)
    if len(names) > _MOST_LAYERS:  # the first see the inputs, the last is seen by the output
        names = [*names[: _MOST_LAYERS - 1], names[-1]]
    lines = [*filter(None, (title, inputs.note))]
    if names:
        left_out = len(names) < len(units)
        which = f"{len(names)} of {len(units)} hidden layers" if left_out else "hidden units"
        lines.append(f"{which}: blue above zero, orange below, each on its own scale")
    figure = new_figure(11.0 if names else 6.4, 5.4, *lines)
    if not names:
        inputs.draw(figure.subplots(), response, points)
        return figure
    left, right = figure.subfigures(1, 2, width_ratios=[1.45, 1], squeeze=False)[0]
    inputs.draw(left.subplots(), response, points)
    columns = 4 if len(names) == 1 else 8
    heights = [-(-min(units[name].shape[-1], _MOST_UNITS) // columns) for name in names]
    parts = right.subfigures(len(names), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, name in zip(parts, names, strict=True):
        _draw_layer(part, name, units[name], columns, inputs)
    return figure


def _draw_layer(
    part: SubFigure, name: str, layer: NDArray[Any], columns: int, inputs: VariedInputs
) -> None:
    count = layer.shape[-1]
    shown = min(count, _MOST_UNITS)
    part.suptitle(f"{name}: {first_of(shown, count, 'units')}", fontsize="small")
    for unit, axes in enumerate(panels(part, shown, columns)):
        hide_frame(axes)
        axes.spines[:].set(visible=True, color="0.7", linewidth=0.6)
        axes.set_title(f"{unit + 1}", fontsize="xx-small", pad=1.5)
        inputs.draw_unit(axes, layer[..., unit])
