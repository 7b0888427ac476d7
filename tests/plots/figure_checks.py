"""What a reader sees on a figure, shared by the tests of plots."""

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

# What rounding and antialiasing may add, in inches.
_SLACK = 0.03


def texts_on(figure: Figure) -> list[str]:
    """Returns all texts on a figure."""
    figure.draw_without_rendering()
    texts = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible())
    return [text.get_text() for text in texts if isinstance(text, Text) and text.get_text()]


def title_of(figure: Figure) -> str:
    """Returns the title of a figure and the small print below it, line by line."""
    return "\n".join(text.get_text() for text in figure.texts)


def bar_ends(axes: Axes) -> list[float]:
    """Returns how far to the right the bars of a bar chart reach."""
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [bar.get_x() + bar.get_width() for bar in bars]


def render(figure: Figure, kind: str = "png") -> bytes:
    """Returns the bytes of a figure's file; a warning of matplotlib is an error in tests."""
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()


def assert_nothing_cut_off(figure: Figure) -> None:
    """Checks that everything drawn lies on the page."""
    figure.draw_without_rendering()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    edges = np.array([box.x0, box.y0, width - box.x1, height - box.y1])
    assert (edges > -_SLACK).all(), f"left, bottom, right, top overhang: {edges.round(2)}"
