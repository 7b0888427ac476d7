"""The layout of a large picture of the answers with small ones of the hidden units beside it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from nnscratch.plots.style import bare, entitle, new_figure, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

# Of many units and layers some are shown.
_MOST_UNITS, _MOST_LAYERS = 16, 3

Units = Mapping[str, NDArray[Any]]
Painter = Callable[["Axes", NDArray[Any]], None]


def lay_out(title: str, note: str, units: Units, paint: Painter) -> tuple["Figure", "Axes"]:
    """Draws what each hidden unit gives, and leaves room for the answers.

    Args:
        title: The run and its result.
        note: What else is to be said above.
        units: What the units of each hidden layer give, (..., units), by its name.
        paint: Draws what one unit gives.

    Returns:
        The figure, and the axes where the answers belong.
    """
    names = list(units)
    # The first are next to the inputs, the last one next to the answer.
    shown = names if len(names) <= _MOST_LAYERS else [*names[: _MOST_LAYERS - 1], names[-1]]
    said = [note] if note else []
    if shown:
        which = (
            f"{len(shown)} of {len(names)} hidden layers" if len(shown) < len(names) else "units"
        )
        said.append(f"{which}: blue above zero, orange below, each on a scale of its own")
    figure = new_figure(11.0 if shown else 6.4, 5.4)
    entitle(figure, title, *said)
    if not shown:
        return figure, figure.subplots()
    left, right = figure.subfigures(1, 2, width_ratios=[1.45, 1], squeeze=False)[0]
    axes = left.subplots()
    columns = 4 if len(shown) == 1 else 8
    heights = [-(-min(units[name].shape[-1], _MOST_UNITS) // columns) for name in shown]
    parts = right.subfigures(len(shown), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, name in zip(parts, shown, strict=True):
        _draw_layer(part, name, units[name], columns, paint)
    return figure, axes


def _draw_layer(
    part: "SubFigure", name: str, layer: NDArray[Any], columns: int, paint: Painter
) -> None:
    count = layer.shape[-1]
    shown = min(count, _MOST_UNITS)
    which = f"{count} units" if count == shown else f"the first {shown} of {count:,} units"
    part.suptitle(f"{name}: {which}", fontsize="small")
    for unit, axes in enumerate(panels(part, shown, columns)):
        bare(axes)
        axes.spines[:].set(visible=True, color="0.7", linewidth=0.6)
        axes.set_title(f"{unit + 1}", fontsize="xx-small", pad=1.5)
        paint(axes, layer[..., unit])
