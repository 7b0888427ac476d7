"""A large plot of what a network predicts, with a small plot of each hidden unit's output."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.plots.figures.cell import Cell
from nnscratch.plots.figures.response import DataPoints, Response, add_class_legend
from nnscratch.plots.figures.style import Axes, Figure, new_figure
from nnscratch.plots.figures.texts import first_of
from nnscratch.plots.figures.varied_inputs import InputPlane, VariedInputs

_MOST_UNITS = 16
_MOST_LAYERS = 3
_MOST_COLUMNS = 16
# In square inches: the large plot. In inches: its labels, a scale of colours, and what is above and
# below.
_AREA = 22.0
_LABELS, _SCALE, _AROUND = 0.8, 0.9, 1.6
# All units together; a layer's name, a unit's number, and what is between units.
_WIDTH, _HEIGHT = 4.6, 4.0
_HEADING, _NUMBER, _GAP = 0.3, 0.17, 0.1


def draw_response_panels(
    title: str,
    inputs: VariedInputs,
    response: Response,
    points: Sequence[DataPoints],
    units: Mapping[str, NDArray[Any]],
) -> Figure:
    """Draws the response on a line or a plane, and beside it the output of each hidden unit.

    Args:
        title: What the figure shows with the result, and in further lines of which run.
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
        scale = "each on its own scale; marks are rows of the data"
        lines.append(f"{which}: blue above zero, orange below, {scale}")
    width, height = plot_size(inputs, _AREA)
    if names:
        height = max(height, _HEIGHT)
    widths = {"response": width}
    if isinstance(inputs, InputPlane) and not response.classes:
        widths["scale"] = 0.15
    if names:
        widths["units"] = _WIDTH
    whole = sum(widths.values()) + _LABELS + (_SCALE if "scale" in widths else 0.0)
    figure = new_figure(whole, height + _AROUND, "\n".join(lines))
    grid = figure.subplots(1, len(widths), width_ratios=list(widths.values()), squeeze=False)[0]
    parts: dict[str, Axes] = dict(zip(widths, grid, strict=True))
    parts["response"].set_box_aspect(inputs.aspect)
    inputs.draw(parts["response"], response, points, parts.get("scale"))
    add_class_legend(figure, response, points)
    if names:
        shown = {name: units[name] for name in names}
        _draw_units(parts["units"], shown, inputs, points, height)
    return figure


def plot_size(inputs: VariedInputs, area: float) -> tuple[float, float]:
    """Returns the width and height of a plot of a line or a plane, whose area is given."""
    return sqrt(area / inputs.aspect), sqrt(area * inputs.aspect)


def _draw_units(
    axes: Axes,
    units: Mapping[str, NDArray[Any]],
    inputs: VariedInputs,
    points: Sequence[DataPoints],
    room: float,
) -> None:
    """Draws all units into one axes: one axes for each would take longer than all else."""
    from matplotlib.collections import LineCollection

    counts = [min(layer.shape[-1], _MOST_UNITS) for layer in units.values()]
    columns = min(max(counts), _choose_columns(counts, inputs.aspect, room))
    width = _unit_width(columns)
    height = width * inputs.aspect
    whole = _height_of_all(counts, columns, inputs.aspect)
    top = whole
    places = []
    for (name, layer), shown in zip(units.items(), counts, strict=True):
        top -= _HEADING
        heading = f"{name}: {first_of(shown, layer.shape[-1], 'units')}"
        axes.text(0.0, top + 0.5 * _HEADING, heading, va="center", fontsize="small")
        for unit in range(shown):
            if unit % columns == 0:
                top -= _NUMBER + height
            place = Cell(unit % columns * (width + _GAP), top, width, height)
            number: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": "xx-small"}
            axes.text(place.left + width / 2, top + height + 0.02, f"{unit + 1}", **number)
            inputs.draw_unit(axes, layer[..., unit], place)
            places.append(place)
    frames = [np.array(place.outline) for place in places]
    axes.add_collection(LineCollection(frames, colors="0.7", linewidths=0.6, clip_on=False))
    inputs.draw_rows(axes, places, points)
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(0, whole)
    axes.set_aspect("equal", anchor="N")


def _choose_columns(counts: Sequence[int], aspect: float, room: float) -> int:
    """Returns in how few columns the units of all layers fit into the room, or nearly so."""
    choices = range(2, _MOST_COLUMNS + 1)
    heights = {columns: _height_of_all(counts, columns, aspect) for columns in choices}
    fitting = [columns for columns in choices if heights[columns] <= room]
    return min(fitting or choices, key=lambda columns: (heights[columns] > room, columns))


def _unit_width(columns: int) -> float:
    return (_WIDTH + _GAP) / columns - _GAP


def _height_of_all(counts: Sequence[int], columns: int, aspect: float) -> float:
    rows = sum(-(-count // columns) for count in counts)
    return _HEADING * len(counts) + rows * (_NUMBER + _unit_width(columns) * aspect)
