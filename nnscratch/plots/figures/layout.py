"""Room for labels, titles and legends around the axes of a figure, measured once.

matplotlib's own layouts draw all ticks to measure them, some twice, and take as long as drawing the
figure. Here only texts are measured, which drawing them needs all the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import LayoutEngine
    from matplotlib.legend import Legend

# In points: at the edge of the figure, between axes, around a title, of a tick with its gap, and
# between tick labels and the label of an axis.
_EDGE, _GAP, _TITLE_GAP, _TICK, _LABEL_GAP = 6.0, 8.0, 5.0, 7.0, 5.0
# Of a line with the power of ten that all labels share.
_OFFSET = 15.0
# However large the labels are, axes keep this share of the figure.
_LEAST = 0.2


@dataclass
class _Room:
    """What lies around axes, in pixels."""

    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0


def layout_once() -> "LayoutEngine":
    """Returns what lays out a grid of axes below a title and above a legend.

    Axes that were added at a place of their own stay there.
    """
    from matplotlib.layout_engine import LayoutEngine

    class LayoutOnce(LayoutEngine):
        _adjust_compatible = True
        _colorbar_gridspec = True

        def execute(self, fig: "Figure") -> None:
            _lay_out(fig)

    return LayoutOnce()


def _lay_out(figure: "Figure") -> None:
    point = figure.dpi / 72
    top = _place_texts(figure, point)
    bottom = _EDGE * point + sum(_legend_height(legend, point) for legend in figure.legends)
    placed = [(axes, axes.get_subplotspec()) for axes in figure.axes]
    grids = [(axes, spec) for axes, spec in placed if spec is not None]
    if not grids:
        return
    spec = grids[0][1].get_gridspec()
    rooms = {axes: _room(axes, point) for axes, _ in grids if axes.get_visible()}
    columns = [_Room() for _ in range(spec.ncols)]
    rows = [_Room() for _ in range(spec.nrows)]
    for axes, place in grids:
        room = rooms.get(axes, _Room())
        first, last = columns[place.colspan.start], columns[place.colspan.stop - 1]
        upper, lower = rows[place.rowspan.start], rows[place.rowspan.stop - 1]
        first.left, last.right = max(first.left, room.left), max(last.right, room.right)
        upper.top, lower.bottom = max(upper.top, room.top), max(lower.bottom, room.bottom)
    width, height = figure.bbox.width, figure.bbox.height
    across = _divide(
        (_EDGE * point, width - _EDGE * point),
        [(column.left, column.right) for column in columns],
        np.asarray(spec.get_width_ratios()),
        _GAP * point,
    )
    down = _divide(
        (top, height - bottom),
        [(row.top, row.bottom) for row in rows],
        np.asarray(spec.get_height_ratios()),
        _GAP * point,
    )
    for axes, place in grids:
        left, right = across[place.colspan.start][0], across[place.colspan.stop - 1][1]
        start, end = down[place.rowspan.start][0], down[place.rowspan.stop - 1][1]
        box = (left, height - end, right - left, end - start)
        axes.set_position(tuple(np.divide(box, (width, height, width, height))))
        axes.set_in_layout(True)  # which a position by hand would end


def _place_texts(figure: "Figure", point: float) -> float:
    """Puts the title and the small print at the top, and returns where they end."""
    top = _EDGE * point
    for text in figure.texts:
        if text.get_text():
            text.set(y=1 - top / figure.bbox.height, va="top")
            top += text.get_window_extent().height + _TITLE_GAP * point
    return top


def _legend_height(legend: "Legend", point: float) -> float:
    return float(legend.get_window_extent().height) + _TITLE_GAP * point


def _divide(
    ends: tuple[float, float],
    rooms: Sequence[tuple[float, float]],
    ratios: NDArray[Any],
    gap: float,
) -> list[tuple[float, float]]:
    """Returns where the axes of each column or row begin and end.

    Args:
        ends: Of the space for all.
        rooms: What each needs before and behind it.
        ratios: Of their sizes.
        gap: Between neighbours.
    """
    space = ends[1] - ends[0]
    free = space - sum(map(sum, rooms)) - gap * (len(rooms) - 1)
    sizes = max(free, _LEAST * space) * ratios / ratios.sum()
    places = []
    start = ends[0]
    for (before, behind), size in zip(rooms, sizes.tolist(), strict=True):
        places.append((start + before, start + before + size))
        start += before + size + behind + gap
    return places


def _room(axes: "Axes", point: float) -> _Room:
    """Returns what the labels and titles of axes take."""
    room = _Room(top=_title_height(axes, point))
    if not axes.axison:
        return room
    x, y = list(_tick_labels(axes.xaxis)), list(_tick_labels(axes.yaxis))
    if x:
        room.bottom = _TICK * point + max(label.height for label in x)
        width = axes.bbox.width
        room.left = max(label.before - label.place * width for label in x)
        room.right = max(label.after - (1 - label.place) * width for label in x)
    if axes.get_xlabel():
        room.bottom += axes.xaxis.label.get_window_extent().height + _LABEL_GAP * point
    side = 0.0
    if y:
        side = _TICK * point + max(label.before + label.after for label in y)
        room.top = max(room.top, max(label.height for label in y) / 2)
    if axes.get_ylabel():
        side += axes.yaxis.label.get_window_extent().width + _LABEL_GAP * point
    if axes.yaxis.get_ticks_position() == "right":
        room.right = max(room.right, side)
    else:
        room.left = max(room.left, side)
    # Such as 1e6, which all labels share.
    if axes.xaxis.get_major_formatter().get_offset():
        room.bottom += _OFFSET * point
    if axes.yaxis.get_major_formatter().get_offset():
        room.top += _OFFSET * point
    room.left, room.right = max(room.left, 0.0), max(room.right, 0.0)
    return room


def _title_height(axes: "Axes", point: float) -> float:
    from matplotlib.text import Text

    inside = {*axes.texts}
    heights = [
        part.get_window_extent().height
        for part in axes.get_children()
        if isinstance(part, Text) and part.get_text() and part not in inside
    ]
    return max(heights) + _TITLE_GAP * point if heights else 0.0


class _TickLabel(NamedTuple):
    """How large a tick label is, in pixels, and where its tick is, as a share of the axis."""

    before: float
    after: float
    height: float
    place: float


def _tick_labels(axis: "Axis") -> Iterator[_TickLabel]:
    """Yields the labels in view; they are measured without their ticks, which take long to make."""
    from matplotlib.text import Text
    from matplotlib.ticker import FixedLocator

    low, high = sorted(axis.get_view_interval())
    places = np.asarray(axis.get_majorticklocs(), float)
    scale = axis.get_transform()
    start, end = scale.transform([low, high])
    formatter = axis.get_major_formatter()
    figure = axis.get_figure(root=True)
    assert figure
    if isinstance(axis.get_major_locator(), FixedLocator):  # their look may be their own
        labels = axis.get_ticklabels()
    else:
        labels = []
        for text in formatter.format_ticks(places.tolist()):
            label = Text(text=text, fontsize=axis.get_tick_params().get("labelsize", "medium"))
            label.set_figure(figure)
            labels.append(label)
    for label, place in zip(labels, places, strict=False):
        if low <= place <= high and label.get_text():
            box = label.get_window_extent()
            before = box.width if label.get_horizontalalignment() == "right" else box.width / 2
            share = (scale.transform([place])[0] - start) / ((end - start) or 1.0)
            yield _TickLabel(before, box.width - before, box.height, float(share))
