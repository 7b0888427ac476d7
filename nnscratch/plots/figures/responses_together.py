"""What several networks predict, side by side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from nnscratch.formatting import abridge
from nnscratch.plots.figures.response import DataPoints, Response, add_class_legend
from nnscratch.plots.figures.response_panels import plot_size
from nnscratch.plots.figures.style import Figure, new_figure
from nnscratch.plots.figures.varied_inputs import InputPlane, VariedInputs

_COLUMNS = 3
# In square inches: each plot. In inches: what is beside it, above and below it, and around all; a
# scale of colours.
_AREA = 12.0
_BESIDE, _ABOVE, _AROUND = 0.9, 1.0, 0.9
_SCALE = 0.2
_LONGEST_NAME = 44


class ResponsePanel(NamedTuple):
    """What one network predicts.

    Attributes:
        name: In what it differs from the others, in one or more lines.
        inputs: The line or the plane.
        response: What it predicts there.
        points: The data.
    """

    name: str
    inputs: VariedInputs
    response: Response
    points: Sequence[DataPoints]


def draw_responses(title: str, shown: Sequence[ResponsePanel]) -> Figure:
    """Draws a panel for each network, in rows of three; numbers have the colours of one scale.

    Args:
        title: What all of them show.
        shown: The networks.
    """
    columns = min(_COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    sizes = [plot_size(panel.inputs, _AREA) for panel in shown]
    widths = [max(width for width, _ in sizes) + _BESIDE] * columns
    height = max(height for _, height in sizes) + _ABOVE
    numbers = [panel.response for panel in shown if not panel.response.classes]
    has_scale = bool(numbers) and isinstance(shown[0].inputs, InputPlane)
    if has_scale:
        widths.append(_SCALE)
    figure = new_figure(sum(widths), height * rows + _AROUND, title)
    grid = figure.add_gridspec(rows, len(widths), width_ratios=widths)
    scale = figure.add_subplot(grid[:, -1]) if has_scale else None
    lowest = min((response.limits[0] for response in numbers), default=0.0)
    highest = max((response.limits[1] for response in numbers), default=1.0)
    for i, panel in enumerate(shown):
        axes = figure.add_subplot(grid[i // columns, i % columns])
        axes.set_box_aspect(panel.inputs.aspect)
        response = replace(panel.response, limits=(lowest, highest))
        panel.inputs.draw(axes, response, panel.points, None if i else scale)
        lines = [abridge(line, _LONGEST_NAME) for line in panel.name.splitlines()]
        axes.set_title("\n".join(lines), fontsize="medium", parse_math=False)
    # Of networks with other classes than these, only the colours are shown.
    most = max(shown, key=lambda panel: (len(panel.response.classes), len(panel.points)))
    add_class_legend(figure, most.response, most.points)
    return figure
