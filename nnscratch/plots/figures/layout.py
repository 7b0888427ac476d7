"""Room for labels, titles and legends around the axes of a figure, measured once.

matplotlib's constrained layout measures all labels twice, which takes longer than drawing them. It
is left for figures that have a colour bar or consist of figures.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import LayoutEngine

# Around axes and their labels, as a share of the size of letters.
_PAD = 0.55
# Between a legend and the edge of the figure, in inches.
_LEGEND_PAD = 0.06


def layout_once() -> "LayoutEngine":
    """Returns what lays out a grid of axes below a title, or a row of axes and a legend."""
    from matplotlib.layout_engine import TightLayoutEngine

    class LayoutOnce(TightLayoutEngine):
        def execute(self, fig: "Figure") -> None:
            super().execute(fig)
            for legend in fig.legends:
                box = legend.get_window_extent()
                share = (box.height + _LEGEND_PAD * fig.dpi) / fig.bbox.height
                above = box.y0 > fig.bbox.height / 2
                edges = fig.subplotpars
                if above:
                    fig.subplots_adjust(top=edges.top - share)
                else:
                    fig.subplots_adjust(bottom=edges.bottom + share)

    # With a rectangle, even that of the whole figure, matplotlib measures twice.
    return LayoutOnce(pad=_PAD, rect=None)  # type: ignore[arg-type]
