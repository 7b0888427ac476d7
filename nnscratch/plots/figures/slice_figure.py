"""A large picture of what a network answers, with small ones of what its hidden units give."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from nnscratch.plots.figures.answers import Answers, Points
from nnscratch.plots.figures.line import Line
from nnscratch.plots.figures.plane import Plane
from nnscratch.plots.figures.style import bare, entitle, new_figure, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

# Of many units and layers some are shown.
_MOST_UNITS, _MOST_LAYERS = 16, 3


def draw_slice(
    title: str,
    span: Line | Plane,
    answers: Answers,
    points: Sequence[Points],
    units: Mapping[str, NDArray[Any]],
) -> "Figure":
    """Draws the answers on a line or a plane, and beside them what each hidden unit gives there.

    Args:
        title: The run and its result.
        span: Where.
        answers: The network's.
        points: The data.
        units: What the units of each hidden layer give, (places, units) on a line and
            (height, width, units) on a plane, by its name.
    """
    names = list(units)
    # The first are next to the inputs, the last one next to the answer.
    shown = names if len(names) <= _MOST_LAYERS else [*names[: _MOST_LAYERS - 1], names[-1]]
    said = [span.note] if span.note else []
    if shown:
        which = (
            f"{len(shown)} of {len(names)} hidden layers" if len(shown) < len(names) else "units"
        )
        said.append(f"{which}: blue above zero, orange below, each on a scale of its own")
    figure = new_figure(11.0 if shown else 6.4, 5.4)
    entitle(figure, title, *said)
    if not shown:
        span.draw(figure.subplots(), answers, points)
        return figure
    left, right = figure.subfigures(1, 2, width_ratios=[1.45, 1], squeeze=False)[0]
    span.draw(left.subplots(), answers, points)
    columns = 4 if len(shown) == 1 else 8
    heights = [-(-min(units[name].shape[-1], _MOST_UNITS) // columns) for name in shown]
    parts = right.subfigures(len(shown), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, name in zip(parts, shown, strict=True):
        _draw_layer(part, name, units[name], columns, span.draw_unit)
    return figure


def _draw_layer(
    part: "SubFigure",
    name: str,
    layer: NDArray[Any],
    columns: int,
    draw_unit: Callable[["Axes", NDArray[Any]], None],
) -> None:
    count = layer.shape[-1]
    shown = min(count, _MOST_UNITS)
    which = f"{count} units" if count == shown else f"the first {shown} of {count:,} units"
    part.suptitle(f"{name}: {which}", fontsize="small")
    for unit, axes in enumerate(panels(part, shown, columns)):
        bare(axes)
        axes.spines[:].set(visible=True, color="0.7", linewidth=0.6)
        axes.set_title(f"{unit + 1}", fontsize="xx-small", pad=1.5)
        draw_unit(axes, layer[..., unit])
