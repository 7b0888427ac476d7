"""A large plot of what a network predicts, with a small plot of each hidden unit's output."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.style import (
    Figure,
    SubFigure,
    first_of,
    new_figure,
)
from nnscratch.plots.figures.varied_inputs import Cell, VariedInputs

_MOST_UNITS = 16
_MOST_LAYERS = 3
# The size of all units together, in inches; of a layer's name, of a unit's number, between units.
_WIDTH, _HEIGHT = 4.3, 4.7
_HEADING, _LABEL, _GAP = 0.26, 0.15, 0.1
_NUMBER: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": "xx-small"}


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
    figure = new_figure(11.0 if names else 6.4, 5.4, *lines, nested=True)
    if not names:
        inputs.draw(figure.subplots(), response, points)
        return figure
    left, right = figure.subfigures(1, 2, width_ratios=[1.45, 1], squeeze=False)[0]
    inputs.draw(left.subplots(), response, points)
    _draw_units(right, {name: units[name] for name in names}, inputs)
    return figure


def _draw_units(part: SubFigure, units: Mapping[str, NDArray[Any]], inputs: VariedInputs) -> None:
    """Draws all units into one axes: one axes for each would take longer than all else."""
    axes = part.add_axes((0.02, 0.02, 0.97, 0.97))
    axes.set_axis_off()
    columns = 4 if len(units) == 1 else 8
    rows = [-(-min(layer.shape[-1], _MOST_UNITS) // columns) for layer in units.values()]
    height = (_HEIGHT - _HEADING * len(rows)) / sum(rows) - _LABEL
    top = _HEIGHT
    for name, layer in units.items():
        count = layer.shape[-1]
        shown = min(count, _MOST_UNITS)
        top -= _HEADING
        heading = f"{name}: {first_of(shown, count, 'units')}"
        middle = (_WIDTH / 2, top + _HEADING / 2)
        axes.text(*middle, heading, ha="center", va="center", fontsize="small")
        width = (_WIDTH + _GAP) / min(columns, shown) - _GAP
        for unit in range(shown):
            if unit % columns == 0:
                top -= _LABEL + height
            left = unit % columns * (width + _GAP)
            place = Cell(left, top, width, height)
            axes.text(left + width / 2, top + height + 0.02, f"{unit + 1}", **_NUMBER)
            axes.add_patch(place.frame(color="0.7", linewidth=0.6, clip_on=False))
            inputs.draw_unit(axes, layer[..., unit], place)
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(0, _HEIGHT)
